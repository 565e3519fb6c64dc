//! How far the feed had come, kept beside the blobs: a database that is behind it was restored
//! from a copy without anybody saying so.

use crate::app::{App, Shared};
use crate::blobs::VaultError;
use crate::folder::HEADS;
use crate::serve::StartError;
use crate::store::{FeedHead, Identity, StoreError};
use domain::ids::ServerId;
use domain::register::DivisionId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::sync::watch;

/// The note may be a little behind: it then misses a restore of as little.
const EVERY: Duration = Duration::from_secs(2);

/// How far the feed had come, in which epoch of which server.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heads {
    server_id: Option<ServerId>,
    epoch: u64,
    shards: BTreeMap<DivisionId, u64>,
}

impl Heads {
    pub(crate) fn of(identity: &Identity, heads: &[FeedHead]) -> Self {
        Self {
            server_id: Some(identity.server_id),
            epoch: identity.epoch,
            shards: heads.iter().map(|h| (h.shard.clone(), h.seq)).collect(),
        }
    }

    /// Whether this note knows of something that `now` has not.
    pub(crate) fn is_ahead_of(&self, now: &Self) -> bool {
        let held = |shard| now.shards.get(shard).copied().unwrap_or(0);
        self.server_id == now.server_id
            && (self.epoch > now.epoch || self.shards.iter().any(|(s, seq)| *seq > held(s)))
    }
}

/// The note in a folder of blobs; `None` if there is none, or if it does not read.
pub(crate) fn noted(blobs: &Path) -> io::Result<Option<Heads>> {
    match std::fs::read(blobs.join(HEADS)) {
        Ok(text) => Ok(serde_json::from_slice(&text).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// At start: raises the epoch if the database is behind the note.
pub(crate) async fn compare(app: &App) -> Result<(), StartError> {
    let Some(note) = app.vault.read_note(HEADS).await? else {
        return Ok(());
    };
    let note: Heads = match serde_json::from_slice(&note) {
        Ok(note) => note,
        Err(error) => {
            tracing::error!(%error, "the note of feed heads does not read; it is written anew");
            return Ok(());
        }
    };
    let now = Heads::of(&app.identity(), &app.store.feed_heads().await?);
    if note.is_ahead_of(&now) {
        app.raise_floor(note.epoch, "the feed was further when the server last ran")
            .await?;
    }
    Ok(())
}

/// Writes the note whenever the feed went on, until the server stops.
pub(crate) async fn keep(app: Shared, mut stopped: watch::Receiver<bool>) {
    let mut written = Heads::default();
    loop {
        let last = tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => true,
            () = tokio::time::sleep(EVERY) => false,
        };
        if let Err(error) = note(&app, &mut written).await {
            tracing::error!(%error, "the note of feed heads could not be written");
        }
        if last {
            return;
        }
    }
}

async fn note(app: &App, written: &mut Heads) -> Result<(), NoteError> {
    let now = Heads::of(&app.identity(), &app.store.feed_heads().await?);
    if now != *written {
        app.vault
            .write_note(HEADS, serde_json::to_vec(&now)?.into())
            .await?;
        *written = now;
    }
    Ok(())
}

#[derive(Debug, thiserror::Error)]
enum NoteError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restored_copy_is_noticed() {
        let heads = |epoch, yj| Heads {
            server_id: Some(ServerId::new([1; 16])),
            epoch,
            shards: [("yj".parse().unwrap(), yj)].into(),
        };
        for (note, now, ahead) in [
            (heads(1, 5), heads(1, 5), false),
            (heads(1, 5), heads(1, 6), false),
            (heads(1, 5), heads(1, 4), true),
            (heads(2, 5), heads(1, 5), true),
            (
                heads(1, 5),
                Heads {
                    shards: BTreeMap::new(),
                    ..heads(1, 0)
                },
                true,
            ),
            (
                heads(1, 5),
                Heads {
                    server_id: Some(ServerId::new([2; 16])),
                    ..heads(1, 0)
                },
                false,
            ),
        ] {
            assert_eq!(note.is_ahead_of(&now), ahead, "{note:?} {now:?}");
        }
    }
}
