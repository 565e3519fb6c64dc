use crate::dice::Dice;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What of a server's files is on the medium and what only in memory, by its system calls as
/// `strace -f -y` tells them: written is not synced, and a name is not there before its folder
/// was.
#[derive(Debug, Default)]
pub struct Medium {
    unsynced: BTreeMap<PathBuf, Vec<Range<u64>>>,
    /// Names that may be gone.
    new: BTreeSet<PathBuf>,
    /// Names that may not.
    durable: BTreeSet<PathBuf>,
    /// Syncs that have begun, by thread: they cover what was written before.
    syncing: BTreeMap<String, (PathBuf, usize)>,
    /// Names that are being made, by thread: it may still fail.
    naming: BTreeMap<String, (String, String)>,
}

/// What a line tells besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Bytes went into this file.
    Wrote(PathBuf),
    /// All that was written into this file is on the medium.
    Synced(PathBuf),
    /// Bytes went to a client.
    Sent(String),
}

impl Medium {
    /// Takes one line of a trace.
    pub fn take(&mut self, line: &str) -> Option<Told> {
        let (thread, call) = line.split_once(' ')?;
        let call = call.trim_start();
        if let Some(rest) = call.strip_prefix("<... ") {
            if let Some((name, words)) = self.naming.remove(thread) {
                if !rest.contains("= -1 ") {
                    self.named(&name, &words);
                }
                return None;
            }
            let done = rest.starts_with("fsync resumed") || rest.starts_with("fdatasync resumed");
            let (file, covered) = self.syncing.remove(thread).filter(|_| done)?;
            return rest.ends_with("= 0").then(|| self.synced(file, covered));
        }
        let (name, words) = call.split_once('(')?;
        let failed = words.contains(") = -1 ");
        match name {
            _ if failed => None,
            "write" | "writev" | "sendto" | "sendmsg" | "pwrite64" | "pwritev" => {
                self.wrote(name, words)
            }
            "fsync" | "fdatasync" => {
                let file = PathBuf::from(opened(words)?);
                let covered = self.unsynced.get(&file).map_or(0, Vec::len);
                if words.ends_with("<unfinished ...>") {
                    self.syncing.insert(thread.to_owned(), (file, covered));
                    return None;
                }
                Some(self.synced(file, covered))
            }
            _ if words.ends_with("<unfinished ...>") => {
                let begun = (name.to_owned(), words.to_owned());
                self.naming.insert(thread.to_owned(), begun);
                None
            }
            _ => {
                self.named(name, words);
                None
            }
        }
    }

    /// Whether bytes of the file, or its name, would be gone without power.
    pub fn is_at_risk(&self, file: &Path) -> bool {
        let named = file.ancestors().any(|a| self.new.contains(a));
        named || self.unsynced.get(file).is_some_and(|r| !r.is_empty())
    }

    /// Whether the file would be there, whole, without power.
    pub fn holds(&self, file: &Path) -> bool {
        self.durable.contains(file) && !self.is_at_risk(file)
    }

    /// Files of which something is at risk.
    pub fn at_risk(&self) -> impl Iterator<Item = &Path> {
        let written = self.unsynced.iter().filter(|(_, r)| !r.is_empty());
        written
            .map(|(f, _)| &**f)
            .chain(self.new.iter().map(|n| &**n))
    }

    fn wrote(&mut self, name: &str, words: &str) -> Option<Told> {
        let file = opened(words)?;
        if file.starts_with("socket:") {
            return Some(Told::Sent(words.to_owned()));
        }
        let range = match name {
            "pwrite64" => place(words)?,
            // It does not say where: anywhere.
            _ => 0..u64::MAX,
        };
        let file = PathBuf::from(file);
        self.unsynced.entry(file.clone()).or_default().push(range);
        Some(Told::Wrote(file))
    }

    fn synced(&mut self, file: PathBuf, covered: usize) -> Told {
        if let Some(ranges) = self.unsynced.get_mut(&file) {
            ranges.drain(..covered.min(ranges.len()));
        }
        let of_folder = |name: &PathBuf| name.parent() == Some(&*file);
        let now: Vec<_> = self.new.iter().filter(|n| of_folder(n)).cloned().collect();
        for name in now {
            self.new.remove(&name);
            self.durable.insert(name);
        }
        Told::Synced(file)
    }

