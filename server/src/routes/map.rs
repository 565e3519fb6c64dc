use crate::app::Shared;
use crate::http::{Caller, Failure};
use crate::store::{MapLayer, Search};
use axum::Json;
use axum::extract::{Query, State};
use domain::access::{Object, Scope};
use domain::wire::{RecordFilter, RecordMap};

/// Where the records are that the list would show.
#[utoipa::path(get, path = "/map/records", tag = "desk",
    params(("kind" = Option<String>, Query, description = "and the other fields of wire::RecordFilter")),
    responses((status = 200, description = "wire::RecordMap", body = serde_json::Value)))]
pub(super) async fn records(
    caller: Caller,
    State(app): State<Shared>,
    Query(filter): Query<RecordFilter>,
) -> Result<Json<RecordMap>, Failure> {
    caller.may(&Object::Nothing)?;
    let scope = Scope::of(&caller.actor);
    let search = Search::of(&filter.search, &app.registry.current());
    Ok(Json(app.store.map(&scope, &filter, &search).await?))
}

/// Boundaries and waters to draw below, with their sources.
#[utoipa::path(get, path = "/map/base", tag = "registers",
    responses((status = 200, description = "list of {name, source, data}: data is GeoJSON, WGS-84",
        body = serde_json::Value)))]
pub(super) async fn base(
    caller: Caller,
    State(app): State<Shared>,
) -> Result<Json<Vec<MapLayer>>, Failure> {
    caller.may(&Object::Nothing)?;
    Ok(Json(app.store.map_layers().await?))
}
