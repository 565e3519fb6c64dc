//! What somebody must look at, and what was ruled about it.

use super::SqliteStore;
use super::codec::{count, get, hex, many, parse, uuid};
use crate::store::vetting::Held;
use crate::store::{Doubt, Doubts, StoreError};
use domain::access::Scope;
use domain::ids::{EntryId, RecordId};
use domain::register::PersonId;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

/// The rulings of a batch.
pub(super) async fn vetted(
    tx: &mut SqliteConnection,
    rulings: &[(EntryId, Held)],
) -> Result<(), StoreError> {
    if rulings.is_empty() {
        return Ok(());
    }
    let rows = rulings.iter();
    let rows = rows.map(|(id, held)| (hex(id.raw()), hex(held.by.raw()), i32::from(held.accepted)));
    sqlx::query(
        "INSERT OR IGNORE INTO vetted (entry_no, by_entry, accepted)
         SELECT e.entry_no, unhex(value ->> 1), value ->> 2
         FROM json_each(?) JOIN entry e ON e.entry_id = unhex(value ->> 0)",
    )
    .bind(many(rows)?)
    .execute(tx)
    .await?;
    Ok(())
}

/// What waits in a scope, but for what `me` made: divisions and units, since nobody decides by
/// reach. What was erased cannot be ruled about any more.
macro_rules! waiting {
    () => {
        " FROM entry e JOIN record r USING (record_id)
         WHERE e.quarantine IS NOT NULL AND e.body IS NOT NULL AND e.author <> ?1
            AND NOT EXISTS (SELECT 1 FROM vetted w WHERE w.entry_no = e.entry_no)
            AND (EXISTS (SELECT 1 FROM record_division d WHERE d.record_id = r.record_id
                AND +d.division IN (SELECT n.id FROM division n JOIN json_each(?2) g
                    ON n.path >= g.value ->> 0 AND n.path < g.value ->> 1))
              OR EXISTS (SELECT 1 FROM record_unit u WHERE u.record_id = r.record_id
                AND +u.unit IN (SELECT value FROM json_each(?3))))"
    };
}

pub(super) async fn waiting(
    store: &SqliteStore,
    scope: &Scope,
    me: &PersonId,
    after: u64,
    limit: u32,
) -> Result<Doubts, StoreError> {
    let ranges = many(scope.ranges.iter().map(|r| (&r.from, &r.to)))?;
    let units = many(&scope.units)?;
    let total = sqlx::query(concat!("SELECT count(*) AS total", waiting!()))
        .bind(me.as_str())
        .bind(&ranges)
        .bind(&units)
        .fetch_one(&store.readers)
        .await?;
    let rows = sqlx::query(concat!(
        "SELECT e.entry_no, e.record_id, e.entry_id, e.author",
        waiting!(),
        " AND e.entry_no > ?4 ORDER BY e.entry_no LIMIT ?5"
    ))
    .bind(me.as_str())
    .bind(&ranges)
    .bind(&units)
    .bind(i64::try_from(after).unwrap_or(i64::MAX))
    .bind(limit)
    .fetch_all(&store.readers)
    .await?;
    let row = |row: &SqliteRow| Ok((count(row, "entry_no")?, doubt(row, None)?));
    Ok(Doubts {
        rows: rows.iter().map(row).collect::<Result<_, StoreError>>()?,
        total: count(&total, "total")?,
    })
}

pub(super) async fn one(store: &SqliteStore, id: EntryId) -> Result<Option<Doubt>, StoreError> {
    let row = sqlx::query(
        "SELECT e.record_id, e.entry_id, e.author, w.by_entry, w.entry_no IS NOT NULL AS ruled
         FROM entry e LEFT JOIN vetted w USING (entry_no)
         WHERE e.entry_id = ? AND e.quarantine IS NOT NULL",
    )
    .bind(id.raw().as_bytes().as_slice())
    .fetch_optional(&store.readers)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let ruled: bool = get(&row, "ruled")?;
    let by = ruled.then(|| uuid(&row, "by_entry").map(EntryId::new));
    doubt(&row, by.transpose()?).map(Some)
}

fn doubt(row: &SqliteRow, ruled_by: Option<EntryId>) -> Result<Doubt, StoreError> {
    Ok(Doubt {
        record_id: RecordId::new(uuid(row, "record_id")?),
        entry_id: EntryId::new(uuid(row, "entry_id")?),
        author: parse(row, "author")?,
        ruled_by,
    })
}
