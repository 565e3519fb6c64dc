//! Everything that a call may need, made once at start.

use crate::auth::{Passwords, Throttle};
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
    /// While this file exists, service workers take themselves away.
    pub kill_switch: PathBuf,
    pub(crate) epoch: AtomicU64,
}

impl App {
    /// The epoch in force.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
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
