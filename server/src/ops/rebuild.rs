//! `xunhe rebuild`: everything that is derived from entries is made anew: lists, filters, scopes.
//! Entries, feed, verdicts and blobs are not touched.

use super::data::Data;
use super::terminal::Terminal;
use super::trouble::Trouble;
use super::verify::Versions;
use super::{Common, Exit, said};
use crate::folder::OnlyWriter;
use crate::store::Store as _;
use crate::store::audit::Audit as _;
use crate::store::sqlite::SqliteStore;

/// 重建
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub(super) common: Common,
}

pub(super) async fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Trouble> {
    let data = Data::open(&args.common.settings()?.data)?;
    let _lock = OnlyWriter::of(&data.path)?;
    // Brings an older database to this version.
    let store = SqliteStore::open(&data.database()).await?;
    let mut audit = data.audit().await?;
    let tables = audit.tables().await?;
    let entries = tables.iter().find(|(name, _)| name == "entry");
    let versions = Versions::all(&mut audit).await?;
    drop(audit);
    let Some(registers) = versions.registers() else {
        return Err(Trouble::failed(said!(
            "名录读不出来，没有重建，什么都没有改动。",
            "the registers do not read; nothing was rebuilt or changed."
        )));
    };
    let what = said!("重建", "rebuilding");
    let progress = terminal.progress(&what, entries.map_or(0, |(_, rows)| *rows), 0);
    let told = |entries| progress.at(entries, 0);
    let tree = registers.tree();
    let done = store.rebuild(tree, &versions.judges(), &told).await?;
    store.close().await?;
    drop(progress);
    let (entries, records) = (done.entries, done.records);
    terminal.say(&said!(
        "重建完成：条目 {entries}，记录 {records}。接下来执行 xunhe verify 核对，再启动服务。",
        "rebuilt: {entries} entries, {records} records. Run xunhe verify next, then start the \
         server."
    ));
    Ok(Exit::Fine)
}
