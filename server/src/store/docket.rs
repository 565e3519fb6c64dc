//! The docket of a record: its steps in the order in which they count, and judging those that
//! were not judged yet.

use super::plan::KeptEntry;
use domain::case::{self, Case, Told, Verdict};
use domain::entry::Kind;
use domain::ids::{EntryId, RecordId};
use domain::record::{Fields, Record};

/// The record and its case as they stand; `None` while the entry that begins it is missing.
///
/// What somebody must look at first does not count yet, but for the entry that the record cannot
/// be shown without.
pub(crate) fn fold(id: RecordId, entries: &[KeptEntry]) -> Option<(Record, Case)> {
    let first = |k: &KeptEntry| k.entry.header().entry_id.as_record() == id;
    let counted = entries.iter().filter(|k| !k.quarantined || first(k));
    case::fold(
        id,
        counted.map(|k| Told {
            entry: &k.entry,
            verdict: k.verdict.as_ref(),
            received: Some(k.received_ms),
        }),
    )
}

/// Judges every step that can be judged now, and puts it where it counts: at the end. Gives the
/// steps judged, in that order.
pub(crate) fn judge(id: RecordId, entries: &mut Vec<KeptEntry>) -> Vec<EntryId> {
    let mut judged = Vec::new();
    while let Some((place, verdict)) = next(id, entries) {
        let mut kept = entries.remove(place);
        kept.verdict = Some(verdict);
        judged.push(kept.entry.header().entry_id);
        entries.push(kept);
    }
    judged
}

fn next(id: RecordId, entries: &[KeptEntry]) -> Option<(usize, Verdict)> {
    let open = |k: &KeptEntry| {
        k.entry.header().kind == Kind::Step && !k.quarantined && k.verdict.is_none()
    };
    if !entries.iter().any(open) {
        return None;
    }
    let (_, case) = fold(id, entries)?;
    entries
        .iter()
        .enumerate()
        .filter(|(_, k)| open(k))
        .find_map(|(place, k)| {
            let Ok((body, Fields::Step(step))) = k.entry.body() else {
                return None;
            };
            let verdict = case.judge(&step, body.basis, body.clock.best());
            (verdict != Verdict::Waiting).then_some((place, verdict))
        })
}
