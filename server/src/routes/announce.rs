use crate::app::Shared;
use crate::clock;
use crate::http::{Caller, Failure, Json};
use crate::seen;
use crate::store::Announced;
use axum::extract::State;
use domain::access::Object;
use domain::wire::{Announce, AnnounceAnswer};

/// More logs than one installation ever has.
const HEADS: usize = 64;
/// Of an app's version, this much is kept.
const VERSION_CHARS: usize = 32;

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
    if let Some(seen) = &announce.seen {
        seen::compare(&app, &session.person, seen).await?;
    }
    let announced = Announced {
        person: session.person.clone(),
        device: session.device,
        heads: announce.heads,
        unsent: announce.unsent,
        unsent_bytes: announce.unsent_bytes,
        oldest_age_ms: announce.oldest_age_ms,
        blobs: announce.blobs,
        blob_bytes: announce.blob_bytes,
        parked: announce.parked,
        app_version: announce.app_version.chars().take(VERSION_CHARS).collect(),
        persisted: announce.persisted,
        room: announce.room,
        now: clock::now(),
    };
    app.store.announce(&announced).await?;
    let gaps = app.store.gaps(&session.person, &announced.heads).await?;
    tracing::info!(
        person = %session.person,
        device = %session.device,
        unsent = announced.unsent,
        unsent_bytes = announced.unsent_bytes,
        blobs = announced.blobs,
        blob_bytes = announced.blob_bytes,
        oldest_age_ms = announced.oldest_age_ms,
        parked = announced.parked,
        persisted = announced.persisted,
        app = announced.app_version,
        gaps = gaps.len(),
        "announced"
    );
    let epoch = Some(app.epoch());
    Ok(axum::Json(AnnounceAnswer { gaps, epoch }))
}
