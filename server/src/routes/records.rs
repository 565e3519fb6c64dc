use crate::app::Shared;
use crate::http::{Caller, Failure};
use crate::registry::{Named, name_of, record_object};
use crate::store::{RecordPlace, Search, StoredEntry, StoredRecord};
use axum::Json;
use axum::extract::{Path, Query, State};
use domain::access::{Object, RecordObject, Scope};
use domain::entry::Kind;
use domain::ids::RecordId;
use domain::receipt::{HeldBlob, HeldEntry};
use domain::wire::{BlobView, EntryView, RecordFilter, RecordPage, RecordView};

/// A page of the records that the caller sees, newest received first.
#[utoipa::path(get, path = "/records", tag = "desk",
    params(("kind" = Option<String>, Query, description = "and the other fields of wire::RecordFilter")),
    responses((status = 200, description = "wire::RecordPage", body = serde_json::Value)))]
pub(super) async fn list(
    caller: Caller,
    State(app): State<Shared>,
    Query(filter): Query<RecordFilter>,
) -> Result<Json<RecordPage>, Failure> {
    caller.may(&Object::Nothing)?;
    let registers = app.registry.current();
    let search = Search::of(&filter.search, &registers);
    let scope = Scope::of(&caller.actor);
    let page = app.store.records(&scope, &filter, &search).await?;
    let mut rows = page.rows;
    for row in &mut rows {
        row.author_name = name_of(&registers, &row.author);
    }
    Ok(Json(RecordPage {
        rows,
        next: page.next,
        total: page.total,
        beyond: page.beyond,
    }))
}

/// Everything about one record.
#[utoipa::path(get, path = "/records/{id}", tag = "desk",
    params(("id" = String, Path, description = "record id")),
    responses((status = 200, description = "wire::RecordView", body = serde_json::Value)))]
pub(super) async fn read(
    caller: Caller,
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json<RecordView>, Failure> {
    let record = visible(&app, &caller, &id).await?;
    let registers = app.registry.current();
    let mut row = record.row;
    row.author_name = name_of(&registers, &row.author);
    let entries = record.entries.into_iter().map(|entry| {
        let author_name = name_of(&registers, &entry.author);
        let named = Named::of(&registers, &entry.entry);
        view(&app, entry, author_name, named)
    });
    Ok(Json(RecordView {
        row,
        entries: entries.collect::<Result<_, _>>()?,
    }))
}

/// The record, if the caller may see it. What is not there and what is hidden look the same.
pub(super) async fn visible(
    app: &Shared,
    caller: &Caller,
    id: &str,
) -> Result<StoredRecord, Failure> {
    caller.signed_in()?;
    let id: RecordId = id.parse().map_err(|_| Failure::not_found())?;
    let record = app.store.record(id).await?.ok_or_else(Failure::not_found)?;
    caller.may(&Object::Record(&object(app, &record)))?;
    Ok(record)
}

/// A record as the rules look at it.
pub(super) fn object(app: &Shared, record: &StoredRecord) -> RecordObject {
    let place = RecordPlace {
        author: record.row.author.clone(),
        on_behalf_of: record.on_behalf_of.clone(),
        kind: Kind::from(record.row.kind.clone()),
        division: record.row.division.clone(),
        divisions: record.divisions.clone(),
        reach: record.row.reach.clone(),
        units: record.units.clone(),
        assignee: record.row.assignee.clone(),
        outfall: record.outfall.clone(),
    };
    record_object(&app.registry.current(), &place)
}

fn view(
    app: &Shared,
    entry: StoredEntry,
    author_name: String,
    named: Named,
) -> Result<EntryView, serde_json::Error> {
    let held = HeldEntry {
        hash: entry.hash,
        received_ms: entry.received_ms,
        epoch: entry.epoch,
    };
    let blobs = entry.blobs.iter().filter_map(|b| {
        Some(HeldBlob {
            sha256: b.blob.sha256,
            size: b.blob.size,
            received_ms: b.held_ms?,
        })
    });
    let receipt = app.receipts.issue(vec![held], blobs.collect())?;
    Ok(EntryView {
        entry: entry.entry,
        hash: entry.hash,
        author_name,
        post_name: named.post,
        names: named.persons,
        received_ms: entry.received_ms,
        feed: entry.feed,
        quarantine: entry.quarantine,
        verdict: entry.verdict,
        waiting: entry.waiting,
        forked: entry.forked,
        receipt,
        blobs: entry
            .blobs
            .into_iter()
            .map(|b| BlobView {
                blob: b.blob,
                held_ms: b.held_ms,
            })
            .collect(),
    })
}
