use super::records::{object, view_of};
use crate::app::Shared;
use crate::http::{Caller, Failure, Json};
use crate::ingest::Job;
use crate::own_log::{Note, OwnLogError};
use crate::registry::name_of;
use crate::store::{Doubt, StoreError, StoredEntry, StoredRecord};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::access::{Object, Scope};
use domain::ids::EntryId;
use domain::record::{Fields, Vetting, VettingRuling};
use domain::wire::{Doubtful, EntryStatus, QuarantineList, Vet};
use serde::Deserialize;

/// Entries of one page: nobody looks at more at once.
const ROWS: u32 = 50;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    after: u64,
}

/// 待核实: what waits for the caller to look at it.
#[utoipa::path(get, path = "/quarantine", tag = "desk",
    params(("after" = Option<u64>, Query, description = "`next` of the page before")),
    responses((status = 200, description = "wire::QuarantineList", body = serde_json::Value)))]
pub(super) async fn list(
    caller: Caller,
    State(app): State<Shared>,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<QuarantineList>, Failure> {
    caller.may(&Object::Nothing)?;
    let (scope, me) = (Scope::deciding(&caller.actor), &caller.signed_in()?.person);
    let found = app.store.doubts(&scope, me, asked.after, ROWS).await?;
    let full = u32::try_from(found.rows.len()).is_ok_and(|n| n == ROWS);
    let next = found.rows.last().filter(|_| full).map(|(mark, _)| *mark);
    let mut rows = Vec::with_capacity(found.rows.len());
    for (_, doubt) in found.rows {
        // Ruled about since, or gone with a purge.
        rows.extend(doubtful(&app, &doubt).await?);
    }
    Ok(axum::Json(QuarantineList {
        rows,
        next,
        total: found.total,
    }))
}

/// 采信 or 不予采信. It stands in the server's own log, with who ruled and why; ruled about once, an
/// entry is not ruled about again.
#[utoipa::path(post, path = "/quarantine/{entry}", tag = "desk",
    params(("entry" = String, Path, description = "entry id")),
    request_body(content = serde_json::Value, description = "wire::Vet"),
    responses(
        (status = 200, description = "record::Vetting that holds", body = serde_json::Value),
        (status = 404, description = "no such entry that waits, or hidden"),
        (status = 409, description = "`already_vetted` the other way, or `not_readable`")))]
pub(super) async fn vet(
    caller: Caller,
    State(app): State<Shared>,
    Path(id): Path<String>,
    Json(asked): Json<Vet>,
) -> Result<axum::Json<Vetting>, Failure> {
    let session = caller.signed_in()?;
    let (doubt, record) = waiting(&app, &id).await?;
    caller.may(&Object::Doubt {
        record: &object(&app, &record),
        author: &doubt.author,
    })?;
    let asked = ruled(asked, &doubt, session.person.clone())?;
    if doubt.ruled_by.is_none() {
        // A newer version of the server may read it: until then it waits.
        let accepts = asked.ruling == VettingRuling::Accepted;
        if accepts && !entry(&record, doubt.entry_id).is_some_and(is_readable) {
            return Err(Failure::new(StatusCode::CONFLICT, "not_readable"));
        }
        write(&app, &record, asked.clone()).await?;
    }
    // Somebody else may have been faster: what holds is what the store says.
    let held = holding(&app, doubt.entry_id).await?;
    if held.ruling != asked.ruling {
        return Err(Failure::new(StatusCode::CONFLICT, "already_vetted"));
    }
    tracing::warn!(
        entry = %held.entry, author = %doubt.author, by = %held.by,
        ruling = held.ruling.as_str(), reason = held.reason, "ruled about an entry in quarantine"
    );
    Ok(axum::Json(held))
}

/// What is asked, as it would be written down.
fn ruled(asked: Vet, doubt: &Doubt, by: domain::register::PersonId) -> Result<Vetting, Failure> {
    if let VettingRuling::Other(word) = &asked.ruling {
        return Err(Failure::bad("ruling_unknown", word.clone()));
    }
    let reason = Vetting::read_reason(&asked.reason).ok_or_else(|| {
        let detail = format!("a reason of 1 to {} characters", Vetting::MAX_REASON);
        Failure::bad("reason_missing", detail)
    })?;
    Ok(Vetting {
        entry: doubt.entry_id,
        ruling: asked.ruling,
        reason,
        by,
    })
}

/// The entry that waits, or waited, and its record.
async fn waiting(app: &Shared, id: &str) -> Result<(Doubt, StoredRecord), Failure> {
    let id: EntryId = id.parse().map_err(|_| Failure::not_found())?;
    let doubt = app.store.doubt(id).await?.ok_or_else(Failure::not_found)?;
    let record = app.store.record(doubt.record_id).await?;
    Ok((doubt, record.ok_or_else(Failure::not_found)?))
}

async fn write(app: &Shared, record: &StoredRecord, vetting: Vetting) -> Result<(), Failure> {
    let note = Note {
        record: record.id(),
        division: record.row.division.clone(),
        reach: record.row.reach.clone(),
        fields: Fields::Vetting(vetting),
    };
    let own = app.own_log().write(note);
    let job = Job {
        own: vec![own.map_err(|e: OwnLogError| Failure::broken(&e))?],
        ..Job::default()
    };
    for held in app.ingest.submit(job).await? {
        if held.status != EntryStatus::Accepted {
            let why = StoreError::damaged("vetting", held.reason.unwrap_or_default());
            return Err(Failure::broken(&why));
        }
    }
    Ok(())
}

/// The ruling that holds about an entry.
async fn holding(app: &Shared, id: EntryId) -> Result<Vetting, Failure> {
    let (doubt, record) = waiting(app, &id.to_string()).await?;
    let held = doubt.ruled_by.and_then(|by| entry(&record, by));
    let held = held.and_then(|e| Vetting::of(&e.entry.clone().check_kept().ok()?));
    held.ok_or_else(|| Failure::broken(&StoreError::damaged("vetting", id)))
}

async fn doubtful(app: &Shared, doubt: &Doubt) -> Result<Option<Doubtful>, Failure> {
    let Some(mut record) = app.store.record(doubt.record_id).await? else {
        return Ok(None);
    };
    let at = record
        .entries
        .iter()
        .position(|e| e.entry_id == doubt.entry_id);
    let Some(found) = at.map(|at| record.entries.swap_remove(at)) else {
        return Ok(None);
    };
    record.row.author_name = name_of(&app.registry.current(), &record.row.author);
    Ok(Some(Doubtful {
        readable: is_readable(&found),
        row: record.row,
        entry: view_of(app, found)?,
    }))
}

fn entry(record: &StoredRecord, id: EntryId) -> Option<&StoredEntry> {
    record.entries.iter().find(|e| e.entry_id == id)
}

/// Whether it can count at all: it reads, and is none of those that only the server writes.
fn is_readable(entry: &StoredEntry) -> bool {
    let checked = entry.entry.clone().check_kept();
    checked.is_ok_and(|e| !e.header().kind.is_servers() && e.body().is_ok())
}
