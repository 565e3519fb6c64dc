use super::Scope;
use crate::register::{
    ChiefLevel, Day, Division, DivisionId, GrantScope, Manner, Outfall, Person, PersonId, Post,
    ProblemKind, Reach, Registers, Unit, Water,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a desk needs of the registers to name and filter what it sees. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeskRegisters {
    /// For which day it was made.
    pub day: Day,
    /// Who.
    pub person: Person,
    /// The posts held on that day.
    pub posts: Vec<Post>,
    /// The divisions in scope and of the reaches below, with everything above them; parents
    /// before children.
    pub divisions: Vec<Division>,
    /// The reaches in scope, and those that touch a division in scope.
    pub reaches: Vec<Reach>,
    /// The waters of these reaches.
    pub waters: Vec<Water>,
    /// The problem catalogue.
    pub problems: Vec<ProblemKind>,
    /// Units of these divisions: to whom a case may be handed over.
    #[serde(default)]
    pub units: Vec<Unit>,
    /// Outfalls into these reaches.
    #[serde(default)]
    pub outfalls: Vec<Outfall>,
}

impl DeskRegisters {
    /// What the desk of `person` needs on `day`, with what they see; `None` if the person is not
    /// registered.
    pub fn of(registers: &Registers, person: &PersonId, day: Day, scope: &Scope) -> Option<Self> {
        let tree = registers.tree();
        let sees = |id: &DivisionId| tree.path(id).is_some_and(|p| scope.holds(p));
        let reaches: Vec<Reach> = registers
            .reaches()
            .filter(|r| scope.reaches.contains(&r.id) || r.divisions.iter().any(sees))
            .cloned()
            .collect();
        let mut wanted: BTreeSet<&DivisionId> = BTreeSet::new();
        let seen = tree.iter().map(|d| &d.id).filter(|id| sees(id));
        for id in seen.chain(reaches.iter().flat_map(|r| &r.divisions)) {
            wanted.extend(tree.lineage(id).map(|d| &d.id));
        }
        let waters: BTreeSet<_> = reaches.iter().map(|r| &r.water).collect();
        let all = tree.roots().flat_map(|root| tree.subtree(&root.id));
        Some(Self {
            day,
            person: registers.person(person)?.clone(),
            posts: registers
                .held_posts(person, day)
                .map(|(post, _)| post.clone())
                .collect(),
            divisions: all.filter(|d| wanted.contains(&d.id)).cloned().collect(),
            waters: waters
                .into_iter()
                .filter_map(|id| registers.water(id))
                .cloned()
                .collect(),
            units: registers
                .units()
                .filter(|u| wanted.contains(&u.division))
                .cloned()
                .collect(),
            outfalls: registers
                .outfalls()
                .filter(|o| reaches.iter().any(|r| r.id == o.reach))
                .cloned()
                .collect(),
            reaches,
            problems: registers.problems().to_vec(),
        })
    }
}

/// Whether the console opens for a person: it is for those who look after more than their own
/// reaches, by a grant or as a chief above the village. What they see there is their
/// [`Scope`](super::Scope); this only decides whether a desk makes sense.
pub fn opens_desk(registers: &Registers, person: &PersonId, day: Day) -> bool {
    let mut granted = registers.grants().iter();
    let mut held = registers.held_posts(person, day);
    granted.any(|g| g.person == *person && g.term.holds_on(day))
        || held.any(|(post, assignment)| {
            let level = post.level.as_ref().filter(|l| **l != ChiefLevel::Village);
            level.is_some() && assignment.manner != Manner::Delegated
        })
}

/// For which division a person sits at the desk: by a grant before a post before the unit they
/// work in; `None` if nothing says so.
pub fn desk_division<'a>(
    registers: &'a Registers,
    person: &PersonId,
    day: Day,
) -> Option<&'a DivisionId> {
    let mut granted = registers.grants().iter();
    let granted = granted.find_map(|g| match &g.scope {
        GrantScope::Division(id) if g.person == *person && g.term.holds_on(day) => Some(id),
        _ => None,
    });
    let held = || registers.held_posts(person, day).next();
    let unit = || registers.unit(registers.person(person)?.unit.as_ref()?);
    granted
        .or_else(|| held().map(|(post, _)| &post.division))
        .or_else(|| unit().map(|unit| &unit.division))
}
