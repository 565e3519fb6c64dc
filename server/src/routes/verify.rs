use crate::app::Shared;
use crate::blobs::VaultError;
use crate::http::{Caller, Failure, Json};
use axum::extract::State;
use domain::access::Object;
use domain::wire::{Verify, VerifyAnswer};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

/// Entries, and blobs, of one question.
const ASKED: usize = 1_000;
/// Blobs that are looked for at once: an object store answers each in milliseconds.
const AT_ONCE: usize = 16;

/// Which of these are durable now? Asked before a phone deletes anything.
#[utoipa::path(post, path = "/sync/verify", tag = "sync",
    request_body(content = serde_json::Value, description = "wire::Verify"),
    responses((status = 200, description = "wire::VerifyAnswer", body = serde_json::Value)))]
pub(super) async fn verify(
    caller: Caller,
    State(app): State<Shared>,
    Json(asked): Json<Verify>,
) -> Result<axum::Json<VerifyAnswer>, Failure> {
    caller.may(&Object::Nothing)?;
    let person = &caller.signed_in()?.person;
    if asked.entries.len() > ASKED || asked.blobs.len() > ASKED {
        return Err(Failure::bad(
            "too_many_asked",
            format!("at most {ASKED} of each"),
        ));
    }
    let entries = app.store.held_entries(person, &asked.entries).await?;
    let blobs: Vec<_> = asked.blobs.iter().map(|(_, sha256)| *sha256).collect();
    let blobs = app.store.held_blobs(person, &blobs).await?;
    // The phone asks because it would delete: what the database says is not enough.
    let blobs = stream::iter(blobs)
        .map(|b| async { Ok::<_, VaultError>(app.vault.holds(&b).await?.then_some(b)) })
        .buffered(AT_ONCE)
        .try_filter_map(|found| async { Ok(found) })
        .try_collect()
        .await?;
    let receipt = app.receipts.issue(entries, blobs)?;
    Ok(axum::Json(VerifyAnswer { receipt }))
}
