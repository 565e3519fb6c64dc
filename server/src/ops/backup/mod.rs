//! `xunhe backup`: a copy of everything, made beside a running server. The database first, then
//! the blobs that it counts as held: whatever the copy refers to is in it. Nothing is called a
//! backup before its manifest is written, and that is the last thing.

mod archive;
mod blobs;
mod database;
mod keep;
pub(super) mod manifest;
pub(super) mod sets;

use super::data::Data;
use super::terminal::Terminal;
use super::trouble::Trouble;
use super::{Common, Exit, files, said, stamp};
use crate::clock;
use crate::folder::{DATABASE, HEADS, LAST_BACKUP, RECEIPT_KEY};
use domain::time::WallMs;
use manifest::{Listed, Manifest, Why};
use serde::{Deserialize, Serialize};
use sets::Depot;
use std::path::{Path, PathBuf};

/// 备份
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub(super) common: Common,
    /// 备份到哪里 A folder for backups (photos are copied only once), or a file ending in .tar.
    #[arg(long)]
    to: PathBuf,
    /// 留几份 Keep so many backups in the folder and delete older ones [default: keep all].
    #[arg(long)]
    keep: Option<std::num::NonZeroU32>,
    /// 数据有损坏也备份 Make the backup though something of the data is damaged; it says what.
    #[arg(long)]
    despite_damage: bool,
}

/// What the data folder remembers of its last backup. The server tells phones of it
/// ([`crate::backup_mark`]): only then do they let go of their last copies.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LastBackup {
    /// When it was begun: everything received before is in it.
    pub(super) at_ms: WallMs,
    /// Where it lies.
    pub(super) at: PathBuf,
    /// Entries in it.
    pub(super) entries: u64,
}

pub(super) async fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Trouble> {
    let data = Data::open(&args.common.settings()?.data)?;
    let begun = clock::now();
    let is_archive = args.to.extension().is_some_and(|e| e == "tar") && !args.to.is_dir();
    let job = Job {
        data: &data,
        terminal,
        despite_damage: args.despite_damage,
    };
    let (made, at) = if is_archive {
        (archive::make(&job, &args.to).await?, args.to.clone())
    } else {
        let depot = Depot::open(&args.to)?;
        let made = sets::make(&job, &depot).await?;
        if let Some(most) = args.keep {
            keep::newest(&depot, &made.1, most, terminal)?;
        }
        made
    };
    // On one that lacks something no phone may rely.
    if made.is_whole() {
        remember(&data, begun, &made, &at, terminal);
    }
    conclude(&made, &at, terminal);
    Ok(Exit::Fine)
}

/// What every form of a backup needs.
pub(super) struct Job<'a> {
    data: &'a Data,
    terminal: &'a Terminal,
    despite_damage: bool,
}

impl Job<'_> {
    /// Fills `set` with everything but blobs and manifest.
    async fn begin(&self, set: &Path) -> Result<Manifest, Trouble> {
        let mut manifest = database::copy(self, set).await?;
        let key = set.join(RECEIPT_KEY);
        self.small(&self.data.path.join(RECEIPT_KEY), &key)?;
        let heads = self.data.blobs().join(HEADS);
        if heads.exists() {
            self.small(&heads, &set.join(HEADS))?;
        }
        manifest.files = listed(set)?;
        Ok(manifest)
    }

    fn small(&self, from: &Path, to: &Path) -> Result<(), Trouble> {
        files::copy(from, to, |_| ())
            .map(drop)
            .map_err(|e| match e.kind() {
                std::io::ErrorKind::NotFound => self.no_key(from),
                _ => Trouble::io(from, &e),
            })
    }

    #[expect(clippy::unused_self, reason = "reads as a sentence where it is called")]
    fn no_key(&self, file: &Path) -> Trouble {
        let at = file.display();
        Trouble::found(said!(
            "{at} 不见了，没有它的备份恢复后所有回执都不作数。请先从旧备份里取回。",
            "{at} is gone; restored from a backup without it no receipt holds. Take it from an \
             older backup first."
        ))
    }

    /// Refuses to call it a backup if something is lost, unless that was asked for.
    fn accept(&self, manifest: &Manifest) -> Result<(), Trouble> {
        if manifest.is_whole() || self.despite_damage {
            return Ok(());
        }
        let lost = manifest.lost.iter().filter(|l| l.why != Why::Erased);
        let lost: Vec<_> = lost.collect();
        let wrong = lost.len() + manifest.damage.len();
        let mut named: Vec<String> = manifest.damage.iter().take(3).cloned().collect();
        let blobs = lost.iter().take(3);
        named.extend(blobs.map(|l| format!("{} ({:?})", l.sha256, l.why)));
        let named = named.join("; ");
        Err(Trouble::found(said!(
            "数据有 {wrong} 处损坏，没有做成备份：{named}。已复制的照片留着，不会重复制。\
             请先执行 xunhe verify；要照样备份，加 --despite-damage。",
            "{wrong} things of the data are damaged, and no backup was made: {named}. Photos that \
             were copied stay and are not copied again. Run xunhe verify first; to make the backup \
             all the same, add --despite-damage."
        )))
    }
}

/// The files of a set with their hashes.
fn listed(set: &Path) -> Result<Vec<Listed>, Trouble> {
    let names = [DATABASE, RECEIPT_KEY, HEADS];
    let there = names.iter().filter(|name| set.join(name).exists());
    let one = |name: &&str| {
        let (size, sha256) =
            files::hash(&set.join(name), |_| ()).map_err(|e| Trouble::io(set, &e))?;
        Ok(Listed {
            name: (*name).to_owned(),
            size,
            sha256,
        })
    };
    there.map(one).collect()
}

/// Whoever looks after the installation is told when the last backup was made.
fn remember(data: &Data, begun: WallMs, made: &Manifest, at: &Path, terminal: &Terminal) {
    let note = LastBackup {
        at_ms: begun,
        at: std::path::absolute(at).unwrap_or_else(|_| at.to_owned()),
        entries: made.rows("entry"),
    };
    let file = data.path.join(LAST_BACKUP);
    let text = serde_json::to_vec(&note).map_err(std::io::Error::from);
    if let Err(error) = text.and_then(|text| files::replace(&file, &text)) {
        terminal.step(&said!(
            "备份做好了，但没能记到数据目录里（{error}），xunhe doctor 会看不到它。",
            "the backup is made, but could not be noted in the data folder ({error}): xunhe doctor \
             will not see it."
        ));
    }
}

fn conclude(made: &Manifest, at: &Path, terminal: &Terminal) {
    let (at, entries, records) = (at.display(), made.rows("entry"), made.rows("record"));
    let (blobs, bytes) = (made.blobs, stamp::bytes(made.blob_bytes));
    terminal.say(&said!(
        "备份完成：{at}\n条目 {entries}，记录 {records}，照片 {blobs} 个（{bytes}），审计链核对无误。\n\
         里面有回执密钥和个人信息，请妥善保管，并另存一份到别的机器上。",
        "backup made: {at}\n{entries} entries, {records} records, {blobs} blobs ({bytes}), the \
         audit chain verified.\nIt holds the receipt key and personal information: keep it safe, \
         and a copy of it on another machine."
    ));
    for damage in &made.damage {
        terminal.say(&said!("  损坏：{damage}", "  damaged: {damage}"));
    }
    for lost in made.lost.iter().filter(|l| l.why != Why::Erased) {
        let (blob, why) = (lost.sha256, lost.why);
        terminal.say(&said!(
            "  照片没有备份上：{blob}（{why:?}）",
            "  not in it: {blob} ({why:?})"
        ));
    }
}
