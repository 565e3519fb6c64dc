//! What clients have seen of this server: proof, in its own hand, of data that a copy which was
//! put back does not have. Then everybody is asked to offer again.

use crate::app::App;
use crate::cursor::Cursor;
use crate::store::{FeedHead, StoreError};
use domain::receipt::Statement;
use domain::register::{DivisionId, PersonId};
use domain::wire::Seen;

/// Compares what a phone announces with what is here.
pub(crate) async fn compare(app: &App, person: &PersonId, seen: &Seen) -> Result<(), StoreError> {
    if let Some(known) = seen.cursor.as_deref().and_then(|c| app.cursors.read(c)) {
        cursor(app, &known, &app.store.feed_heads().await?).await?;
    }
    // A receipt of another epoch proves nothing about this one: what is gone since was noticed.
    let receipt = seen.receipt.as_ref().filter(|_| seen.epoch == app.epoch());
    let Some(receipt) = receipt else {
        return Ok(());
    };
    let statement = match receipt.verify(&app.receipts.keys()) {
        Ok(statement) if statement.server_id == app.server_id => statement,
        Ok(_) | Err(_) => {
            tracing::warn!(%person, "a receipt that is none of ours was shown");
            return Ok(());
        }
    };
    if lacks(app, person, &statement).await? {
        let why = "a phone has a receipt for something that is not here";
        app.raise_unannounced(seen.epoch, why).await?;
    }
    Ok(())
}

async fn lacks(app: &App, person: &PersonId, statement: &Statement) -> Result<bool, StoreError> {
    let hashes: Vec<_> = statement.entries.iter().map(|e| e.hash).collect();
    let entries = app.store.held_entries(person, &hashes).await?;
    let missing = |hash| entries.iter().all(|e| e.hash != hash);
    if hashes.into_iter().any(missing) {
        return Ok(true);
    }
    let blobs: Vec<_> = statement.blobs.iter().map(|b| b.sha256).collect();
    let held = app.store.held_blobs(person, &blobs).await?;
    let missing = |sha256| held.iter().all(|b| b.sha256 != sha256);
    Ok(blobs.into_iter().any(missing))
}

/// A cursor that only this server can have made, beyond what this server holds.
pub(crate) async fn cursor(
    app: &App,
    cursor: &Cursor,
    heads: &[FeedHead],
) -> Result<(), StoreError> {
    let held = |shard: &DivisionId| {
        let head = heads.iter().find(|h| h.shard == *shard);
        head.map_or(0, |h| h.seq)
    };
    let further = || cursor.shards.iter().any(|(shard, seq)| *seq > held(shard));
    let epoch = app.epoch();
    if cursor.epoch > epoch || (cursor.epoch == epoch && further()) {
        let why = "a phone has seen feed numbers that are not here";
        app.raise_unannounced(cursor.epoch, why).await?;
    }
    Ok(())
}
