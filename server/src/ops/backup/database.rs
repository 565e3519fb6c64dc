use super::Job;
use super::manifest::Manifest;
use crate::folder::{self, DATABASE};
use crate::ops::trouble::Trouble;
use crate::ops::{said, verify};
use crate::store::StoreError;
use crate::store::audit::Audit as _;
use crate::store::sqlite::{self, SqliteAudit};
use std::fs::File;
use std::path::Path;
use std::time::Duration;

/// Copies the database into `set` and checks the copy, not the original: a copy that nobody has
/// read is a hope.
pub(super) async fn copy(job: &Job<'_>, set: &Path) -> Result<Manifest, Trouble> {
    let target = set.join(DATABASE);
    pour(job, &target).await?;
    let io = |e| Trouble::io(&target, &e);
    File::open(&target).and_then(|f| f.sync_all()).map_err(io)?;
    folder::sync(set).map_err(io)?;
    job.terminal.step(&said!(
        "核对数据库副本……",
        "checking the copy of the database …"
    ));
    let mut audit = SqliteAudit::open(&target).await?;
    let mut manifest = Manifest::of(&mut audit).await?;
    manifest.damage = audit.soundness(false).await?;
    let chain = verify::feed::check(&mut audit, job.terminal).await?;
    manifest
        .damage
        .extend(chain.first.into_iter().map(|said| said.en));
    Ok(manifest)
}

async fn pour(job: &Job<'_>, target: &Path) -> Result<(), Trouble> {
    let source = job.data.database();
    let size = |file: &Path| std::fs::metadata(file).map_or(0, |m| m.len());
    let what = said!("复制数据库", "copying the database");
    let progress = job.terminal.progress(&what, 0, size(&source).max(1));
    let mut copying = std::pin::pin!(sqlite::copy(&source, target));
    let mut look = tokio::time::interval(Duration::from_millis(200));
    let copied = loop {
        tokio::select! {
            copied = &mut copying => break copied,
            _ = look.tick() => progress.at(0, size(target)),
        }
    };
    progress.at(0, size(&source));
    copied.map_err(|error| match error {
        // The copy is what needs the room.
        StoreError::DiskFull => Trouble::no_space(target),
        error => error.into(),
    })
}
