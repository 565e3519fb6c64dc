//! What somebody must look at, and what was ruled about it.

use super::PgStore;
use super::codec::{count, get, id as key, parse, uuid};
use super::feed::words;
use crate::store::vetting::Held;
use crate::store::{Doubt, Doubts, StoreError};
use domain::access::Scope;
use domain::ids::{EntryId, RecordId};
use domain::register::PersonId;
use sqlx::PgConnection;
use sqlx::postgres::PgRow;

/// The rulings of a batch.
pub(super) async fn vetted(
    tx: &mut PgConnection,
    rulings: &[(EntryId, Held)],
) -> Result<(), StoreError> {
    if rulings.is_empty() {
        return Ok(());
    }
    let entries: Vec<_> = rulings.iter().map(|(id, _)| key(id.raw())).collect();
    let by: Vec<_> = rulings.iter().map(|(_, held)| key(held.by.raw())).collect();
    let accepted: Vec<_> = rulings.iter().map(|(_, held)| held.accepted).collect();
    sqlx::query(
        "INSERT INTO vetted (entry_no, by_entry, accepted)
         SELECT e.entry_no, v.by_entry, v.accepted
         FROM unnest($1::bytea[], $2::bytea[], $3::boolean[]) AS v(entry_id, by_entry, accepted)
         JOIN entry e USING (entry_id) ON CONFLICT DO NOTHING",
    )
    .bind(entries)
    .bind(by)
    .bind(accepted)
    .execute(tx)
    .await?;
    Ok(())
}

/// What waits in a scope, but for what `me` made: divisions and units, since nobody decides by
/// reach. What was erased cannot be ruled about any more.
macro_rules! waiting {
    () => {
        " FROM entry e JOIN record r USING (record_id)
         WHERE e.quarantine IS NOT NULL AND e.body IS NOT NULL AND e.author <> $1
            AND NOT EXISTS (SELECT 1 FROM vetted w WHERE w.entry_no = e.entry_no)
            AND (EXISTS (SELECT 1 FROM record_division d WHERE d.record_id = r.record_id
                AND d.division IN (SELECT n.id FROM division n
                    JOIN unnest($2::text[], $3::text[]) AS g(lo, hi)
                    ON n.path >= g.lo AND n.path < g.hi))
              OR EXISTS (SELECT 1 FROM record_unit u WHERE u.record_id = r.record_id
                AND u.unit = ANY($4)))"
    };
}

pub(super) async fn waiting(
    store: &PgStore,
    scope: &Scope,
    me: &PersonId,
    after: u64,
    limit: u32,
) -> Result<Doubts, StoreError> {
    let (from, to) = super::desk::bounds(scope);
    let units = words(&scope.units);
    let total = sqlx::query(concat!("SELECT count(*) AS total", waiting!()))
        .bind(me.as_str())
        .bind(&from)
        .bind(&to)
        .bind(&units)
        .fetch_one(&store.pool)
        .await?;
    let rows = sqlx::query(concat!(
        "SELECT e.entry_no, e.record_id, e.entry_id, e.author",
        waiting!(),
        " AND e.entry_no > $5 ORDER BY e.entry_no LIMIT $6"
    ))
    .bind(me.as_str())
    .bind(&from)
    .bind(&to)
    .bind(&units)
    .bind(i64::try_from(after).unwrap_or(i64::MAX))
    .bind(i64::from(limit))
    .fetch_all(&store.pool)
    .await?;
    let row = |row: &PgRow| Ok((count(row, "entry_no")?, doubt(row, None)?));
    Ok(Doubts {
        rows: rows.iter().map(row).collect::<Result<_, StoreError>>()?,
        total: count(&total, "total")?,
    })
}

pub(super) async fn one(store: &PgStore, id: EntryId) -> Result<Option<Doubt>, StoreError> {
    let row = sqlx::query(
        "SELECT e.record_id, e.entry_id, e.author, w.by_entry, w.entry_no IS NOT NULL AS ruled
         FROM entry e LEFT JOIN vetted w USING (entry_no)
         WHERE e.entry_id = $1 AND e.quarantine IS NOT NULL",
    )
    .bind(id.raw().as_bytes().as_slice())
    .fetch_optional(&store.pool)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let ruled: bool = get(&row, "ruled")?;
    let by = ruled.then(|| uuid(&row, "by_entry").map(EntryId::new));
    doubt(&row, by.transpose()?).map(Some)
}

fn doubt(row: &PgRow, ruled_by: Option<EntryId>) -> Result<Doubt, StoreError> {
    Ok(Doubt {
        record_id: RecordId::new(uuid(row, "record_id")?),
        entry_id: EntryId::new(uuid(row, "entry_id")?),
        author: parse(row, "author")?,
        ruled_by,
    })
}
