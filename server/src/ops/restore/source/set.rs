use super::{belongs_in_data, damaged, no_manifest, same};
use crate::ops::backup::manifest::{BLOB_LIST, MANIFEST, Manifest, SEAL, read_blob_line};
use crate::ops::backup::sets::blob_in;
use crate::ops::restore::target::Target;
use crate::ops::terminal::{Progress, Terminal};
use crate::ops::trouble::Trouble;
use crate::ops::{Said, files};
use domain::hash::Sha256;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

pub(super) fn check(
    set: &Path,
    depot: &Path,
    terminal: &Terminal,
    what: &Said,
) -> Result<Manifest, Trouble> {
    let read = |name: &str| std::fs::read(set.join(name)).map_err(|_| damaged(name));
    let manifest = Manifest::read(&read(MANIFEST)?, &read(SEAL)?).map_err(|e| no_manifest(&e))?;
    let files: u64 = manifest.files.iter().map(|f| f.size).sum();
    let progress = terminal.progress(what, manifest.blobs, files + manifest.blob_bytes);
    for listed in &manifest.files {
        let found = files::hash(&set.join(&listed.name), |bytes| progress.add(0, bytes));
        let found = found.map_err(|_| damaged(&listed.name))?;
        same(found, (listed.size, listed.sha256), &listed.name)?;
    }
    let (mut blobs, mut bytes) = (0, 0);
    for line in lines(set)? {
        let (sha256, size) = line?;
        let found = files::hash(&blob_in(depot, sha256), |bytes| progress.add(0, bytes));
        let name = sha256.to_string();
        same(found.map_err(|_| damaged(&name))?, (size, sha256), &name)?;
        progress.add(1, 0);
        (blobs, bytes) = (blobs + 1, bytes + size);
    }
    if (blobs, bytes) != (manifest.blobs, manifest.blob_bytes) {
        return Err(damaged(BLOB_LIST));
    }
    Ok(manifest)
}

pub(super) fn copy(
    set: &Path,
    depot: &Path,
    manifest: &Manifest,
    target: &Target,
    progress: &Progress,
) -> Result<(), Trouble> {
    for listed in manifest.files.iter().filter(|f| belongs_in_data(&f.name)) {
        let to = target.file(&listed.name);
        let copied = files::copy(&set.join(&listed.name), &to, |bytes| progress.add(0, bytes))
            .map_err(|e| Trouble::io(&to, &e))?;
        same(copied, (listed.size, listed.sha256), &listed.name)?;
    }
    for line in lines(set)? {
        let (sha256, size) = line?;
        let to = target
            .blob(sha256)
            .map_err(|e| Trouble::io(target.path(), &e))?;
        let copied = files::copy(&blob_in(depot, sha256), &to, |bytes| progress.add(0, bytes))
            .map_err(|e| Trouble::io(&to, &e))?;
        same(copied, (size, sha256), &sha256.to_string())?;
        progress.add(1, 0);
    }
    Ok(())
}

/// The blobs of a set with their sizes.
fn lines(
    set: &Path,
) -> Result<impl Iterator<Item = Result<(Sha256, u64), Trouble>> + use<>, Trouble> {
    let file = std::fs::File::open(set.join(BLOB_LIST)).map_err(|_| damaged(BLOB_LIST))?;
    Ok(BufReader::new(file).lines().map(|line| {
        let line = line.ok();
        line.as_deref()
            .and_then(read_blob_line)
            .ok_or_else(|| damaged(BLOB_LIST))
    }))
}
