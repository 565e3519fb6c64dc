//! 核实: rulings about entries of a record that somebody had to look at. They lie among the entries
//! like everything else; what follows from them is found here, for the writer and for rebuilding.

use super::plan::KeptEntry;
use domain::entry::{CheckedEntry, Kind};
use domain::ids::EntryId;
use domain::record::{Vetting, VettingRuling};
use std::collections::BTreeMap;

/// A ruling that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    /// The entry that says so.
    pub(crate) by: EntryId,
    /// 采信, else 不予采信.
    pub(crate) accepted: bool,
}

/// The rulings about a record's entries, by the entry that each is about. The first one holds.
pub(crate) fn rulings<'a>(
    entries: impl IntoIterator<Item = &'a CheckedEntry>,
) -> BTreeMap<EntryId, Held> {
    let mut held = BTreeMap::new();
    for entry in entries {
        let header = entry.header();
        // Most records have none: nothing else is read for it.
        let vetting = (header.kind == Kind::Vetting).then(|| Vetting::of(entry));
        let Some(vetting) = vetting.flatten() else {
            continue;
        };
        held.entry(vetting.entry).or_insert(Held {
            by: header.entry_id,
            accepted: vetting.ruling == VettingRuling::Accepted,
        });
    }
    held
}

/// The rulings about what is kept of a record.
pub(crate) fn of(entries: &[KeptEntry]) -> BTreeMap<EntryId, Held> {
    rulings(entries.iter().filter(|k| !k.quarantined).map(|k| &k.entry))
}

/// Lets count what was ruled to count; `entries` come as they were when they arrived.
pub(crate) fn settle(entries: &mut [KeptEntry]) {
    let held = of(entries);
    for kept in entries {
        let ruled = held.get(&kept.entry.header().entry_id);
        kept.quarantined &= ruled.is_none_or(|r| !r.accepted);
    }
}
