use super::PgStore;
use super::codec::{count, get};
use crate::store::StoreError;
use domain::register::{DivisionTree, RegisterSet};
use sqlx::PgConnection;

pub(super) async fn put(
    store: &PgStore,
    set: &RegisterSet,
    tree: &DivisionTree,
) -> Result<u64, StoreError> {
    let body = serde_json::to_string(set).map_err(|e| StoreError::damaged("registers", e))?;
    let mut tx = store.pool.begin().await?;
    let row = sqlx::query("INSERT INTO registers (body) VALUES ($1) RETURNING version")
        .bind(body)
        .fetch_one(&mut *tx)
        .await?;
    divisions(&mut tx, tree).await?;
    tx.commit().await?;
    count(&row, "version")
}

/// Replaces where divisions lie.
pub(super) async fn divisions(
    tx: &mut PgConnection,
    tree: &DivisionTree,
) -> Result<(), StoreError> {
    let places = tree
        .iter()
        .filter_map(|d| Some((d.id.to_string(), tree.path(&d.id)?)));
    let (ids, paths): (Vec<_>, Vec<_>) = places.map(|(id, path)| (id, path.to_string())).unzip();
    // Two servers may put theirs at once: one after the other.
    sqlx::query("LOCK TABLE division IN SHARE ROW EXCLUSIVE MODE")
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM division")
        .execute(&mut *tx)
        .await?;
    sqlx::query("INSERT INTO division (id, path) SELECT * FROM unnest($1::text[], $2::text[])")
        .bind(ids)
        .bind(paths)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn newest(store: &PgStore) -> Result<(u64, RegisterSet), StoreError> {
    let row = sqlx::query("SELECT version, body FROM registers ORDER BY version DESC LIMIT 1")
        .fetch_optional(&store.pool)
        .await?;
    let Some(row) = row else {
        return Ok((0, RegisterSet::default()));
    };
    let body: &str = get(&row, "body")?;
    let set = serde_json::from_str(body).map_err(|e| StoreError::damaged("registers", e))?;
    Ok((count(&row, "version")?, set))
}

pub(super) async fn version(store: &PgStore) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT coalesce(max(version), 0) AS version FROM registers")
        .fetch_one(&store.pool)
        .await?;
    count(&row, "version")
}
