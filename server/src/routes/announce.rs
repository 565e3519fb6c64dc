use crate::app::Shared;
use crate::http::{Caller, Failure, Json};
use axum::extract::State;
use domain::access::Object;
use domain::wire::{Announce, AnnounceAnswer};

/// More logs than one installation ever has.
const HEADS: usize = 64;

/// What is on a phone and not yet here; answered with what is missing.
#[utoipa::path(post, path = "/sync/announce", tag = "sync",
    request_body(content = serde_json::Value, description = "wire::Announce"),
    responses((status = 200, description = "wire::AnnounceAnswer", body = serde_json::Value)))]
pub(super) async fn announce(
    caller: Caller,
    State(app): State<Shared>,
    Json(announce): Json<Announce>,
) -> Result<axum::Json<AnnounceAnswer>, Failure> {
    caller.may(&Object::Nothing)?;
    let session = caller.signed_in()?;
    if announce.heads.len() > HEADS {
        return Err(Failure::bad("too_many_heads", format!("at most {HEADS}")));
    }
    let gaps = app.store.gaps(&session.person, &announce.heads).await?;
    tracing::info!(
        person = %session.person,
        device = %session.device,
        unsent = announce.unsent,
        unsent_bytes = announce.unsent_bytes,
        blobs = announce.blobs,
        blob_bytes = announce.blob_bytes,
        oldest_age_ms = announce.oldest_age_ms,
        parked = announce.parked,
        persisted = announce.persisted,
        app = announce.app_version,
        gaps = gaps.len(),
        "announced"
    );
    Ok(axum::Json(AnnounceAnswer { gaps }))
}
