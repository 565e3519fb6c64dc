use super::Scope;
use crate::register::{
    ChargeManner, ChiefLevel, CountingRule, Day, Division, DivisionId, GrantScope, HolidayTable,
    Manner, Outfall, Person, PersonId, Post, ProblemKind, Reach, Registers, Role, Unit, UnitId,
    Water,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Whether this desk decides about anything, or only reads.
    #[serde(default)]
    pub decides: bool,
    /// Who may be named in a step: on duty for these units, or answering for these outfalls.
    /// Empty for a desk that decides nothing.
    #[serde(default)]
    pub people: Vec<Colleague>,
    /// Who may approve, and for which division. Empty for a desk that decides nothing.
    #[serde(default)]
    pub approvers: Vec<Approver>,
    /// How counties count the days of their cases.
    #[serde(default)]
    pub counting: Vec<CountingRule>,
    /// 放假调休 of this year and the next, as far as they are known.
    #[serde(default)]
    pub holidays: Vec<HolidayTable>,
}

/// Somebody who may be named as 承办人.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Who.
    pub id: PersonId,
    /// Their name as shown.
    pub name: String,
    /// The units for which they are on duty.
    pub units: BTreeSet<UnitId>,
}

/// Somebody who may approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approver {
    /// Who.
    pub id: PersonId,
    /// Their name as shown.
    pub name: String,
    /// For cases of this division and below.
    pub division: DivisionId,
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
        let decides = decides(registers, person, day);
        let outfalls = registers.outfalls();
        let outfalls = outfalls.filter(|o| reaches.iter().any(|r| r.id == o.reach));
        let outfalls: Vec<Outfall> = outfalls.cloned().collect();
        let supervisors = registers.supervisors(day).filter(|_| decides);
        let approver = |(who, division): (&PersonId, &DivisionId)| {
            Some(Approver {
                id: who.clone(),
                name: registers.person(who)?.shown_name(),
                division: division.clone(),
            })
        };
        let near = supervisors.filter(|(_, division)| wanted.contains(division));
        let counting = registers.counting().iter();
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
            decides,
            people: if decides {
                people(registers, day, &wanted, &outfalls)
            } else {
                Vec::new()
            },
            approvers: near.filter_map(approver).collect(),
            counting: counting
                .filter(|c| wanted.contains(&c.division))
                .cloned()
                .collect(),
            holidays: registers.holidays_from(day).cloned().collect(),
            outfalls,
            reaches,
            problems: registers.problems().to_vec(),
        })
    }
}

/// Whether a person supervises a division or a unit: across counties a supervisor only reads.
fn decides(registers: &Registers, person: &PersonId, day: Day) -> bool {
    let mut granted = registers.grants().iter();
    granted.any(|g| {
        let mine = g.person == *person && g.term.holds_on(day) && g.role == Role::Supervisor;
        mine && matches!(g.scope, GrantScope::Division(_) | GrantScope::Unit(_))
    })
}

/// Who is on duty for the units of these divisions, and who answers for these outfalls.
fn people(
    registers: &Registers,
    day: Day,
    divisions: &BTreeSet<&DivisionId>,
    outfalls: &[Outfall],
) -> Vec<Colleague> {
    let mut duties: BTreeMap<&PersonId, BTreeSet<UnitId>> = BTreeMap::new();
    let near = |id: &UnitId| {
        let unit = registers.unit(id);
        unit.is_some_and(|u| divisions.contains(&u.division))
    };
    for (who, unit) in registers.on_duty(day).filter(|(_, unit)| near(unit)) {
        duties.entry(who).or_default().insert(unit.clone());
    }
    for manner in [ChargeManner::Supervising, ChargeManner::Leading] {
        let charges = outfalls.iter().filter_map(|o| o.charge(&manner, day));
        for who in charges.filter_map(|c| c.person.as_ref()) {
            duties.entry(who).or_default();
        }
    }
    let colleague = |(id, units): (&PersonId, BTreeSet<UnitId>)| {
        Some(Colleague {
            id: id.clone(),
            name: registers.person(id)?.shown_name(),
            units,
        })
    };
    duties.into_iter().filter_map(colleague).collect()
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
