use super::manifest::{BLOB_LIST, read_blob_line};
use super::sets::Depot;
use crate::ops::said;
use crate::ops::terminal::Terminal;
use crate::ops::trouble::Trouble;
use domain::hash::Sha256;
use std::collections::HashSet;
use std::io::{self, BufRead as _, BufReader};
use std::num::NonZeroU32;
use std::path::Path;

/// Keeps the newest `most` backups, and of the blobs those that one of them names. `made`, the
/// one just made, is the newest though the machine's clock were set back.
pub(super) fn newest(
    depot: &Depot,
    made: &Path,
    most: NonZeroU32,
    terminal: &Terminal,
) -> Result<(), Trouble> {
    let io = |e| Trouble::io(&depot.blobs(), &e);
    let mut sets = depot.complete().map_err(io)?;
    sets.sort_by_key(|set| set == made);
    let over = sets.len().saturating_sub(most.get() as usize);
    if over == 0 {
        return Ok(());
    }
    let (old, kept) = sets.split_at(over);
    let mut named = HashSet::new();
    // Read before anything is deleted: a list that does not read stops it.
    for set in kept {
        blobs_of(set, &mut named).map_err(io)?;
    }
    for set in old {
        depot.remove(set).map_err(io)?;
    }
    let deleted = sweep(&depot.blobs(), &named).map_err(io)?;
    terminal.say(&said!(
        "按 --keep {most} 删除了 {over} 份旧备份和只有它们用到的 {deleted} 个照片文件。",
        "--keep {most}: {over} older backups were deleted, and {deleted} blobs that only they named."
    ));
    Ok(())
}

fn blobs_of(set: &Path, named: &mut HashSet<Sha256>) -> io::Result<()> {
    for line in BufReader::new(std::fs::File::open(set.join(BLOB_LIST))?).lines() {
        let (sha256, _) = read_blob_line(&line?).ok_or(io::ErrorKind::InvalidData)?;
        named.insert(sha256);
    }
    Ok(())
}

fn sweep(blobs: &Path, named: &HashSet<Sha256>) -> io::Result<u64> {
    let mut deleted = 0;
    for folder in std::fs::read_dir(blobs)? {
        for file in std::fs::read_dir(folder?.path())? {
            let file = file?;
            let name = file.file_name().into_string().ok();
            let wanted = name.and_then(|n| n.parse().ok());
            if !wanted.is_some_and(|sha256| named.contains(&sha256)) {
                std::fs::remove_file(file.path())?;
                deleted += 1;
            }
        }
    }
    Ok(deleted)
}
