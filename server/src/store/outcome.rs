//! What each arrival of a batch is answered, the same on every engine.

use super::plan::{Plan, Step};
use super::{Arrival, Held, Refusal, reason};
use domain::hash::Sha256;
use domain::ids::EntryId;
use domain::receipt::{HeldBlob, HeldEntry};
use domain::register::PersonId;
use domain::time::WallMs;
use domain::wire::EntryStatus;
use std::collections::HashMap;

/// Whether an entry waits for a predecessor, and whether its place in its log is contested.
pub(crate) type Places = HashMap<EntryId, (bool, bool)>;
/// Blobs that a person has delivered.
pub(crate) type Delivered = HashMap<(PersonId, Sha256), HeldBlob>;

/// One per arrival, in order.
pub(crate) fn outcomes(
    arrivals: &[Arrival],
    plan: &Plan,
    places: &Places,
    delivered: &Delivered,
    (now, epoch): (WallMs, u64),
) -> Vec<Held> {
    let held = arrivals.iter().zip(&plan.steps).map(|(arrival, step)| {
        let (header, hash) = (arrival.entry.header(), arrival.entry.hash());
        let (status, reason, held) = match step {
            Step::Clash => return Held::refused(reason::ID_REUSED),
            Step::Same(known) => (
                EntryStatus::Duplicate,
                &known.quarantine,
                known.held.clone(),
            ),
            Step::Keep { quarantine } => {
                let status = if quarantine.is_some() {
                    EntryStatus::Quarantined
                } else {
                    EntryStatus::Accepted
                };
                let held = HeldEntry {
                    hash,
                    received_ms: now,
                    epoch,
                };
                (status, quarantine, held)
            }
        };
        let erased = matches!(step, Step::Same(known) if known.erased);
        let (waiting, forked) = places.get(&header.entry_id).copied().unwrap_or_default();
        let of_author = |sha: &Sha256| delivered.get(&(header.author.clone(), *sha)).cloned();
        Held {
            status,
            reason: reason.clone(),
            held: Some(held),
            blobs: header
                .blobs
                .iter()
                .filter_map(|b| of_author(&b.sha256))
                .collect(),
            missing: Vec::new(),
            waiting,
            forked,
        }
        .without_held(if erased { &[] } else { &header.blobs })
    });
    held.collect()
}

/// An arrival that the store did not take is kept beside the entries.
pub(crate) fn refusal((arrival, held): (&Arrival, &Held)) -> Option<Refusal> {
    let header = arrival.entry.header();
    (held.status == EntryStatus::Refused).then(|| Refusal {
        entry: arrival.entry.raw().clone(),
        place: Some((header.log_id, header.seq)),
        reason: held.reason.clone().unwrap_or_default(),
        sender: header.author.clone(),
    })
}
