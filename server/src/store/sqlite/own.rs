use super::codec::{count, hash};
use crate::store::{Arrival, Batch, StoreError};
use domain::entry::LogHead;
use domain::ids::LogId;
use sqlx::SqliteConnection;
use std::borrow::Cow;
use std::collections::HashMap;

/// The arrivals of a batch behind what the server writes itself, sealed to the end of its log.
pub(super) async fn with<'a>(
    tx: &mut SqliteConnection,
    batch: &'a Batch,
) -> Result<Cow<'a, [Arrival]>, StoreError> {
    if batch.own.is_empty() {
        return Ok(Cow::Borrowed(&batch.arrivals));
    }
    let mut heads: HashMap<LogId, LogHead> = HashMap::new();
    let mut arrivals = Vec::with_capacity(batch.own.len() + batch.arrivals.len());
    for own in &batch.own {
        let head = match heads.get(&own.log) {
            Some(head) => *head,
            None => end_of(tx, own.log).await?,
        };
        let (arrival, head) = own.seal(&head)?;
        heads.insert(own.log, head);
        arrivals.push(arrival);
    }
    arrivals.extend(batch.arrivals.iter().cloned());
    Ok(Cow::Owned(arrivals))
}

async fn end_of(tx: &mut SqliteConnection, log: LogId) -> Result<LogHead, StoreError> {
    let row = sqlx::query(
        "SELECT seq, hash FROM entry WHERE log_id = ? ORDER BY seq DESC, entry_no DESC LIMIT 1",
    )
    .bind(log.raw().to_vec())
    .fetch_optional(tx)
    .await?;
    let Some(row) = row else {
        return Ok(LogHead::empty(log));
    };
    Ok(LogHead {
        log_id: log,
        seq: count(&row, "seq")?,
        hash: Some(hash(&row, "hash")?),
    })
}
