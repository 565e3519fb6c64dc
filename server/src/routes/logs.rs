use crate::app::Shared;
use crate::clock;
use crate::http::{Caller, Failure, Json};
use crate::registry::name_of;
use axum::extract::{Path, State};
use domain::access::{Action, LogObject, Object, may};
use domain::ids::LogId;
use domain::wire::{CloseLog, ClosedLog, LogList, LogView};

/// Logs of one answer; a desk with more has other worries.
const LOGS: u32 = 10_000;
/// The longest reason, characters.
const REASON_CHARS: usize = 500;

/// Logs of which something is missing, as far as the caller's desk answers for their people.
#[utoipa::path(get, path = "/logs", tag = "desk",
    responses((status = 200, description = "wire::LogList", body = serde_json::Value)))]
pub(super) async fn list(
    caller: Caller,
    State(app): State<Shared>,
) -> Result<axum::Json<LogList>, Failure> {
    caller.may(&Object::Nothing)?;
    let registers = app.registry.current();
    let open = app.store.open_logs(LOGS).await?.into_iter().filter(|log| {
        let log = LogObject::of(&registers, &log.person);
        may(&caller.actor, Action::LogClose, &Object::Log(&log)).is_allowed()
    });
    let logs = open.map(|log| LogView {
        log_id: log.log_id,
        name: name_of(&registers, &log.person),
        person: log.person,
        device: log.device,
        announced: log.seq,
        missing: log.missing,
        blobs: log.blobs,
        heard_ms: log.heard_ms,
        forked: log.forked,
        closed: log.closed,
    });
    Ok(axum::Json(LogList {
        logs: logs.collect(),
    }))
}

/// The rest of a log will never come: its gaps alarm no longer. What comes after all is taken.
#[utoipa::path(post, path = "/logs/{id}/close", tag = "desk",
    params(("id" = String, Path, description = "log id")),
    request_body(content = serde_json::Value, description = "wire::CloseLog"),
    responses(
        (status = 200, description = "wire::ClosedLog", body = serde_json::Value),
        (status = 404, description = "no such log, or not the caller's to close")))]
pub(super) async fn close(
    caller: Caller,
    State(app): State<Shared>,
    Path(id): Path<String>,
    Json(close): Json<CloseLog>,
) -> Result<axum::Json<ClosedLog>, Failure> {
    let session = caller.signed_in()?;
    let id: LogId = id.parse().map_err(|_| Failure::not_found())?;
    let log = app.store.log(id).await?.ok_or_else(Failure::not_found)?;
    let object = LogObject::of(&app.registry.current(), &log.person);
    caller.may(&Object::Log(&object))?;
    let reason = close.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS {
        let detail = format!("a reason of 1 to {REASON_CHARS} characters");
        return Err(Failure::bad("reason_missing", detail));
    }
    let closed = ClosedLog {
        by: session.person.clone(),
        at_ms: clock::now(),
        reason: reason.to_owned(),
        through: log.seq,
    };
    app.store.close_log(id, &closed).await?;
    tracing::warn!(
        log = %id, person = %log.person, by = %closed.by, through = closed.through,
        missing = log.missing, reason, "a log was closed"
    );
    Ok(axum::Json(closed))
}
