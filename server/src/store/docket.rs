//! The docket of a record: its steps and rulings in the order in which they count, and judging
//! those that were not judged yet.

use super::plan::KeptEntry;
use domain::case::{self, Case, Told, Verdict};
use domain::entry::{CheckedEntry, Kind};
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

/// Judges every step and ruling that can be judged now, and puts it where it counts: at the end.
/// Gives those judged, in that order.
///
/// `permits` says whether an author may do it as the case then stands. Whoever may not was mostly
/// quarantined before; what overtook its record or its basis is only asked here.
pub(crate) fn judge(
    id: RecordId,
    entries: &mut Vec<KeptEntry>,
    permits: &dyn Fn(&CheckedEntry, &Case) -> bool,
) -> Vec<EntryId> {
    let mut judged = Vec::new();
    while let Some((place, verdict)) = next(id, entries, permits) {
        let mut kept = entries.remove(place);
        kept.verdict = Some(verdict);
        judged.push(kept.entry.header().entry_id);
        entries.push(kept);
    }
    judged
}

fn next(
    id: RecordId,
    entries: &[KeptEntry],
    permits: &dyn Fn(&CheckedEntry, &Case) -> bool,
) -> Option<(usize, Verdict)> {
    let open = |k: &KeptEntry| {
        let judged = matches!(k.entry.header().kind, Kind::Step | Kind::Ruling);
        judged && !k.quarantined && k.verdict.is_none()
    };
    if !entries.iter().any(open) {
        return None;
    }
    let (_, case) = fold(id, entries)?;
    let all = entries.iter().enumerate().filter(|(_, k)| open(k));
    all.filter_map(|(place, k)| Some((place, verdict(&k.entry, &case, permits)?)))
        .find(|(_, verdict)| *verdict != Verdict::Waiting)
}

fn verdict(
    entry: &CheckedEntry,
    case: &Case,
    permits: &dyn Fn(&CheckedEntry, &Case) -> bool,
) -> Option<Verdict> {
    let (body, fields) = entry.body().ok()?;
    let verdict = match fields {
        Fields::Step(step) => case.judge(&step, body.basis, body.clock.best()),
        // Each ruling takes the place of the one before, whatever its author had seen.
        Fields::Ruling(_) => Verdict::Applied,
        _ => return None,
    };
    if verdict.counts() && !permits(entry, case) {
        return Some(Verdict::Stale);
    }
    Some(verdict)
}
