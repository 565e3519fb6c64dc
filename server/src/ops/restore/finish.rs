use super::target::Target;
use crate::clock;
use crate::folder::DATABASE;
use crate::ops::backup::manifest::Manifest;
use crate::ops::said;
use crate::ops::terminal::Terminal;
use crate::ops::trouble::Trouble;
use crate::store::audit::Audit as _;
use crate::store::sqlite::{SqliteAudit, SqliteStore};
use crate::store::{Store as _, StoreError};
use domain::time::WallMs;

/// Brings the copied database into the state of a restored one; gives the new epoch.
///
/// Two restores of one backup must not share an epoch, or phones would not notice the second:
/// an epoch of a restore is at least the time in seconds.
pub(super) async fn bring_up(
    target: &Target,
    manifest: &Manifest,
    terminal: &Terminal,
) -> Result<u64, Trouble> {
    terminal.step(&said!(
        "整理恢复的数据……",
        "bringing up the restored data …"
    ));
    let file = target.file(DATABASE);
    rows_are_those_of(&file, manifest).await?;
    let store = SqliteStore::open(&file).await?;
    let lost: Vec<_> = manifest.lost.iter().map(|l| l.sha256).collect();
    store.lose_blobs(&lost).await?;
    // What was staged is in no backup: phones begin these uploads anew.
    loop {
        let uploads = store.stale_uploads(WallMs(i64::MAX)).await?;
        if uploads.is_empty() {
            break;
        }
        for upload in uploads {
            store.drop_upload(upload).await?;
        }
    }
    let now = clock::now();
    let floor = manifest
        .epoch
        .max(u64::try_from(now.0 / 1_000).unwrap_or(0));
    let why = format!("restored from the backup of {}", manifest.made);
    let epoch = store.raise_epoch(floor, &why, now).await?;
    store.close().await?;
    Ok(epoch)
}

async fn rows_are_those_of(file: &std::path::Path, manifest: &Manifest) -> Result<(), Trouble> {
    let mut audit = match SqliteAudit::open(file).await {
        Ok(audit) => audit,
        // Of an older program: its hash was right, and it is brought to this version next.
        Err(StoreError::OtherVersion { newer: false }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for (table, rows) in audit.tables().await? {
        let wanted = manifest.rows(&table);
        if rows != wanted {
            return Err(Trouble::found(said!(
                "恢复出来的表 {table} 有 {rows} 行，清单上是 {wanted} 行。目录仍标为未完成，请换一份备份。",
                "the restored table {table} has {rows} rows, the manifest says {wanted}. The \
                 folder stays marked as unfinished; take another backup."
            )));
        }
    }
    Ok(())
}
