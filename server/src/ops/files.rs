//! Files that must be whole: copied with their hash taken on the way, and synced.

use domain::hash::{Sha256, Sha256Stream};
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

/// As much as is in memory at once.
const PIECE: usize = 1 << 20;

/// Size and hash of a file; `told` hears of bytes as they are read.
pub(super) fn hash(file: &Path, told: impl FnMut(u64)) -> io::Result<(u64, Sha256)> {
    pour(&mut File::open(file)?, &mut io::sink(), told)
}

/// Copies `from` to the new file `to`, readable by its owner only, and syncs it.
pub(super) fn copy(from: &Path, to: &Path, told: impl FnMut(u64)) -> io::Result<(u64, Sha256)> {
    let mut target = create(to)?;
    let copied = pour(&mut File::open(from)?, &mut target, told)?;
    target.sync_all()?;
    Ok(copied)
}

/// Writes everything that a reader gives into the new file `to` and syncs it.
pub(super) fn write_from(
    from: &mut dyn io::Read,
    to: &Path,
    told: impl FnMut(u64),
) -> io::Result<(u64, Sha256)> {
    let mut target = create(to)?;
    let written = pour(from, &mut target, told)?;
    target.sync_all()?;
    Ok(written)
}

/// Writes a small file as a whole: whoever looks sees the one before or this one.
pub(super) fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = file.with_extension("new");
    let mut written = create(&draft)?;
    written.write_all(bytes)?;
    written.sync_all()?;
    std::fs::rename(&draft, file)?;
    match file.parent() {
        Some(folder) => crate::folder::sync(folder),
        None => Ok(()),
    }
}

/// Reads to the end and writes, taking the hash on the way.
pub(super) fn pour(
    from: &mut dyn io::Read,
    to: &mut dyn io::Write,
    mut told: impl FnMut(u64),
) -> io::Result<(u64, Sha256)> {
    let (mut size, mut stream) = (0, Sha256Stream::default());
    let mut piece = vec![0; PIECE];
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => return Ok((size, stream.finish())),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        stream.update(&piece[..read]);
        to.write_all(&piece[..read])?;
        size += read as u64;
        told(read as u64);
    }
}

/// A new file that only its owner reads.
pub(super) fn create(file: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(file)
}

/// A folder with everything above it, for its owner alone.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}
