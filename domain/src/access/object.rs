use crate::register::{Belonging, DivisionPath, OutfallId, PersonId, ReachId, Registers, UnitId};
use std::collections::BTreeSet;

/// What a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object<'a> {
    /// The call itself, before anything in it is looked at.
    Nothing,
    /// One entry that is submitted or asked about.
    Entry {
        /// Who made it.
        author: &'a PersonId,
    },
    /// An upload that was begun.
    Upload {
        /// Who began it.
        owner: &'a PersonId,
    },
    /// A record that the server holds.
    Record(&'a RecordObject),
    /// A unit's part in a record.
    Duty {
        /// The record.
        record: &'a RecordObject,
        /// The unit in whose name something is done.
        unit: &'a UnitId,
    },
    /// A person's log on one installation.
    Log(&'a LogObject),
}

/// What deciding about a log takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogObject {
    /// Whose it is.
    pub person: PersonId,
    /// Paths of the divisions of every post that the person ever held: a phone may be lost after
    /// its person left.
    pub paths: BTreeSet<DivisionPath>,
}

impl LogObject {
    /// A log of this person.
    pub fn of(registers: &Registers, person: &PersonId) -> Self {
        let held = registers.assignments().iter();
        let held = held.filter(|a| a.person == *person);
        let posts = held.filter_map(|a| registers.post(&a.post));
        let paths = posts.filter_map(|p| registers.tree().path(&p.division));
        Self {
            person: person.clone(),
            paths: paths.cloned().collect(),
        }
    }
}

/// What deciding about a record takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordObject {
    /// Who made it.
    pub author: PersonId,
    /// For whom it was made (代巡, 代录).
    pub on_behalf_of: Option<PersonId>,
    /// Persons it is assigned to.
    pub handlers: BTreeSet<PersonId>,
    /// Units it was handed to.
    pub units: BTreeSet<UnitId>,
    /// The outfall that it names.
    pub outfall: Option<OutfallId>,
    /// Paths of its division and of those that its reach touches, as they are now.
    pub paths: BTreeSet<DivisionPath>,
    /// Its reach.
    pub reach: Option<ReachId>,
    /// It was withdrawn by its author or cancelled: it can be read, nothing can be added.
    pub withdrawn: bool,
}

impl RecordObject {
    /// A record that nobody works on yet.
    pub fn new(author: PersonId, reach: Option<ReachId>, belonging: &Belonging) -> Self {
        Self {
            author,
            on_behalf_of: None,
            handlers: BTreeSet::new(),
            units: BTreeSet::new(),
            outfall: None,
            paths: belonging.paths.clone(),
            reach,
            withdrawn: false,
        }
    }

    /// Whether it is the person's own: made by or for them, or assigned to them.
    pub fn is_of(&self, person: &PersonId) -> bool {
        self.author == *person
            || self.on_behalf_of.as_ref() == Some(person)
            || self.handlers.contains(person)
    }

    /// Whether it was handed over and names one of these outfalls.
    pub(super) fn is_watched_by(&self, outfalls: &BTreeSet<OutfallId>) -> bool {
        let named = self.outfall.as_ref().is_some_and(|o| outfalls.contains(o));
        named && !self.units.is_empty()
    }
}
