//! Blob bytes, by the SHA-256 of their content. Durable before anything says that they are held.

mod media;
mod staging;

pub use media::{SNIFF_BYTES, media_type};
pub use staging::Assembled;

use bytes::Bytes;
use domain::hash::Sha256;
use domain::receipt::HeldBlob;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where blob bytes live.
#[derive(Debug, Clone)]
pub struct Vault {
    objects: Arc<dyn ObjectStore>,
    /// Where it is a folder.
    folder: Option<Arc<Path>>,
}

/// Why blob bytes could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No room left.
    #[error("the disk that holds the photos is full; what was received before is safe")]
    DiskFull,
    /// The object store failed.
    #[error("the store of photos failed: {0}")]
    Objects(#[source] object_store::Error),
    /// The folder cannot be used.
    #[error("the folder of photos cannot be used: {0}")]
    Folder(#[source] std::io::Error),
}

impl From<object_store::Error> for VaultError {
    fn from(error: object_store::Error) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            let io = inner.downcast_ref::<std::io::Error>();
            if io.is_some_and(|e| e.kind() == std::io::ErrorKind::StorageFull) {
                return Self::DiskFull;
            }
            cause = inner.source();
        }
        Self::Objects(error)
    }
}

impl Vault {
    /// A folder; every write is synced, file and folder.
    pub fn folder(path: &Path) -> Result<Self, VaultError> {
        std::fs::create_dir_all(path).map_err(VaultError::Folder)?;
        let objects = LocalFileSystem::new_with_prefix(path)?.with_fsync(true);
        Ok(Self {
            objects: Arc::new(objects),
            folder: Some(path.into()),
        })
    }

    /// In memory, for tests.
    pub fn memory() -> Self {
        Self {
            objects: Arc::new(InMemory::new()),
            folder: None,
        }
    }

    /// Keeps bytes whose hash was verified; harmless if they are kept already.
    pub async fn keep(&self, sha256: Sha256, bytes: Bytes) -> Result<(), VaultError> {
        let create = PutOptions {
            mode: PutMode::Create,
            ..PutOptions::default()
        };
        match self
            .objects
            .put_opts(&blob_key(sha256), bytes.into(), create)
            .await
        {
            Ok(_) => Ok(()),
            // Whoever was faster may not have synced the name yet.
            Err(object_store::Error::AlreadyExists { .. }) => self.sync_name(sha256).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn sync_name(&self, sha256: Sha256) -> Result<(), VaultError> {
        let Some(file) = self.file_of(sha256) else {
            return Ok(());
        };
        let synced = tokio::task::spawn_blocking(move || sync_folder_of(&file));
        synced
            .await
            .map_err(|e| VaultError::Folder(e.into()))?
            .map_err(VaultError::Folder)
    }

    /// Whether the bytes are there, by their length.
    pub async fn holds(&self, blob: &HeldBlob) -> Result<bool, VaultError> {
        match self.objects.head(&blob_key(blob.sha256)).await {
            Ok(found) => Ok(found.size == blob.size),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Its length and bytes, as a stream: a photo is never in memory as a whole.
    pub async fn read(
        &self,
        sha256: Sha256,
    ) -> Result<(u64, BoxStream<'static, object_store::Result<Bytes>>), VaultError> {
        let found = self.objects.get(&blob_key(sha256)).await?;
        Ok((found.meta.size, found.into_stream()))
    }

    /// Erases the bytes of a blob, durably; no error if they are gone already.
    pub async fn erase(&self, sha256: Sha256) -> Result<(), VaultError> {
        match self.objects.delete(&blob_key(sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        // The store of objects does not sync what it deletes: after a power cut it would be back.
        self.sync_name(sha256).await
    }

    /// The file of a blob, where the vault is a folder.
    pub fn file_of(&self, sha256: Sha256) -> Option<PathBuf> {
        Some(file_in(self.folder.as_deref()?, sha256))
    }

    /// All its bytes at once, for small copies; `None` if there are more than `limit`.
    pub async fn whole(&self, sha256: Sha256, limit: u64) -> Result<Option<Bytes>, VaultError> {
        let found = self.objects.get(&blob_key(sha256)).await?;
        if found.meta.size > limit {
            return Ok(None);
        }
        Ok(Some(found.bytes().await?))
    }

    /// A small file beside the blobs, replaced as a whole; `None` if it was never written.
    pub async fn read_note(&self, name: &str) -> Result<Option<Bytes>, VaultError> {
        match self.objects.get(&Key::from(name)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a small file beside the blobs; harmless if there is none.
    pub async fn remove_note(&self, name: &str) -> Result<(), VaultError> {
        match self.objects.delete(&Key::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes a small file beside the blobs.
    pub async fn write_note(&self, name: &str, bytes: Bytes) -> Result<(), VaultError> {
        self.objects.put(&Key::from(name), bytes.into()).await?;
        Ok(())
    }
}

/// The file of a blob in the folder of a vault.
pub fn file_in(folder: &Path, sha256: Sha256) -> PathBuf {
    folder.join(blob_key(sha256).as_ref())
}

fn sync_folder_of(file: &Path) -> std::io::Result<()> {
    match file.parent().map(std::fs::File::open) {
        Some(Ok(folder)) => folder.sync_all(),
        Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Two levels, so that no folder grows beyond what tools list comfortably.
fn blob_key(sha256: Sha256) -> Key {
    let hex = sha256.to_string();
    Key::from_iter(["blobs", &hex[..2], &hex])
}
