//! The entries of a patrol: where it began, each part of its track, how it ended.

use super::{Ending, Walked};
use crate::VERSION;
use crate::device::{clock, random};
use crate::store::{ActivePatrol, LocalStore, StoredPhoto};
use domain::entry::{BlobRef, BlobRole, Body, CapturedVia, Unsealed};
use domain::ids::EntryId;
use domain::patrol::{PatrolFinish, PatrolStart, Tally, TrackFix, TrackPart};
use domain::record::Fields;

pub(super) fn start(
    store: &LocalStore,
    active: &ActivePatrol,
    entry_id: EntryId,
) -> Result<Unsealed, &'static str> {
    let rule = active.rule.as_ref().map(|r| r.id.clone());
    let start = Fields::PatrolStart(PatrolStart { rule });
    write(store, active, entry_id, &start, Vec::new())
}

/// `active` already names the part as its last.
pub(super) fn part(
    store: &LocalStore,
    active: &ActivePatrol,
    fixes: &[TrackFix],
    first: &TrackFix,
    last: &TrackFix,
    kept: StoredPhoto,
) -> Result<Unsealed, &'static str> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let part = Fields::Track(TrackPart {
        number: count(active.parts.len()),
        from_ms: first.at(),
        to_ms: last.at(),
        fixes: count(fixes.len()),
        track: kept.sha256,
    });
    let blob = BlobRef {
        sha256: kept.sha256,
        size: kept.size,
        mime: "application/octet-stream".to_owned(),
        role: BlobRole::Track,
        of: None,
        captured_via: CapturedVia::InApp,
    };
    write(store, active, fresh(), &part, vec![blob])
}

pub(super) fn finish(
    store: &LocalStore,
    active: &ActivePatrol,
    walked: &Walked,
    ending: Ending,
) -> Result<Unsealed, &'static str> {
    let (seconds, metres) = whole(&walked.tally);
    let finish = Fields::PatrolFinish(PatrolFinish {
        parts: u32::try_from(active.parts.len()).unwrap_or(u32::MAX),
        seconds,
        metres,
        percent: walked.percent,
        gaps: walked.tally.gaps,
        found: ending.found,
        rule: active.rule.as_ref().map(|r| r.id.clone()),
        lacking: walked.lacking.unwrap_or_default(),
        explanation: ending.explanation,
        note: ending.note,
    });
    write(store, active, fresh(), &finish, Vec::new())
}

fn fresh() -> EntryId {
    EntryId::new(random::draft_id().raw())
}

/// Whole seconds and metres.
pub(super) fn whole(tally: &Tally) -> (u32, u32) {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "metres of one patrol, never negative"
    )]
    let metres = tally.metres.floor() as u32;
    (
        u32::try_from(tally.tracked_ms / 1_000).unwrap_or(u32::MAX),
        metres,
    )
}

fn write(
    store: &LocalStore,
    active: &ActivePatrol,
    entry_id: EntryId,
    fields: &Fields,
    blobs: Vec<BlobRef>,
) -> Result<Unsealed, &'static str> {
    Ok(Unsealed {
        entry_id,
        record_id: active.record,
        author: store.person().clone(),
        acting_post: Some(active.post.clone()),
        on_behalf_of: None,
        kind: fields.kind(),
        blobs,
        body: Body {
            salt: random::hex(),
            app_version: VERSION.to_owned(),
            clock: clock::facts(None),
            reach: active.reach.clone(),
            division: Some(active.division.clone()),
            place: None,
            participants: Vec::new(),
            basis: None,
            patrol: None,
            captures: Vec::new(),
            fields: fields.write().map_err(|_| "store_failed")?,
        },
    })
}
