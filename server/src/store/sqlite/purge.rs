use super::SqliteStore;
use super::codec::{parse_opt, uuid};
use crate::store::{Purgeable, StoreError, Which};
use domain::ids::{EntryId, RecordId};
use domain::register::PersonId;
use sqlx::sqlite::SqliteRow;

/// Entries with the kind that their header names; a purge is never among them, and steps (`?2`)
/// only if asked for.
macro_rules! erasable {
    ($which:literal) => {
        concat!(
            "SELECT e.entry_id, e.record_id, r.division, r.reach, r.outfall
             FROM entry e LEFT JOIN record r USING (record_id)
             WHERE ",
            $which,
            " AND e.body IS NOT NULL
                AND CAST(e.header AS TEXT) ->> '$.kind' <> 'purge'
                AND (?2 OR CAST(e.header AS TEXT) ->> '$.kind' <> 'step')
             ORDER BY e.record_id, e.entry_no LIMIT ?3"
        )
    };
}

pub(super) async fn purgeable(
    store: &SqliteStore,
    which: &Which,
    limit: u32,
) -> Result<Vec<Purgeable>, StoreError> {
    let query = match which {
        Which::Record { record, steps } => sqlx::query(erasable!("e.record_id = ?1"))
            .bind(record.raw().as_bytes().to_vec())
            .bind(*steps),
        Which::Person { person, steps } => sqlx::query(erasable!(
            "(e.author = ?1 OR CAST(e.header AS TEXT) ->> '$.on_behalf_of.person' = ?1)"
        ))
        .bind(person.as_str())
        .bind(*steps),
        Which::Tracks { before } => sqlx::query(erasable!(
            "e.entry_no IN (SELECT entry_no FROM blob_ref WHERE role = 'track')
             AND e.received_ms < ?1"
        ))
        .bind(before.0)
        .bind(false),
    };
    let rows = query.bind(limit).fetch_all(&store.readers).await?;
    let mut found: Vec<Purgeable> = Vec::new();
    for row in &rows {
        let (record, entry) = ids(row)?;
        match found.last_mut() {
            Some(last) if last.record == record => last.entries.push(entry),
            _ => found.push(Purgeable {
                record,
                division: parse_opt(row, "division")?,
                reach: parse_opt(row, "reach")?,
                outfall: parse_opt(row, "outfall")?,
                entries: vec![entry],
            }),
        }
    }
    Ok(found)
}

fn ids(row: &SqliteRow) -> Result<(RecordId, EntryId), StoreError> {
    Ok((
        RecordId::new(uuid(row, "record_id")?),
        EntryId::new(uuid(row, "entry_id")?),
    ))
}

pub(super) async fn erase_refused(
    store: &SqliteStore,
    sender: &PersonId,
) -> Result<u64, StoreError> {
    let mut writer = store.writer.lock().await;
    let done = sqlx::query(
        "UPDATE refused_entry SET header = x'', body = x''
         WHERE sender = ? AND (length(header) > 0 OR length(body) > 0)",
    )
    .bind(sender.as_str())
    .execute(&mut *writer)
    .await?;
    Ok(done.rows_affected())
}
