use super::PgStore;
use super::codec::{count, get, int, uuid};
use super::desk::{filtered, matching, number, spot};
use crate::store::{MapLayer, Search, StoreError};
use domain::access::Scope;
use domain::case::Stage;
use domain::ids::RecordId;
use domain::wire::{RecordFilter, RecordMap, RecordPoint};
use serde_json::value::RawValue;
use sqlx::postgres::PgRow;

/// More points than that are a blot; the filters make them fewer.
const POINTS: u32 = 5_000;

pub(super) async fn records(
    store: &PgStore,
    scope: &Scope,
    filter: &RecordFilter,
    search: &Search,
) -> Result<RecordMap, StoreError> {
    let others = sqlx::query(concat!(
        "SELECT count(*) AS others",
        matching!(),
        " AND r.lat_e7 IS NULL"
    ));
    let others = filtered(others, (scope, filter, search))?
        .fetch_one(&store.pool)
        .await?;
    let rows = sqlx::query(concat!(
        "SELECT r.record_id, r.shard, r.number, r.kind, r.stage, r.lat_e7, r.lon_e7",
        matching!(),
        " AND r.lat_e7 IS NOT NULL
          ORDER BY r.received_ms DESC, r.record_id DESC LIMIT $27"
    ));
    let rows = filtered(rows, (scope, filter, search))?
        .bind(i64::from(POINTS) + 1)
        .fetch_all(&store.pool)
        .await?;
    let points: Vec<RecordPoint> = rows
        .iter()
        .take(POINTS as usize)
        .filter_map(|row| point(row).transpose())
        .collect::<Result<_, _>>()?;
    Ok(RecordMap {
        points,
        others: count(&others, "others")?,
        beyond: rows.len() > POINTS as usize,
    })
}

fn point(row: &PgRow) -> Result<Option<RecordPoint>, StoreError> {
    let Some(at) = spot(row)? else {
        return Ok(None);
    };
    Ok(Some(RecordPoint {
        record_id: RecordId::new(uuid(row, "record_id")?),
        number: number(row)?,
        kind: get(row, "kind")?,
        stage: Stage::from(get::<String, _>(row, "stage")?),
        at,
    }))
}

pub(super) async fn put_layers(store: &PgStore, layers: &[MapLayer]) -> Result<(), StoreError> {
    let mut tx = store.pool.begin().await?;
    // Two servers may put theirs at once: one after the other.
    sqlx::query("LOCK TABLE map_layer IN SHARE ROW EXCLUSIVE MODE")
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM map_layer")
        .execute(&mut *tx)
        .await?;
    for (place, layer) in (0_u64..).zip(layers) {
        sqlx::query("INSERT INTO map_layer (name, place, source, geojson) VALUES ($1, $2, $3, $4)")
            .bind(&layer.name)
            .bind(int(place)?)
            .bind(&layer.source)
            .bind(layer.data.get())
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

pub(super) async fn layers(store: &PgStore) -> Result<Vec<MapLayer>, StoreError> {
    let rows = sqlx::query("SELECT name, source, geojson FROM map_layer ORDER BY place")
        .fetch_all(&store.pool)
        .await?;
    let layer = |row: &PgRow| {
        Ok(MapLayer {
            name: get(row, "name")?,
            source: get(row, "source")?,
            data: RawValue::from_string(get(row, "geojson")?)
                .map_err(|e| StoreError::damaged("map_layer", e))?,
        })
    };
    rows.iter().map(layer).collect()
}
