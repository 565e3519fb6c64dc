//! Records with everything that belongs to them, a run of ids at a time: each table is asked once
//! for the whole run.

use super::codec::{bytes, count, get, hash, id as key, parse, uuid};
use super::feed::optional_hash;
use crate::store::StoreError;
use crate::store::audit::{BlobRow, Dossier, FeedOf, KeptRow};
use crate::store::summary::COLUMNS;
use domain::ids::{EntryId, LogId, RecordId};
use domain::time::WallMs;
use serde_json::{Value, json};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Column as _, PgConnection, Row as _, TypeInfo as _};
use std::collections::{BTreeMap, HashMap};

/// The records by id, while they are put together.
type Run = BTreeMap<RecordId, Dossier>;

pub(super) async fn dossiers(
    connection: &mut PgConnection,
    after: Option<RecordId>,
    limit: u32,
) -> Result<Vec<Dossier>, StoreError> {
    let ids = sqlx::query(
        "SELECT DISTINCT record_id FROM entry WHERE record_id > $1 ORDER BY record_id LIMIT $2",
    )
    .bind(after.map_or_else(Vec::new, |id| key(id.raw())))
    .bind(i64::from(limit))
    .fetch_all(&mut *connection)
    .await?;
    let mut run = Run::new();
    for row in &ids {
        let id = RecordId::new(uuid(row, "record_id")?);
        run.insert(id, Dossier::new(id));
    }
    let (Some((first, _)), Some((last, _))) = (run.first_key_value(), run.last_key_value()) else {
        return Ok(Vec::new());
    };
    let span = [first, last].map(|id| key(id.raw()));
    entries(connection, &span, &mut run).await?;
    lines(connection, &span, &mut run).await?;
    sets(connection, &span, &mut run).await?;
    feed(connection, &span, &mut run).await?;
    Ok(run.into_values().collect())
}

/// The dossier that a row belongs to; none if the record has no entry at all.
fn of<'a>(run: &'a mut Run, row: &PgRow) -> Result<Option<&'a mut Dossier>, StoreError> {
    Ok(run.get_mut(&RecordId::new(uuid(row, "record_id")?)))
}

async fn entries(
    connection: &mut PgConnection,
    [first, last]: &[Vec<u8>; 2],
    run: &mut Run,
) -> Result<(), StoreError> {
    let mut blobs = blob_rows(connection, [first, last]).await?;
    let rows = sqlx::query(
        "SELECT e.*, v.no, v.word, x.by_entry, w.by_entry AS vetted_by, w.accepted FROM entry e
         LEFT JOIN verdict v USING (entry_id) LEFT JOIN erased x USING (entry_no)
         LEFT JOIN vetted w USING (entry_no)
         WHERE e.record_id BETWEEN $1 AND $2 ORDER BY e.record_id, e.entry_no",
    )
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let kept = kept(row, &mut blobs)?;
        if let Some(dossier) = of(run, row)? {
            dossier.entries.push(kept);
        }
    }
    Ok(())
}

fn kept(row: &PgRow, blobs: &mut HashMap<u64, Vec<BlobRow>>) -> Result<KeptRow, StoreError> {
    let no = count(row, "entry_no")?;
    let verdict = match get::<Option<String>, _>(row, "word")? {
        Some(word) => Some((count(row, "no")?, word)),
        None => None,
    };
    let erased = get::<Option<&[u8]>, _>(row, "by_entry")?.is_some();
    let vetted = match get::<Option<bool>, _>(row, "accepted")? {
        Some(accepted) => Some((EntryId::new(uuid(row, "vetted_by")?), accepted)),
        None => None,
    };
    Ok(KeptRow {
        vetted,
        no,
        entry_id: EntryId::new(uuid(row, "entry_id")?),
        hash: hash(row, "hash")?,
        log_id: LogId::new(bytes(row, "log_id")?),
        seq: count(row, "seq")?,
        prev_hash: optional_hash(row, "prev_hash")?,
        author: get(row, "author")?,
        header: get(row, "header")?,
        body: get(row, "body")?,
        received_ms: WallMs(get(row, "received_ms")?),
        epoch: count(row, "epoch")?,
        quarantined: get::<Option<&str>, _>(row, "quarantine")?.is_some(),
        verdict,
        blobs: blobs.remove(&no).unwrap_or_default(),
        erased_by: erased
            .then(|| uuid(row, "by_entry").map(EntryId::new))
            .transpose()?,
    })
}

