//! A medium so small that it fills up: a file system in memory with a filler file.

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A mounted small file system; unmounted when dropped.
pub struct SmallDisk {
    at: TempDir,
}

impl SmallDisk {
    /// Mounts one. `None` without the right to mount; in CI that is a failure.
    pub fn mount(megabytes: u32) -> Option<Self> {
        let at = TempDir::new().unwrap();
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "xunhe-test"])
            .arg(at.path())
            .status()
            .is_ok_and(|s| s.success());
        assert!(
            mounted || std::env::var_os("CI").is_none(),
            "CI may mount a small file system"
        );
        mounted.then_some(Self { at })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.at.path()
    }

    /// Leaves only so many bytes free.
    pub fn fill_up_to(&self, free: u64) {
        let room = Command::new("df")
            .args(["-B1", "--output=avail"])
            .arg(self.path())
            .output();
        let room = String::from_utf8(room.unwrap().stdout).unwrap();
        let room: u64 = room.lines().nth(1).unwrap().trim().parse().unwrap();
        let filler = usize::try_from(room.saturating_sub(free)).unwrap();
        std::fs::write(self.filler(), vec![0; filler]).unwrap();
    }

    /// Gives the room back.
    pub fn make_room(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.path().join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("-l")
            .arg(self.at.path())
            .status();
    }
}
