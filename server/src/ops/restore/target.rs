use crate::folder::{self, BLOBS, OnlyWriter, UNFINISHED};
use crate::ops::trouble::Trouble;
use crate::ops::{files, said};
use domain::hash::Sha256;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What may lie in an empty folder: a file system's own, and the lock of whoever looked.
const NOTHING: &[&str] = &["lost+found", "lock"];
const NOTE: &str = "恢复正在进行，或者没有做完：不要启动服务，重新执行 xunhe restore 即可。\n\
    A restore is under way, or was cut off: start no server; run xunhe restore again.\n";

/// The data folder that is written.
#[derive(Debug)]
pub(super) struct Target {
    data: PathBuf,
    _lock: OnlyWriter,
    touched: Mutex<BTreeSet<PathBuf>>,
}

/// A folder in which nothing lies but what a cut-off restore left.
pub(super) struct Empty(Target);

impl Target {
    /// Refuses a folder with anything in it.
    pub(super) fn empty(data: &Path) -> Result<Empty, Trouble> {
        let io = |e: io::Error| Trouble::io(data, &e);
        files::make_folder(data).map_err(io)?;
        let unfinished = data.join(UNFINISHED).exists();
        if !unfinished && let Some(name) = something_in(data).map_err(io)? {
            let at = data.display();
            return Err(Trouble::failed(said!(
                "{at} 不是空的（里面有 {name}）。恢复只往空目录里写，什么都没有改动：\
                 把原来的目录改名留存，或换一个目录。",
                "{at} is not empty ({name} is in it). A restore only writes into an empty folder; \
                 nothing was changed. Rename the old folder and keep it, or name another."
            )));
        }
        let lock = OnlyWriter::of(data)?;
        Ok(Empty(Self {
            data: data.to_owned(),
            _lock: lock,
            touched: Mutex::default(),
        }))
    }

    pub(super) fn path(&self) -> &Path {
        &self.data
    }

    /// Where a file of the backup goes.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.data.join(name)
    }

    /// Where a blob goes; its folder is made.
    pub(super) fn blob(&self, sha256: Sha256) -> io::Result<PathBuf> {
        let file = crate::blobs::file_in(&self.data.join(BLOBS), sha256);
        if let (Some(folder), Ok(mut touched)) = (file.parent(), self.touched.lock())
            && !touched.contains(folder)
        {
            files::make_folder(folder)?;
            touched.insert(folder.to_owned());
        }
        Ok(file)
    }

    /// Makes everything durable, and only then takes the mark away.
    pub(super) fn finish(self) -> Result<(), Trouble> {
        let io = |e: io::Error| Trouble::io(&self.data, &e);
        let touched = self.touched.lock().map(|t| t.clone()).unwrap_or_default();
        for folder in &touched {
            folder::sync(folder).map_err(io)?;
        }
        let blobs = self.data.join(BLOBS);
        for folder in [blobs.join("blobs"), blobs, self.data.clone()] {
            if folder.exists() {
                folder::sync(&folder).map_err(io)?;
            }
        }
        std::fs::remove_file(self.data.join(UNFINISHED)).map_err(io)?;
        folder::sync(&self.data).map_err(io)
    }
}

impl Empty {
    /// Marks the folder as unfinished and clears away what a cut-off restore left.
    pub(super) fn begin(self) -> Result<Target, Trouble> {
        let Self(target) = self;
        let data = &target.data;
        let io = |e: io::Error| Trouble::io(data, &e);
        let mark = data.join(UNFINISHED);
        if mark.exists() {
            for found in std::fs::read_dir(data).map_err(io)? {
                let found = found.map_err(io)?.path();
                let name = found.file_name().unwrap_or_default().to_string_lossy();
                if name == UNFINISHED || NOTHING.contains(&name.as_ref()) {
                    continue;
                }
                let removed = if found.is_dir() {
                    std::fs::remove_dir_all(&found)
                } else {
                    std::fs::remove_file(&found)
                };
                removed.map_err(io)?;
            }
        } else {
            files::write_from(&mut NOTE.as_bytes(), &mark, |_| ()).map_err(io)?;
            folder::sync(data).map_err(io)?;
        }
        Ok(target)
    }
}

fn something_in(data: &Path) -> io::Result<Option<String>> {
    for found in std::fs::read_dir(data)? {
        let name = found?.file_name().to_string_lossy().into_owned();
        if !NOTHING.contains(&name.as_str()) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}
