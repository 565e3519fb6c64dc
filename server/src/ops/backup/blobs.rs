use super::Job;
use super::manifest::{BLOB_LIST, Listed, Lost, Manifest, Why, blob_line};
use crate::folder::DATABASE;
use crate::ops::trouble::Trouble;
use crate::ops::{files, said};
use crate::store::audit::Audit as _;
use crate::store::sqlite::SqliteAudit;
use domain::hash::Sha256;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

const PAGE: u32 = 1_000;

/// What became of one blob.
pub(super) enum Taken {
    /// It is in the backup, whole.
    Kept,
    /// It is not.
    Lost(Why),
}

/// Takes every blob that the copy of the database in `set` counts as held, in the order of their
/// hashes, and lists in `set` and in the manifest what was taken and what is lost.
pub(super) async fn take(
    job: &Job<'_>,
    set: &Path,
    manifest: &mut Manifest,
    mut one: impl FnMut(Sha256, u64) -> Result<Taken, Trouble>,
) -> Result<(), Trouble> {
    let mut audit = SqliteAudit::open(&set.join(DATABASE)).await?;
    let (blobs, bytes) = audit.blobs_in_all().await?;
    let what = said!("复制照片", "copying blobs");
    let progress = job.terminal.progress(&what, blobs, bytes);
    let list = set.join(BLOB_LIST);
    let unwritable = |e: io::Error| Trouble::io(&list, &e);
    let mut lines = BufWriter::new(files::create(&list).map_err(unwritable)?);
    let mut after = None;
    loop {
        let page = audit.blobs(after, PAGE).await?;
        let Some((last, _)) = page.last() else {
            break;
        };
        after = Some(*last);
        for (sha256, size) in page {
            match one(sha256, size)? {
                Taken::Kept => {
                    lines
                        .write_all(blob_line(sha256, size).as_bytes())
                        .map_err(unwritable)?;
                    manifest.blobs += 1;
                    manifest.blob_bytes += size;
                }
                Taken::Lost(why) => manifest.lost.push(Lost { sha256, why }),
            }
            progress.add(1, size);
        }
    }
    let file = lines.into_inner().map_err(|e| unwritable(e.into_error()))?;
    file.sync_all().map_err(unwritable)?;
    tell_erased_from_lost(job, manifest).await?;
    let (size, sha256) = files::hash(&list, |_| ()).map_err(unwritable)?;
    manifest.files.push(Listed {
        name: BLOB_LIST.to_owned(),
        size,
        sha256,
    });
    Ok(())
}

/// What was purged since the copy was made is rightly gone.
async fn tell_erased_from_lost(job: &Job<'_>, manifest: &mut Manifest) -> Result<(), Trouble> {
    if manifest.lost.is_empty() {
        return Ok(());
    }
    let mut now = job.data.audit().await?;
    for lost in &mut manifest.lost {
        if !now.holds(lost.sha256).await? {
            lost.why = Why::Erased;
        }
    }
    Ok(())
}
