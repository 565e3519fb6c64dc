use super::said;
use super::trouble::Trouble;
use crate::folder::{self, BLOBS, DATABASE};
use crate::store::StoreError;
use crate::store::sqlite::SqliteAudit;
use domain::hash::Sha256;
use std::path::{Path, PathBuf};

/// A data folder that a command looks at.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    pub(super) path: PathBuf,
}

impl Data {
    /// The folder, if it is one.
    pub(super) fn open(path: &Path) -> Result<Self, Trouble> {
        let at = path.display();
        let found = std::fs::metadata(path).map_err(|e| Trouble::io(path, &e))?;
        folder::finished(path)?;
        let database = path.join(DATABASE);
        match std::fs::exists(&database) {
            Ok(true) if found.is_dir() => Ok(Self {
                path: path.to_owned(),
            }),
            Ok(_) => Err(Trouble::failed(said!(
                "{at} 不是数据目录（里面没有 {DATABASE}）。用 --data 指定服务使用的数据目录。",
                "{at} is not a data folder (there is no {DATABASE} in it). Name the folder that \
                 the server uses with --data."
            ))),
            Err(error) => Err(Trouble::io(&database, &error)),
        }
    }

    pub(super) fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    pub(super) fn blobs(&self) -> PathBuf {
        self.path.join(BLOBS)
    }

    pub(super) fn blob(&self, sha256: Sha256) -> PathBuf {
        crate::blobs::file_in(&self.blobs(), sha256)
    }

    /// Its rows as they are now.
    pub(super) async fn audit(&self) -> Result<SqliteAudit, StoreError> {
        SqliteAudit::open(&self.database()).await
    }
}
