use crate::app::Shared;
use crate::http::{Caller, Failure};
use crate::rescue::{Archive, Taking};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use domain::access::{LogObject, Object};
use domain::wire::RescueTaken;

/// Takes the file that a phone made of what it could not deliver, for somebody whom the caller's
/// desk answers for. Read as it comes: what arrived before a cut is kept, and sending the file
/// again goes on from there.
#[utoipa::path(post, path = "/rescues", tag = "desk",
    request_body(content = Vec<u8>, content_type = "application/zip",
        description = "a rescue file, see domain::rescue"),
    responses(
        (status = 200, description = "wire::RescueTaken", body = serde_json::Value),
        (status = 400, description = "rescue_unreadable, rescue_foreign, rescue_too_new"),
        (status = 404, description = "its person is not the caller's to answer for")))]
pub(super) async fn import(
    caller: Caller,
    State(app): State<Shared>,
    body: Body,
) -> Result<Json<RescueTaken>, Failure> {
    let session = caller.signed_in()?;
    let mut archive = Archive::new(body);
    let manifest = archive.manifest().await?;
    let log = LogObject::of(&app.registry.current(), &manifest.person);
    caller.may(&Object::Log(&log))?;
    let device = manifest.device_id.unwrap_or(session.device);
    let taken = Taking::new(&app, manifest, device).all(archive).await?;
    tracing::info!(
        person = %taken.person, by = %session.person, stored = taken.stored,
        known = taken.known, blobs = taken.blobs, refused = taken.refused.len(),
        whole = taken.whole, "a rescue file was taken"
    );
    Ok(Json(taken))
}
