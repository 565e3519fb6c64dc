//! Going on from a record that is there: a new version of it, or, where the platform did not take
//! it, the same once more with what was wrong put right.

use super::begin::begin;
use super::progress::{own, parked};
use crate::device::{clock, random};
use crate::model::App;
use crate::store::RecordEntries;
use crate::ui::{Link, Notice, Tone};
use crate::way::Way;
use crate::words::{Key, t};
use domain::entry::{BlobRole, Header, Kind};
use domain::ids::EntryId;
use domain::record::{DerivedPhoto, Draft, DraftPhoto, Fields, PhotoSide, Subject, Version};
use leptos::prelude::*;

/// 平台未收: why, that nothing is lost, and the four ways on.
#[component]
pub(super) fn Amend(record: RecordEntries, why: String) -> impl IntoView {
    let (app, way) = (App::here(), Way::here());
    let export = format!("/rescue/{}", record.record_id);
    let refused = own(&record).filter(|(_, d)| parked(d).is_some());
    let refused: Vec<EntryId> = refused.map(|(e, _)| e.entry.header().entry_id).collect();
    let again = move |_| {
        let version = record.fold().and_then(|r| r.current().cloned());
        if let Some(version) = version {
            begin(app, way, once_more(&record, &version));
        }
    };
    let offer = move |_| {
        if let Some(session) = app.session.get_untracked() {
            for id in &refused {
                session.runner.offer_again(*id);
            }
        }
    };
    view! {
        <Notice tone=Tone::Bad testid="parked-reason">
            <p>{why}</p>
            <p class="small">{t(Key::OutboxParkedWhy)}</p>
        </Notice>
        <button type="button" class="button button-main button-wide" data-testid="amend" on:click=again>
            {t(Key::ParkedAmend)}
        </button>
        <button type="button" class="button button-wide" data-testid="offer-again" on:click=offer>
            {t(Key::ParkedOffer)}
        </button>
        <Link href=export class="button button-wide" testid="parked-export">{t(Key::ParkedExport)}</Link>
    }
}

/// A draft of a new version of the record.
pub(super) fn next_version(record: &RecordEntries, version: &Version) -> Draft {
    let mut draft = same(record, version);
    draft.version_of = Some((record.record_id, version.entry_id));
    draft.earlier = (
        version.fields.before().to_vec(),
        version.fields.after().to_vec(),
    );
    draft
}

/// A draft of a record of its own with the same content and photos.
fn once_more(record: &RecordEntries, version: &Version) -> Draft {
    let mut draft = same(record, version);
    draft.instead_of = Some(record.record_id);
    draft
        .place
        .clone_from(&version.body.place.clone().unwrap_or_default());
    draft.patrol = version.body.patrol;
    draft.outcome = version.fields.outcome().cloned();
    match &version.fields {
        Fields::Cleanup(cleanup) => draft.amount.clone_from(&cleanup.amount),
        Fields::Discharge(discharge) => draft.signs.clone_from(&discharge.signs),
        _ => {}
    }
    let headers = record.entries.iter().map(|e| e.entry.header());
    draft.photos = headers.flat_map(|h| photos(h, version)).collect();
    draft
}

fn photos(header: &Header, version: &Version) -> Vec<DraftPhoto> {
    let originals = header.blobs.iter().filter(|b| b.role == BlobRole::Photo);
    let photo = originals.map(|b| {
        let mut captures = version.body.captures.iter();
        let capture = captures.find(|c| c.sha256 == b.sha256);
        let after = version.fields.after().contains(&b.sha256);
        let copies = header.blobs.iter().filter(|c| c.of == Some(b.sha256));
        DraftPhoto {
            sha256: b.sha256,
            size: b.size,
            mime: b.mime.clone(),
            side: if after {
                PhotoSide::After
            } else {
                PhotoSide::Before
            },
            captured_via: b.captured_via.clone(),
            wall_ms: capture.map_or(version.body.clock.wall_ms, |c| c.wall_ms),
            fix: capture.and_then(|c| c.fix.clone()),
            derived: copies
                .map(|c| DerivedPhoto {
                    sha256: c.sha256,
                    size: c.size,
                    mime: c.mime.clone(),
                    role: c.role.clone(),
                })
                .collect(),
        }
    });
    photo.collect()
}

/// Kind, post, place in the registers, problem and words.
fn same(record: &RecordEntries, version: &Version) -> Draft {
    let first = record.entries.first().map(|e| e.entry.header());
    let subject = match first.map(|h| &h.kind) {
        Some(Kind::Finding) => Subject::Finding,
        Some(Kind::Discharge) => Subject::Discharge,
        _ => Subject::Cleanup,
    };
    let mut draft = Draft::new(random::draft_id(), subject, clock::wall());
    draft.acting_post = first.and_then(|h| h.acting_post.clone());
    draft.reach.clone_from(&version.body.reach);
    draft.division.clone_from(&version.body.division);
    draft.problem = version.fields.problem().cloned();
    if let Some(words) = version.fields.words() {
        words.clone_into(&mut draft.note);
    }
    draft
}
