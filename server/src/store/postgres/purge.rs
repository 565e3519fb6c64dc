use super::PgStore;
use super::codec::{id, parse_opt, utf8, uuid};
use crate::store::{Purgeable, StoreError, Which};
use domain::entry::{Header, Kind};
use domain::ids::{EntryId, RecordId};
use domain::register::PersonId;
use futures_util::TryStreamExt as _;
use sqlx::postgres::PgRow;

/// Entries of which each is looked at here: what a header says the engine does not read.
macro_rules! erasable {
    ($which:literal) => {
        concat!(
            "SELECT e.entry_id, e.record_id, e.header, r.division, r.reach, r.outfall
             FROM entry e LEFT JOIN record r USING (record_id)
             WHERE ",
            $which,
            " AND e.body IS NOT NULL ORDER BY e.record_id, e.entry_no"
        )
    };
}

pub(super) async fn purgeable(
    store: &PgStore,
    which: &Which,
    limit: u32,
) -> Result<Vec<Purgeable>, StoreError> {
    let query = match which {
        Which::Record { record, .. } => {
            sqlx::query(erasable!("e.record_id = $1")).bind(id(record.raw()))
        }
        Which::Person { person, .. } => sqlx::query(erasable!(
            // A header with a backslash may spell an id in another way.
            "(e.author = convert_from($1, 'UTF8') OR position($1 IN e.header) > 0
                OR position('\\x5c'::bytea IN e.header) > 0)"
        ))
        .bind(person.as_str().as_bytes().to_vec()),
        Which::Tracks { before } => sqlx::query(erasable!(
            "e.entry_no IN (SELECT entry_no FROM blob_ref WHERE role = 'track')
             AND e.received_ms < $1"
        ))
        .bind(before.0),
    };
    let mut rows = query.fetch(&store.pool);
    let (mut found, mut left): (Vec<Purgeable>, u32) = (Vec::new(), limit);
    while let Some(row) = rows.try_next().await? {
        if left == 0 {
            break;
        }
        let header = utf8(&row, "header")?;
        let header: Header =
            domain::json::read(&header).map_err(|e| StoreError::damaged("header", e))?;
        if !goes(which, &header) {
            continue;
        }
        left -= 1;
        let (record, entry) = ids(&row)?;
        match found.last_mut() {
            Some(last) if last.record == record => last.entries.push(entry),
            _ => found.push(Purgeable {
                record,
                division: parse_opt(&row, "division")?,
                reach: parse_opt(&row, "reach")?,
                outfall: parse_opt(&row, "outfall")?,
                entries: vec![entry],
            }),
        }
    }
    Ok(found)
}

/// The server's own entries never go, and steps only if asked for.
fn goes(which: &Which, header: &Header) -> bool {
    let steps = match which {
        Which::Record { steps, .. } | Which::Person { steps, .. } => *steps,
        Which::Tracks { .. } => false,
    };
    let of_theirs = |person: &PersonId| {
        let behalf = header.on_behalf_of.as_ref();
        header.author == *person || behalf.is_some_and(|b| b.person == *person)
    };
    let named = match which {
        Which::Person { person, .. } => of_theirs(person),
        _ => true,
    };
    named
        && match header.kind {
            Kind::Purge | Kind::Vetting => false,
            Kind::Step => steps,
            _ => true,
        }
}

fn ids(row: &PgRow) -> Result<(RecordId, EntryId), StoreError> {
    Ok((
        RecordId::new(uuid(row, "record_id")?),
        EntryId::new(uuid(row, "entry_id")?),
    ))
}

pub(super) async fn erase_refused(store: &PgStore, sender: &PersonId) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE refused_entry SET header = ''::bytea, body = ''::bytea
         WHERE sender = $1 AND (length(header) > 0 OR length(body) > 0)",
    )
    .bind(sender.as_str())
    .execute(&store.pool)
    .await?;
    Ok(done.rows_affected())
}
