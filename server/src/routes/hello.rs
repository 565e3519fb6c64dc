use crate::app::Shared;
use crate::clock;
use crate::http::{Caller, Failure};
use crate::scope::scope_version;
use axum::Json;
use axum::extract::State;
use domain::access::Object;
use domain::receipt::ReceiptKey;
use domain::wire::{Hello, Limits};

/// Is this our server, and what does it take?
#[utoipa::path(get, path = "/sync/hello", tag = "sync",
    responses((status = 200, description = "wire::Hello", body = serde_json::Value)))]
pub(super) async fn hello(
    caller: Caller,
    State(app): State<Shared>,
) -> Result<Json<Hello>, Failure> {
    caller.may(&Object::Nothing)?;
    let now = clock::now();
    let session = caller.session();
    let submit_only = session.is_some_and(|s| s.lent.is_some());
    let own = session.filter(|_| !submit_only);
    let scope = own.map(|s| scope_version(&app.registry.current(), &s.person, now));
    Ok(Json(Hello {
        service: "xunhe".to_owned(),
        server_id: app.server_id,
        epoch: app.epoch(),
        time_ms: now,
        limits: Limits::default(),
        scope_version: scope.unwrap_or(0),
        registers_version: app.registry.version(),
        receipt_keys: app.receipts.keys(),
        signed_in: session.is_some(),
        backed_up_ms: app.backups.newest().await,
        submit_only,
    }))
}

/// The keys that receipts are signed with, newest first: for whoever checks one later.
#[utoipa::path(get, path = "/receipt-keys", tag = "sync",
    responses((status = 200, description = "receipt::ReceiptKey, several", body = serde_json::Value)))]
pub(super) async fn receipt_keys(
    caller: Caller,
    State(app): State<Shared>,
) -> Result<Json<Vec<ReceiptKey>>, Failure> {
    caller.may(&Object::Nothing)?;
    Ok(Json(app.receipts.keys()))
}
