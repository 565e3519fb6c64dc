//! What was promised to whom: kept by the simulation beside phones and server, believed by
//! neither.

use super::cast::Role;
use domain::entry::Entry;
use domain::hash::{EntryHash, Sha256};
use domain::ids::{EntryId, LogId, RecordId};
use domain::receipt::Statement;
use domain::register::PersonId;
use std::collections::{BTreeMap, BTreeSet};

/// An entry of which a phone said 已存手机.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) entry: Entry,
    pub(super) author: PersonId,
    pub(super) place: (LogId, u64),
    pub(super) blobs: Vec<Sha256>,
    /// No server takes it.
    pub(super) poison: bool,
}

/// What is known of a record, in the order begun.
#[derive(Debug, Clone)]
pub(super) struct Begun {
    pub(super) id: RecordId,
    pub(super) author: PersonId,
    /// Every reach that it was ever recorded for.
    pub(super) reaches: BTreeSet<&'static str>,
    /// It is a case.
    pub(super) case: bool,
    /// Some step handed it to the unit.
    pub(super) handed: bool,
}

#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) written: BTreeMap<EntryId, Written>,
    pub(super) begun: Vec<Begun>,
    texts: BTreeSet<EntryHash>,
    blobs: BTreeSet<(PersonId, Sha256)>,
}

impl Ledger {
    /// The server gave a receipt to a person.
    pub(super) fn receipted(&mut self, person: &PersonId, statement: &Statement) {
        self.texts.extend(statement.entries.iter().map(|e| e.hash));
        let blobs = statement.blobs.iter().map(|b| (person.clone(), b.sha256));
        self.blobs.extend(blobs);
    }

    /// How many of these were ever wholly receipted: more no phone may call received.
    pub(super) fn proven<'a>(&self, own: impl Iterator<Item = &'a EntryId>) -> usize {
        own.filter_map(|id| self.written.get(id))
            .filter(|w| self.texts.contains(&w.entry.hash()))
            .filter(|w| {
                let held = |b: &Sha256| self.blobs.contains(&(w.author.clone(), *b));
                w.blobs.iter().all(held)
            })
            .count()
    }

    /// Whether a record may come to a person's phone. Generous: it forgets no reach that the
    /// record ever had.
    pub(super) fn may_see(&self, role: &Role, record: RecordId) -> bool {
        self.begun.iter().find(|b| b.id == record).is_some_and(|b| {
            b.author.as_str() == role.name
                || role.reaches.iter().any(|r| b.reaches.contains(r))
                || (b.handed && role.unit == Some(super::cast::UNIT))
        })
    }

    pub(super) fn begun_mut(&mut self, record: RecordId) -> Option<&mut Begun> {
        self.begun.iter_mut().find(|b| b.id == record)
    }
}
