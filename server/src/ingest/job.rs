use crate::store::{Arrival, Held, HeldBlobRow, OwnEntry, Refusal, StoreError};

/// What one call brings to the writer.
#[derive(Debug, Default)]
pub struct Job {
    /// What the server writes itself.
    pub own: Vec<OwnEntry>,
    /// Entries.
    pub arrivals: Vec<Arrival>,
    /// What was refused before.
    pub refusals: Vec<Refusal>,
    /// Blobs.
    pub blobs: Vec<HeldBlobRow>,
}

/// One outcome per entry of the job, durable: own ones first.
pub type Accepted = Result<Vec<Held>, IngestError>;

/// Why nothing of a job was kept; it can be sent again as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IngestError {
    /// No room left.
    #[error("the disk that holds the data is full; nothing was kept, send again later")]
    DiskFull,
    /// The store failed; the log says how.
    #[error("the store failed; nothing was kept, send again later")]
    Store,
    /// The server is shutting down.
    #[error("the server is shutting down; nothing was kept, send again later")]
    Stopping,
}

impl From<&StoreError> for IngestError {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::DiskFull,
            _ => Self::Store,
        }
    }
}

impl Job {
    /// Rows that it adds to a commit.
    pub(super) fn weight(&self) -> usize {
        self.own.len() + self.arrivals.len() + self.refusals.len() + self.blobs.len()
    }
}