async fn blob_rows(
    connection: &mut PgConnection,
    [first, last]: [&Vec<u8>; 2],
) -> Result<HashMap<u64, Vec<BlobRow>>, StoreError> {
    let rows = sqlx::query(
        "SELECT r.entry_no, r.idx, r.sha256, r.size, r.role, EXISTS (SELECT 1 FROM blob_held h
            WHERE h.sha256 = r.sha256 AND h.person = e.author) AS held
         FROM entry e JOIN blob_ref r USING (entry_no)
         WHERE e.record_id BETWEEN $1 AND $2 ORDER BY r.entry_no, r.idx",
    )
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    let mut found: HashMap<u64, Vec<BlobRow>> = HashMap::new();
    for row in &rows {
        found
            .entry(count(row, "entry_no")?)
            .or_default()
            .push(BlobRow {
                idx: count(row, "idx")?,
                sha256: hash(row, "sha256")?,
                size: count(row, "size")?,
                role: get(row, "role")?,
                held: get(row, "held")?,
            });
    }
    Ok(found)
}

async fn lines(
    connection: &mut PgConnection,
    [first, last]: &[Vec<u8>; 2],
    run: &mut Run,
) -> Result<(), StoreError> {
    let columns: Vec<String> = COLUMNS
        .iter()
        .chain(&["shard", "number", "blobs_held"])
        .map(|name| format!("r.{name}"))
        .collect();
    // Only names of columns that this program itself knows.
    let sql = AssertSqlSafe(format!(
        "SELECT r.record_id, {} FROM record r WHERE r.record_id BETWEEN $1 AND $2",
        columns.join(", ")
    ));
    let rows = sqlx::query(sql)
        .bind(first)
        .bind(last)
        .fetch_all(connection)
        .await?;
    for row in &rows {
        let names = COLUMNS.iter().chain(&["shard", "number", "blobs_held"]);
        let line = names.map(|name| Ok(((*name).to_owned(), value(row, name)?)));
        let line = line.collect::<Result<_, StoreError>>()?;
        if let Some(dossier) = of(run, row)? {
            dossier.line = Some(line);
        }
    }
    Ok(())
}

/// A column as the other engine has it in JSON: yes and no are numbers there.
fn value(row: &PgRow, name: &str) -> Result<Value, StoreError> {
    let column = row.try_column(name)?;
    Ok(match column.type_info().name() {
        "INT8" => json!(get::<Option<i64>, _>(row, name)?),
        "INT4" => json!(get::<Option<i32>, _>(row, name)?),
        "BOOL" => json!(get::<Option<bool>, _>(row, name)?.map(i32::from)),
        _ => json!(get::<Option<String>, _>(row, name)?),
    })
}

async fn sets(
    connection: &mut PgConnection,
    [first, last]: &[Vec<u8>; 2],
    run: &mut Run,
) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "SELECT record_id, 'division' AS what, division AS one FROM record_division
            WHERE record_id BETWEEN $1 AND $2
         UNION ALL SELECT record_id, 'unit', unit FROM record_unit
            WHERE record_id BETWEEN $1 AND $2
         UNION ALL SELECT record_id, 'shard', shard FROM record_shard
            WHERE record_id BETWEEN $1 AND $2
         ORDER BY record_id, what, one",
    )
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let Some(dossier) = of(run, row)? else {
            continue;
        };
        match get(row, "what")? {
            "division" => dossier.divisions.push(get(row, "one")?),
            "unit" => dossier.units.push(get(row, "one")?),
            _ => dossier.shards.push(parse(row, "one")?),
        }
    }
    Ok(())
}

async fn feed(
    connection: &mut PgConnection,
    [first, last]: &[Vec<u8>; 2],
    run: &mut Run,
) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "SELECT record_id, shard, seq, op = 'put' AS put, entry_id FROM feed
         WHERE record_id BETWEEN $1 AND $2 ORDER BY record_id, shard, seq",
    )
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let line = FeedOf {
            shard: parse(row, "shard")?,
            seq: count(row, "seq")?,
            put: get(row, "put")?,
            entry_id: EntryId::new(uuid(row, "entry_id")?),
        };
        if let Some(dossier) = of(run, row)? {
            dossier.feed.push(line);
        }
    }
    Ok(())
}
