//! How far the feed had come and how many photos were held, kept beside the blobs: a database
//! that is behind it was restored from a copy without anybody saying so.

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
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// The note may be a little behind: it then misses a restore of as little.
const EVERY: Duration = Duration::from_secs(2);
/// Counting photos looks at each of them.
const COUNT_EVERY: Duration = Duration::from_mins(1);

/// How far the feed had come, in which epoch of which server.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heads {
    server_id: Option<ServerId>,
    epoch: u64,
    shards: BTreeMap<DivisionId, u64>,
    /// Photos have no place in the feed.
    #[serde(default)]
    blobs: u64,
}

impl Heads {
    pub(crate) fn of(identity: &Identity, heads: &[FeedHead], blobs: u64) -> Self {
        Self {
            server_id: Some(identity.server_id),
            epoch: identity.epoch,
            shards: heads.iter().map(|h| (h.shard.clone(), h.seq)).collect(),
            blobs,
        }
    }

    /// Whether this note knows of something that `now` has not. A server that dies within a
    /// minute of a purge is taken for a restored one, too: that costs a second offer.
    pub(crate) fn is_ahead_of(&self, now: &Self) -> bool {
        let held = |shard| now.shards.get(shard).copied().unwrap_or(0);
        self.server_id == now.server_id
            && (self.epoch > now.epoch
                || self.blobs > now.blobs
                || self.shards.iter().any(|(s, seq)| *seq > held(s)))
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
    let blobs = app.store.count_blobs().await?;
    let now = Heads::of(&app.identity(), &app.store.feed_heads().await?, blobs);
    if note.is_ahead_of(&now) {
        app.raise_floor(note.epoch, "more was held when the server last ran")
            .await?;
    }
    Ok(())
}

/// Writes the note whenever the feed went on, until the server stops.
pub(crate) async fn keep(app: Shared, mut stopped: watch::Receiver<bool>) {
    let (mut written, mut counted) = (Heads::default(), None);
    loop {
        let last = tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => true,
            () = tokio::time::sleep(EVERY) => false,
        };
        if last || counted.is_none_or(|at: Instant| at.elapsed() > COUNT_EVERY) {
            counted = None;
        }
        if let Err(error) = note(&app, &mut written, &mut counted).await {
            tracing::error!(%error, "the note of feed heads could not be written");
        }
        if last {
            return;
        }
    }
}

/// Counts the photos anew unless they are `counted`.
async fn note(
    app: &App,
    written: &mut Heads,
    counted: &mut Option<Instant>,
) -> Result<(), NoteError> {
    let blobs = match counted {
        Some(_) => written.blobs,
        None => app.store.count_blobs().await?,
    };
    let now = Heads::of(&app.identity(), &app.store.feed_heads().await?, blobs);
    if now != *written {
        app.vault
            .write_note(HEADS, serde_json::to_vec(&now)?.into())
            .await?;
        *written = now;
    }
    counted.get_or_insert_with(Instant::now);
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
            blobs: 3,
        };
        let photos = |blobs| Heads {
            blobs,
            ..heads(1, 5)
        };
        for (note, now, ahead) in [
            (heads(1, 5), heads(1, 5), false),
            (heads(1, 5), heads(1, 6), false),
            (heads(1, 5), heads(1, 4), true),
            (heads(2, 5), heads(1, 5), true),
            (photos(3), photos(4), false),
            (photos(3), photos(2), true),
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
