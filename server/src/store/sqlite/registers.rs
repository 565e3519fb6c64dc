use super::SqliteStore;
use super::codec::{count, get, many};
use crate::store::StoreError;
use domain::register::{DivisionTree, RegisterSet};
use sqlx::Connection as _;

pub(super) async fn put(
    store: &SqliteStore,
    set: &RegisterSet,
    tree: &DivisionTree,
) -> Result<u64, StoreError> {
    let body = serde_json::to_string(set).map_err(|e| StoreError::damaged("registers", e))?;
    let paths = tree.iter().filter_map(|d| Some((&d.id, tree.path(&d.id)?)));
    let paths = many(paths)?;
    let mut writer = store.writer.lock().await;
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    let row = sqlx::query("INSERT INTO registers (body) VALUES (?) RETURNING version")
        .bind(body)
        .fetch_one(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM division")
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO division (id, path) SELECT value ->> 0, value ->> 1 FROM json_each(?)",
    )
    .bind(paths)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    count(&row, "version")
}

pub(super) async fn newest(store: &SqliteStore) -> Result<(u64, RegisterSet), StoreError> {
    let row = sqlx::query("SELECT version, body FROM registers ORDER BY version DESC LIMIT 1")
        .fetch_optional(&store.readers)
        .await?;
    let Some(row) = row else {
        return Ok((0, RegisterSet::default()));
    };
    let body: &str = get(&row, "body")?;
    let set = serde_json::from_str(body).map_err(|e| StoreError::damaged("registers", e))?;
    Ok((count(&row, "version")?, set))
}

pub(super) async fn version(store: &SqliteStore) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT coalesce(max(version), 0) AS version FROM registers")
        .fetch_one(&store.readers)
        .await?;
    count(&row, "version")
}