    fn named(&mut self, name: &str, words: &str) {
        let mut paths = words.split('"').skip(1).step_by(2).map(PathBuf::from);
        match name {
            "openat" if words.contains("O_CREAT") => {
                let path = paths.next().filter(|p| !self.durable.contains(p));
                self.new.extend(path);
            }
            "mkdir" | "mkdirat" => self.new.extend(paths.next()),
            "rename" | "renameat" | "renameat2" => {
                let (Some(from), Some(to)) = (paths.next(), paths.next()) else {
                    return;
                };
                self.new.remove(&from);
                self.durable.remove(&from);
                if let Some(ranges) = self.unsynced.remove(&from) {
                    self.unsynced.insert(to.clone(), ranges);
                }
                self.new.insert(to);
            }
            "link" | "linkat" => {
                let (Some(from), Some(to)) = (paths.next(), paths.next()) else {
                    return;
                };
                if let Some(ranges) = self.unsynced.get(&from).cloned() {
                    self.unsynced.insert(to.clone(), ranges);
                }
                self.new.insert(to);
            }
            "unlink" | "unlinkat" => {
                if let Some(path) = paths.next() {
                    self.new.remove(&path);
                    self.durable.remove(&path);
                    self.unsynced.remove(&path);
                }
            }
            _ => {}
        }
    }

    /// The power goes: of everything at risk under `folder` chance keeps some and takes the
    /// rest. What was overwritten and not synced may be anything: here it is zeros. Gives how
    /// much was taken.
    ///
    /// # Errors
    /// If the files cannot be changed.
    pub fn lose_power(&self, folder: &Path, dice: &mut Dice) -> std::io::Result<u64> {
        let mut taken = 0;
        for (file, ranges) in &self.unsynced {
            if !file.starts_with(folder) || !file.is_file() {
                continue;
            }
            for range in ranges {
                if dice.chance(50) {
                    continue;
                }
                taken += 1;
                let mut open = std::fs::File::options().write(true).open(file)?;
                let end = range.end.min(open.metadata()?.len());
                open.seek(SeekFrom::Start(range.start))?;
                let zeros = usize::try_from(end.saturating_sub(range.start)).unwrap_or(0);
                open.write_all(&vec![0; zeros])?;
            }
        }
        for name in self.new.iter().filter(|n| n.starts_with(folder)) {
            if *name == folder || !name.exists() || dice.chance(50) {
                continue;
            }
            taken += 1;
            if name.is_dir() {
                std::fs::remove_dir_all(name)?;
            } else {
                std::fs::remove_file(name)?;
            }
        }
        Ok(taken)
    }
}

/// The file behind the first argument.
fn opened(words: &str) -> Option<&str> {
    let (number, rest) = words.split_once('<')?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| rest.split_once('>').map(|(file, _)| file))?
}

/// Where a `pwrite64` writes: its last two arguments.
fn place(words: &str) -> Option<Range<u64>> {
    let words = words
        .strip_suffix(" <unfinished ...>")
        .or_else(|| words.rsplit_once(") = ").map(|(words, _)| words))?;
    let mut last = words.trim_end().rsplit(", ");
    let at: u64 = last.next()?.parse().ok()?;
    let len: u64 = last.next()?.parse().ok()?;
    Some(at..at + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(lines: &[&str]) -> Medium {
        let mut medium = Medium::default();
        for line in lines {
            medium.take(line);
        }
        medium
    }

    #[test]
    fn written_is_not_synced_and_a_sync_covers_what_came_before_it() {
        let write = r#"7  pwrite64(12</d/x-wal>, "a, 1) = \0"..., 24, 32) = 24"#;
        let begun = "8  fsync(12</d/x-wal> <unfinished ...>";
        let done = "8  <... fsync resumed>)           = 0";
        let wal = Path::new("/d/x-wal");
        assert!(after(&[write]).is_at_risk(wal));
        assert!(!after(&[write, begun, done]).is_at_risk(wal));
        assert!(after(&[write, begun]).is_at_risk(wal));
        assert!(after(&[begun, write, done]).is_at_risk(wal));
        assert!(after(&[write, "8  fsync(12</d/x-wal>) = -1 EIO (error)"]).is_at_risk(wal));
        assert_eq!(
            after(&[write]).unsynced[wal],
            [Range { start: 32, end: 56 }]
        );
    }

    #[test]
    fn a_name_is_there_once_its_folder_was_synced() {
        let made =
            r#"7  openat(AT_FDCWD</>, "/d/b/new#1", O_WRONLY|O_CREAT, 0666) = 9</d/b/new#1>"#;
        let moved = r#"7  rename("/d/b/new#1", "/d/b/new") = 0"#;
        let folder = "7  fsync(9</d/b>) = 0";
        let new = Path::new("/d/b/new");
        assert!(after(&[made, moved]).is_at_risk(new));
        assert!(after(&[made, moved, folder]).holds(new));
        assert!(!after(&[]).holds(new));
        let begun =
            r#"8  linkat(AT_FDCWD</>, "/d/b/new#2", AT_FDCWD</>, "/d/b/new", 0 <unfinished ...>"#;
        let failed = "8  <... linkat resumed>)   = -1 EEXIST (File exists)";
        assert!(after(&[made, moved, folder, begun, failed]).holds(new));
        let within = after(&[r#"7  mkdir("/d/b", 0777) = 0"#, made, moved, folder]);
        assert!(within.is_at_risk(new), "the folder itself may be gone");
    }
}
