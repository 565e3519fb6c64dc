use crate::app::Shared;
use crate::http::{Caller, Failure};
use axum::extract::State;
use domain::access::Object;

/// Whether the server can read its data.
#[utoipa::path(get, path = "/healthz", tag = "server",
    responses((status = 200, description = "`ok`", body = String)))]
pub(super) async fn health(
    caller: Caller,
    State(app): State<Shared>,
) -> Result<&'static str, Failure> {
    caller.may(&Object::Nothing)?;
    app.store.identity().await?;
    Ok("ok")
}
