//! `xunhe restore`: a backup back into an empty data folder. Nothing is written before everything
//! in the backup was read and matched its hash; and until the last step a mark in the folder says
//! that it is unfinished, so that no server starts on half of it.

mod finish;
mod source;
mod target;

use super::terminal::Terminal;
use super::trouble::Trouble;
use super::{Common, Exit, said};
use source::Source;
use std::path::PathBuf;
use target::Target;

/// 恢复
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub(super) common: Common,
    /// 从哪里恢复 A folder of backups (the newest is taken), one backup in it, or a .tar file.
    #[arg(long)]
    from: PathBuf,
    /// 只检查备份 Only read the backup and check it; write nothing.
    #[arg(long)]
    check: bool,
}

pub(super) async fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Trouble> {
    let source = Source::find(&args.from)?;
    if args.check {
        let manifest = source.check(terminal)?;
        let (at, made) = (source.name(), &manifest.made);
        let (entries, blobs) = (manifest.rows("entry"), manifest.blobs);
        terminal.say(&said!(
            "备份完好：{at}（{made}），条目 {entries}，照片 {blobs} 个。",
            "the backup is whole: {at} ({made}), {entries} entries, {blobs} blobs."
        ));
        return Ok(Exit::Fine);
    }
    let data = args.common.settings()?.data;
    let target = Target::empty(&data)?;
    let manifest = source.check(terminal)?;
    let target = target.begin()?;
    source.copy(&manifest, &target, terminal)?;
    let epoch = finish::bring_up(&target, &manifest, terminal).await?;
    target.finish()?;
    conclude(args, terminal, &source, &manifest, epoch);
    Ok(Exit::Fine)
}

fn conclude(
    args: &Args,
    terminal: &Terminal,
    source: &Source,
    manifest: &super::backup::manifest::Manifest,
    epoch: u64,
) {
    let (from, made) = (source.name(), &manifest.made);
    let (entries, records) = (manifest.rows("entry"), manifest.rows("record"));
    let blobs = manifest.blobs;
    let data = args.common.data.as_deref().unwrap_or("./data");
    terminal.say(&said!(
        "恢复完成：{from}（备份于 {made}）\n条目 {entries}，记录 {records}，照片 {blobs} 个。\
         纪元升为 {epoch}。\n接下来：\n1. 启动服务：xunhe serve --data {data}\n\
         2. 手机下次联网会自动把备份之后的记录重新发来，不用通知使用者；\n\
         3. 备份之后停用的账号、改过的名录、做过的按规定删除，要重新做一遍；\n\
         4. 过一天执行 xunhe doctor，看还有谁没有同步。",
        "restored: {from} (made {made})\n{entries} entries, {records} records, {blobs} blobs. The \
         epoch is now {epoch}.\nWhat to do next:\n1. start the server: xunhe serve --data {data}\n\
         2. phones send again by themselves what came after the backup; nobody has to be told;\n\
         3. accounts disabled, registers changed and purges made after the backup have to be done \
         again;\n4. after a day run xunhe doctor and see who has not synced."
    ));
    let lost = manifest.lost.len();
    if lost > 0 {
        terminal.say(&said!(
            "有 {lost} 个照片不在备份里，已标为未收到：手机上还有的会重新发来。",
            "{lost} blobs were not in the backup and count as not received: phones that still \
             have them send them again."
        ));
    }
}
