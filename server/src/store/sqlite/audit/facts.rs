use crate::store::audit::{EpochNote, LogStates, OpenWork};
use crate::store::sqlite::codec::{bytes, count, get, hash, int};
use crate::store::sqlite::logs::logs;
use crate::store::{Identity, StoreError};
use domain::hash::Sha256;
use domain::ids::{LogId, ServerId};
use domain::register::RegisterSet;
use domain::time::WallMs;
use sqlx::{AssertSqlSafe, SqliteConnection};
use std::collections::BTreeMap;

/// Findings of the engine that are worth reading; the first tell what is wrong.
const FINDINGS: usize = 20;

pub(super) async fn engine(connection: &mut SqliteConnection) -> Result<String, StoreError> {
    let row = sqlx::query("SELECT sqlite_version() AS version")
        .fetch_one(connection)
        .await?;
    Ok(format!("SQLite {}", get::<&str, _>(&row, "version")?))
}

pub(super) async fn soundness(
    connection: &mut SqliteConnection,
    quick: bool,
) -> Result<Vec<String>, StoreError> {
    let check = if quick {
        "PRAGMA quick_check(20)"
    } else {
        "PRAGMA integrity_check(20)"
    };
    let mut found = Vec::new();
    for row in &sqlx::query(check).fetch_all(&mut *connection).await? {
        found.push(get::<String, _>(row, 0)?);
    }
    found.retain(|line| line != "ok");
    let foreign = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(connection)
        .await?;
    if !foreign.is_empty() {
        found.push(format!(
            "{} rows refer to rows that are not there",
            foreign.len()
        ));
    }
    found.truncate(FINDINGS);
    Ok(found)
}

pub(super) async fn identity(connection: &mut SqliteConnection) -> Result<Identity, StoreError> {
    let row = sqlx::query("SELECT server_id, epoch FROM server")
        .fetch_one(connection)
        .await?;
    Ok(Identity {
        server_id: ServerId::new(bytes(&row, "server_id")?),
        epoch: count(&row, "epoch")?,
    })
}

pub(super) async fn epochs(
    connection: &mut SqliteConnection,
) -> Result<Vec<EpochNote>, StoreError> {
    let rows = sqlx::query("SELECT epoch, since_ms, why FROM epoch ORDER BY epoch")
        .fetch_all(connection)
        .await?;
    let epochs = rows.iter().map(|row| {
        Ok(EpochNote {
            epoch: count(row, "epoch")?,
            since_ms: get::<Option<i64>, _>(row, "since_ms")?.map(WallMs),
            why: get(row, "why")?,
        })
    });
    epochs.collect()
}

pub(super) async fn tables(
    connection: &mut SqliteConnection,
) -> Result<Vec<(String, u64)>, StoreError> {
    let rows = sqlx::query(
        "SELECT name FROM sqlite_schema WHERE type = 'table'
            AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'
         ORDER BY name",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut tables = Vec::with_capacity(rows.len());
    for row in &rows {
        let name: String = get(row, "name")?;
        // The name stands in the engine's own list of tables.
        let quoted = name.replace('"', "\"\"");
        let counting = AssertSqlSafe(format!("SELECT count(*) AS rows FROM \"{quoted}\""));
        let counted = sqlx::query(counting).fetch_one(&mut *connection).await?;
        tables.push((name, count(&counted, "rows")?));
    }
    Ok(tables)
}

pub(super) async fn registers(
    connection: &mut SqliteConnection,
    before: Option<u64>,
) -> Result<Option<(u64, RegisterSet)>, StoreError> {
    let row = sqlx::query(
        "SELECT version, body FROM registers WHERE ?1 IS NULL OR version < ?1
         ORDER BY version DESC LIMIT 1",
    )
    .bind(before.map(int).transpose()?)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let set = serde_json::from_str(get(&row, "body")?)
        .map_err(|e| StoreError::damaged("registers", e))?;
    Ok(Some((count(&row, "version")?, set)))
}

pub(super) async fn divisions(
    connection: &mut SqliteConnection,
) -> Result<BTreeMap<String, String>, StoreError> {
    let rows = sqlx::query("SELECT id, path FROM division")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok((get(row, "id")?, get(row, "path")?)))
        .collect()
}

