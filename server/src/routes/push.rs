use crate::app::Shared;
use crate::http::{Caller, Failure, Json, Lent, SignedIn};
use crate::ingest::Job;
use crate::store::{Arrival, Held, Refusal};
use axum::extract::State;
use domain::access::Object;
use domain::entry::{Entry, Header, limits};
use domain::wire::{Push, PushAnswer, PushResult};

/// The author is not the signed-in person, and no device key vouches for it.
const AUTHOR_MISMATCH: &str = "author_mismatch";
/// Sent for an absent person, with a signature that no key of this device made.
const SIGNATURE_WRONG: &str = "signature_wrong";

/// Takes entries; answers after the commit, with one receipt over everything that is held.
#[utoipa::path(post, path = "/sync/push", tag = "sync",
    request_body(content = serde_json::Value, description = "wire::Push, perhaps gzipped"),
    responses((status = 200, description = "wire::PushAnswer", body = serde_json::Value)))]
pub(super) async fn push(
    caller: Caller,
    State(app): State<Shared>,
    Json(push): Json<Push>,
) -> Result<axum::Json<PushAnswer>, Failure> {
    caller.may(&Object::Nothing)?;
    let session = caller.signed_in()?;
    within_limits(&push)?;
    // A tab that does not know yet that somebody else signed in sends unsigned: it is told that
    // its session is over, which is no fault of the entries.
    if session.lent.is_some() && push.entries.iter().any(|e| e.sig.is_none()) {
        return Err(Failure::sign_in_required());
    }
    let hashes: Vec<_> = push.entries.iter().map(Entry::hash).collect();
    let mut job = Job::default();
    // For each entry as sent: what refused it, or nothing if it went on to the store.
    let mut refused = Vec::with_capacity(hashes.len());
    for entry in push.entries {
        match sort(&caller, session, entry) {
            Ok(arrival) => {
                job.arrivals.push(arrival);
                refused.push(None);
            }
            Err(refusal) => {
                refused.push(Some(Held::refused(&refusal.reason)));
                job.refusals.push(*refusal);
            }
        }
    }
    let mut stored = app.ingest.submit(job).await?.into_iter();
    let held: Vec<Held> = refused
        .into_iter()
        .filter_map(|r| r.or_else(|| stored.next()))
        .collect();
    let receipt = receipt(&app, &held)?;
    let results = hashes
        .into_iter()
        .zip(held)
        .map(|(entry_hash, held)| PushResult {
            entry_hash,
            status: held.status,
            reason: held.reason,
            missing_blobs: held.missing,
        });
    Ok(axum::Json(PushAnswer {
        results: results.collect(),
        receipt,
    }))
}

fn within_limits(push: &Push) -> Result<(), Failure> {
    let bytes: usize = push.entries.iter().map(Entry::bytes).sum();
    if push.entries.len() > limits::PUSH_ENTRIES || bytes > limits::PUSH_BYTES {
        let (most, most_bytes) = (limits::PUSH_ENTRIES, limits::PUSH_BYTES);
        let detail = format!("at most {most} entries and {most_bytes} bytes of text");
        let status = axum::http::StatusCode::PAYLOAD_TOO_LARGE;
        return Err(Failure::new(status, "push_too_large").because(detail));
    }
    Ok(())
}

/// Refused is only what is no entry, or is not the caller's to send.
fn sort(caller: &Caller, session: &SignedIn, entry: Entry) -> Result<Arrival, Box<Refusal>> {
    let refuse = |entry: Entry, reason: &str| {
        Box::new(Refusal {
            place: domain::json::read::<Header>(&entry.header)
                .ok()
                .map(|h| (h.log_id, h.seq)),
            entry,
            reason: reason.to_owned(),
            sender: session.person.clone(),
        })
    };
    let checked = entry
        .clone()
        .check()
        .map_err(|why| refuse(entry, why.code()))?;
    let author = &checked.header().author;
    // Whoever may be registered under the server's name is not the server.
    if checked.header().is_servers() || caller.may(&Object::Entry { author }).is_err() {
        return Err(refuse(checked.into_raw(), AUTHOR_MISMATCH));
    }
    let signed = |lent: &Lent| {
        let raw = checked.raw();
        let sig = raw.sig.as_deref().unwrap_or_default();
        lent.keys.iter().any(|key| key.signed(&raw.header, sig))
    };
    if session.lent.as_ref().is_some_and(|lent| !signed(lent)) {
        return Err(refuse(checked.into_raw(), SIGNATURE_WRONG));
    }
    Ok(Arrival {
        entry: checked,
        device: session.device,
    })
}

fn receipt(
    app: &Shared,
    held: &[Held],
) -> Result<Option<domain::receipt::Receipt>, serde_json::Error> {
    let entries: Vec<_> = held.iter().filter_map(|h| h.held.clone()).collect();
    let mut blobs: Vec<_> = held.iter().flat_map(|h| h.blobs.iter().cloned()).collect();
    let mut seen = std::collections::BTreeSet::new();
    blobs.retain(|b| seen.insert(b.sha256));
    if entries.is_empty() {
        Ok(None)
    } else {
        app.receipts.issue(entries, blobs).map(Some)
    }
}
