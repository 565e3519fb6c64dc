use super::{Case, Stage, Taken, Verdict};
use crate::entry::{CheckedEntry, Kind};
use crate::ids::{EntryId, RecordId};
use crate::record::{self, Fields, Outcome, Record};
use crate::time::WallMs;

/// An entry with what the server said of it.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The entry.
    pub entry: &'a CheckedEntry,
    /// The server's verdict on a step; `None` for reports, and for what waits on this phone.
    pub verdict: Option<&'a Verdict>,
    /// The server's clock; `None` for what waits on this phone.
    pub received: Option<WallMs>,
}

/// Folds a record and its case from entries in feed order, followed by what waits on this phone
/// in the order made. Quarantined entries are the caller's to leave out.
///
/// The server's verdicts stand; steps that wait are judged as the server will most likely do.
/// `None` if the entry that begins the record is not among them.
pub fn fold<'a>(
    record_id: RecordId,
    entries: impl IntoIterator<Item = Told<'a>>,
) -> Option<(Record, Case)> {
    let told: Vec<Told<'a>> = entries.into_iter().collect();
    // A ruling has its effect by the server's verdict; one of this phone's own has none before.
    let counts = |t: &&Told<'_>| {
        t.entry.header().kind != Kind::Ruling || t.verdict.is_some_and(Verdict::counts)
    };
    let record = record::fold(record_id, told.iter().filter(counts).map(|t| t.entry))?;
    let mut case = Case::opened(&record);
    let first = record.versions.first().map(|v| v.entry_id);
    // Erased by law it is still what the first steps were based on.
    let first = first.or_else(|| told.iter().find_map(|t| erased_first(record_id, t)));
    case.order.extend(first);
    let erased = told.iter().filter(|t| t.entry.is_erased());
    case.known.extend(erased.map(|t| t.entry.header().entry_id));
    case.known
        .extend(record.versions.iter().map(|v| v.entry_id));
    case.known.extend(record.remarks.iter().map(|r| r.entry_id));
    let up = |r: &Record| {
        let current = r.current();
        current.and_then(|v| v.fields.outcome()) == Some(&Outcome::HandedUp)
    };
    if up(&record) {
        case.stage = Stage::Registered;
    }
    for one in told {
        let header = one.entry.header();
        if header.record_id != record_id {
            continue;
        }
        let Ok((body, Fields::Step(step))) = one.entry.body() else {
            let counted = one.verdict.is_some_and(Verdict::counts);
            if one.entry.is_erased() && counted {
                // What it did cannot be known any more; that it came, can.
                case.order.push(header.entry_id);
            }
            continue;
        };
        let at = body.clock.best();
        let verdict = match (one.verdict, one.received) {
            (Some(said), _) => said.clone(),
            (None, None) => case.judge(&step, body.basis, at),
            (None, Some(_)) => Verdict::Waiting,
        };
        case.take(Taken {
            entry_id: header.entry_id,
            author: header.author.clone(),
            post: header.acting_post.clone(),
            at,
            received: one.received,
            step,
            verdict,
        });
    }
    Some((record, case))
}

fn erased_first(record_id: RecordId, told: &Told<'_>) -> Option<EntryId> {
    let id = told.entry.header().entry_id;
    (told.entry.is_erased() && id.as_record() == record_id).then_some(id)
}
