//! Everything that a call may need, made once at start.

use crate::auth::{Passwords, Throttle};
use crate::backup_mark::BackupMark;
use crate::blobs::Vault;
use crate::clock;
use crate::cursor::CursorKey;
use crate::http::cookie::CookiePolicy;
use crate::ingest::Ingest;
use crate::news::News;
use crate::own_log::OwnLog;
use crate::receipts::Receipts;
use crate::registry::Registry;
use crate::store::{Identity, Store, StoreError};
use domain::ids::ServerId;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

/// Shared by all calls.
pub type Shared = Arc<App>;

/// The server's parts.
pub struct App {
    /// Rows.
    pub store: Arc<dyn Store>,
    /// Blob bytes.
    pub vault: Vault,
    /// Registers.
    pub registry: Arc<Registry>,
    /// The signing key.
    pub receipts: Receipts,
    /// The way to the writer.
    pub ingest: Ingest,
    /// Who hears of changes.
    pub news: Arc<News>,
    /// Password checks.
    pub passwords: Passwords,
    /// Sign-in tries.
    pub throttle: Throttle,
    /// How the session cookie is set.
    pub cookies: CookiePolicy,
    /// Whether a TLS proxy stands in front.
    pub behind_proxy: bool,
    /// Which server this is.
    pub server_id: ServerId,
    /// Guards pull cursors.
    pub cursors: CursorKey,
    /// Read the app's files from here instead of from the binary.
    pub app_folder: Option<PathBuf>,
    /// What the operator's backups left word of.
    pub backups: BackupMark,
    /// While this file exists, service workers take themselves away.
    pub kill_switch: PathBuf,
    pub(crate) epoch: AtomicU64,
    pub(crate) raising: Mutex<()>,
}

impl App {
    /// The epoch in force.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Raises the epoch because a client proved that data of `epoch`, or of a later one, is not
    /// here; not again if that has been noticed meanwhile.
    ///
    /// A machine that was put back has forgotten which epochs there were. One of them, given
    /// again, would tell its clients that all is well: so the number jumps to the time of day.
    pub(crate) async fn raise_unannounced(&self, epoch: u64, why: &str) -> Result<(), StoreError> {
        let _one_at_a_time = self.raising.lock().await;
        if self.epoch() > epoch {
            return Ok(());
        }
        let seconds = u64::try_from(crate::clock::now().0 / 1_000).unwrap_or(0);
        self.raise_floor(epoch.max(seconds), why).await
    }

    /// Which server this is, in which epoch.
    pub(crate) fn identity(&self) -> Identity {
        Identity {
            server_id: self.server_id,
            epoch: self.epoch(),
        }
    }

    /// The pen with which the server writes in this epoch.
    pub fn own_log(&self) -> OwnLog {
        OwnLog::of(&self.receipts, self.server_id, self.epoch())
    }

    /// Raises the epoch: data went back in time, everybody offers again.
    pub async fn raise_epoch(&self, why: &str) -> Result<(), StoreError> {
        self.raise_floor(self.epoch(), why).await
    }

    /// Raises the epoch above `floor`, which may have been lost with the newer data.
    pub(crate) async fn raise_floor(&self, floor: u64, why: &str) -> Result<(), StoreError> {
        let epoch = self.store.raise_epoch(floor, why, clock::now()).await?;
        self.epoch.fetch_max(epoch, Ordering::AcqRel);
        tracing::error!(
            epoch,
            why,
            "data went back in time: all clients are asked to offer again"
        );
        Ok(())
    }
}
