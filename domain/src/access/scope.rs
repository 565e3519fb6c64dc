use super::{Actor, Over, PersonActor, RecordObject};
use crate::register::{DivisionPath, OutfallId, PersonId, ReachId, UnitId};
use serde::Serialize;
use std::collections::BTreeSet;

/// Which records a caller sees, as a store's index asks: a record is in scope if any part holds.
/// It says the same as [`may`](super::may) for reading.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Scope {
    /// Records made by or for this person, or assigned to them; nobody's if absent.
    pub person: Option<PersonId>,
    /// Records with a path in one of these; sorted and disjoint.
    pub ranges: Vec<PathRange>,
    /// Records of these reaches.
    pub reaches: BTreeSet<ReachId>,
    /// Records handed to these units.
    pub units: BTreeSet<UnitId>,
    /// Records handed to any unit that name one of these outfalls.
    pub watched: BTreeSet<OutfallId>,
}

/// Paths `>= from` and `< to`, compared as bytes (a database needs a binary collation).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PathRange {
    /// First path.
    pub from: String,
    /// First path beyond.
    pub to: String,
}

impl Scope {
    /// Everything that the caller may read: for the desk. Empty for everybody without a session.
    pub fn of(actor: &Actor) -> Self {
        let mut scope = Self::own(actor);
        if let (Actor::Person(person), Some(_)) = (actor, &scope.person) {
            for right in &person.rights {
                scope.add(&right.over);
            }
            scope.ranges = merged(scope.ranges);
        }
        scope
    }

    /// What a phone carries: the caller's own records and nothing else.
    pub fn own(actor: &Actor) -> Self {
        match actor {
            Actor::Person(PersonActor {
                person,
                disabled: false,
                ..
            }) => Self {
                person: Some(person.clone()),
                ..Self::default()
            },
            _ => Self::default(),
        }
    }

    /// Whether a record is in scope, decided as a store decides it.
    pub fn admits(&self, record: &RecordObject) -> bool {
        self.person.as_ref().is_some_and(|p| record.is_of(p))
            || record.paths.iter().any(|p| self.holds(p))
            || record
                .reach
                .as_ref()
                .is_some_and(|r| self.reaches.contains(r))
            || !self.units.is_disjoint(&record.units)
            || record.is_watched_by(&self.watched)
    }

    /// Whether records of the division at `path` are in scope by their place alone.
    pub fn holds(&self, path: &DivisionPath) -> bool {
        let path = path.as_str();
        let mut ranges = self.ranges.iter();
        ranges.any(|r| path >= r.from.as_str() && path < r.to.as_str())
    }

    /// Whether anything below the division at `top` may be in scope. Units, reaches and outfalls
    /// lie anywhere.
    pub fn touches(&self, top: &DivisionPath) -> bool {
        let (from, to) = top.range();
        let meets = |r: &PathRange| r.from.as_str() < to.as_str() && from < r.to.as_str();
        let anywhere =
            !self.units.is_empty() || !self.reaches.is_empty() || !self.watched.is_empty();
        anywhere || self.ranges.iter().any(meets)
    }

    fn add(&mut self, over: &Over) {
        match over {
            Over::Within(top) => {
                let (from, to) = top.range();
                let from = from.to_owned();
                self.ranges.push(PathRange { from, to });
            }
            Over::Below(top) => {
                let (own, to) = top.range();
                // '-' is the first character that an id may begin with.
                let from = format!("{own}-");
                self.ranges.push(PathRange { from, to });
            }
            Over::Reaches(reaches) => self.reaches.extend(reaches.iter().cloned()),
            Over::Unit(unit) => {
                self.units.insert(unit.clone());
            }
            Over::Watched(outfalls) => self.watched.extend(outfalls.iter().cloned()),
        }
    }
}

fn merged(mut ranges: Vec<PathRange>) -> Vec<PathRange> {
    ranges.sort();
    let mut disjoint: Vec<PathRange> = Vec::new();
    for range in ranges {
        match disjoint.last_mut() {
            Some(last) if range.from <= last.to => {
                if range.to > last.to {
                    last.to = range.to;
                }
            }
            _ => disjoint.push(range),
        }
    }
    disjoint
}
