use crate::register::{
    Assignment, Day, DivisionPath, Grant, GrantScope, Manner, OutfallId, PersonId, Post, ReachId,
    Registers, Role, UnitId,
};
use std::collections::BTreeSet;

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody that we know.
    Anonymous,
    /// A person with a session.
    Person(PersonActor),
    /// A device credential: submits what its author wrote on it, while somebody else is signed
    /// in or nobody is, and does nothing else.
    Device {
        /// Whose entries it submits.
        author: PersonId,
    },
}

/// A person and their rights on the day of the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonActor {
    /// Who.
    pub person: PersonId,
    /// The account was disabled; no right counts any more.
    pub disabled: bool,
    /// What posts and grants give. Own records need none.
    pub rights: Vec<Right>,
}

/// A right over records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// Which records.
    pub over: Over,
    /// What it allows.
    pub access: Access,
}

/// What a right allows, each including what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// To read.
    Read,
    /// To add remarks and, in a unit's name, what it does.
    Write,
    /// To decide: the desk's steps of a case.
    Decide,
}

/// Which records a right covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// Those of a division and of everything below it.
    Within(DivisionPath),
    /// Those of everything below a division, but not its own: a chief and the levels below.
    Below(DivisionPath),
    /// Those of these reaches, in whatever county.
    Reaches(BTreeSet<ReachId>),
    /// Those handed to a unit.
    Unit(UnitId),
    /// Those handed to any unit that name one of these outfalls: its 监管责任人 watches what the
    /// 主管责任人 does (M13).
    Watched(BTreeSet<OutfallId>),
}

impl Actor {
    /// The person with the rights that posts and grants give on `day`. `None` if the person is
    /// not registered. `disabled` is the account's, which the registers do not know.
    pub fn of(registers: &Registers, person: &PersonId, day: Day, disabled: bool) -> Option<Self> {
        registers.person(person)?;
        let held = registers.held_posts(person, day);
        let mut rights: Vec<Right> = held.flat_map(|(p, a)| of_post(registers, p, a)).collect();
        let granted = registers.grants().iter();
        let granted = granted.filter(|g| g.person == *person && g.term.holds_on(day));
        rights.extend(granted.filter_map(|g| of_grant(registers, g)));
        let supervised = registers.supervised_by(person, day);
        if !supervised.is_empty() {
            rights.push(Right {
                over: Over::Watched(supervised.into_iter().cloned().collect()),
                access: Access::Read,
            });
        }
        Some(Self::Person(PersonActor {
            person: person.clone(),
            disabled,
            rights,
        }))
    }
}

/// The reaches of the post, what was handed to its unit, and for a chief, read-only, the levels
/// below. A delegate (代巡) was given the reach and nothing more.
fn of_post(registers: &Registers, post: &Post, held: &Assignment) -> Vec<Right> {
    let mut rights = Vec::new();
    if !post.reaches.is_empty() {
        rights.push(Right {
            over: Over::Reaches(post.reaches.iter().cloned().collect()),
            access: Access::Write,
        });
    }
    if let (Some(unit), true) = (&post.unit, held.manner != Manner::Delegated) {
        rights.push(Right {
            over: Over::Unit(unit.clone()),
            access: Access::Write,
        });
    }
    let oversees = post.kind.is_chief() && held.manner != Manner::Delegated;
    if let (true, Some(path)) = (oversees, registers.tree().path(&post.division)) {
        rights.push(Right {
            over: Over::Below(path.clone()),
            access: Access::Read,
        });
    }
    rights
}

/// What a grant gives over records. Administration gives nothing here, and a role that this
/// version does not know gives nothing at all.
fn of_grant(registers: &Registers, grant: &Grant) -> Option<Right> {
    if !grant.role.fits(&grant.scope) || grant.role == Role::Admin {
        return None;
    }
    let across = |reaches: Vec<&crate::register::Reach>| {
        Over::Reaches(reaches.into_iter().map(|r| r.id.clone()).collect())
    };
    let (over, crosses_counties) = match &grant.scope {
        GrantScope::Division(id) => (Over::Within(registers.tree().path(id)?.clone()), false),
        GrantScope::Unit(id) => (Over::Unit(id.clone()), false),
        GrantScope::Water(id) => (across(registers.reaches_of_water(id).collect()), true),
        GrantScope::Section(id) => (across(registers.reaches_of_section(id)), true),
    };
    let access = match grant.role {
        _ if crosses_counties => Access::Read,
        Role::Supervisor => Access::Decide,
        Role::Handler => Access::Write,
        _ => Access::Read,
    };
    Some(Right { over, access })
}