pub(super) async fn lines_of_nothing(connection: &mut SqliteConnection) -> Result<u64, StoreError> {
    let row = sqlx::query(
        "SELECT count(*) AS lines FROM record r
         WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.record_id = r.record_id)",
    )
    .fetch_one(connection)
    .await?;
    count(&row, "lines")
}

pub(super) async fn blobs(
    connection: &mut SqliteConnection,
    after: Option<Sha256>,
    limit: u32,
) -> Result<Vec<(Sha256, u64)>, StoreError> {
    let rows = sqlx::query(
        "SELECT sha256, max(size) AS size FROM blob_held WHERE sha256 > ?
         GROUP BY sha256 ORDER BY sha256 LIMIT ?",
    )
    .bind(after.map_or_else(Vec::new, |h| h.bytes().to_vec()))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((hash(row, "sha256")?, count(row, "size")?)))
        .collect()
}

pub(super) async fn blobs_in_all(
    connection: &mut SqliteConnection,
) -> Result<(u64, u64), StoreError> {
    let row = sqlx::query(
        "SELECT count(*) AS blobs, coalesce(sum(size), 0) AS bytes
         FROM (SELECT max(size) AS size FROM blob_held GROUP BY sha256)",
    )
    .fetch_one(connection)
    .await?;
    Ok((count(&row, "blobs")?, count(&row, "bytes")?))
}

pub(super) async fn holds(
    connection: &mut SqliteConnection,
    blob: Sha256,
) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT EXISTS (SELECT 1 FROM blob_held WHERE sha256 = ?) AS held")
        .bind(blob.bytes().as_slice())
        .fetch_one(connection)
        .await?;
    get(&row, "held")
}

pub(super) async fn logs(connection: &mut SqliteConnection) -> Result<LogStates, StoreError> {
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM log) AS logs,
            (SELECT count(*) FROM (SELECT 1 FROM entry GROUP BY log_id, seq HAVING count(*) > 1))
                AS forks,
            (SELECT count(*) FROM entry e WHERE e.prev_hash IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM entry p
                WHERE p.log_id = e.log_id AND p.seq = e.seq - 1 AND p.hash = e.prev_hash))
                AS waiting",
    )
    .fetch_one(&mut *connection)
    .await?;
    let mut states = LogStates {
        logs: count(&row, "logs")?,
        forks: count(&row, "forks")?,
        waiting: count(&row, "waiting")?,
        gaps: Vec::new(),
    };
    // As the desk counts: what phones announced is missed, what was closed is not.
    let rows = sqlx::query(concat!(
        logs!(),
        " SELECT log_id, person, missing FROM logs WHERE missing > 0 ORDER BY missing DESC"
    ))
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let log = LogId::new(bytes(row, "log_id")?);
        let gap = (log, get(row, "person")?, count(row, "missing")?);
        states.gaps.push(gap);
    }
    Ok(states)
}

pub(super) async fn open_work(connection: &mut SqliteConnection) -> Result<OpenWork, StoreError> {
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM entry WHERE quarantine IS NOT NULL
                AND entry_no NOT IN (SELECT entry_no FROM vetted)) AS quarantined,
            (SELECT count(*) FROM refused_entry) AS refused,
            (SELECT count(*) FROM upload) AS uploads,
            (SELECT coalesce(sum(held), 0) FROM upload) AS upload_bytes,
            (SELECT min(touched_ms) FROM upload) AS oldest,
            (SELECT count(*) FROM blob_ref r JOIN entry e USING (entry_no) WHERE NOT EXISTS (
                SELECT 1 FROM blob_held h WHERE h.sha256 = r.sha256 AND h.person = e.author))
                AS missing,
            (SELECT count(*) FROM blob_erasure WHERE done IS NULL) AS to_erase,
            (SELECT received_ms FROM entry ORDER BY entry_no DESC LIMIT 1) AS newest,
            (SELECT count(*) FROM erased) AS erased",
    )
    .fetch_one(connection)
    .await?;
    Ok(OpenWork {
        quarantined: count(&row, "quarantined")?,
        refused: count(&row, "refused")?,
        uploads: count(&row, "uploads")?,
        upload_bytes: count(&row, "upload_bytes")?,
        oldest_upload_ms: get::<Option<i64>, _>(&row, "oldest")?.map(WallMs),
        blobs_missing: count(&row, "missing")?,
        to_erase: count(&row, "to_erase")?,
        newest_ms: get::<Option<i64>, _>(&row, "newest")?.map(WallMs),
        erased: count(&row, "erased")?,
    })
}
