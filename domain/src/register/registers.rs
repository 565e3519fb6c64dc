use super::{
    Assignment, CountingRule, County, Day, Department, DivisionId, DivisionPath, DivisionTree,
    Grant, GrantScope, HolidayTable, LedgerPeriod, Manner, Outfall, OutfallId, OutfallType, Person,
    PersonId, Post, PostId, ProblemKind, Reach, ReachId, RegisterError, RegisterSet, Role, Section,
    SectionId, Unit, UnitId, Water, WaterId, check,
};
use crate::patrol::ValidityRule;
use crate::record::ProblemCode;
use std::collections::{BTreeMap, BTreeSet};

/// The registers, checked and indexed. Built once after a change and then only read.
#[derive(Debug, Clone, PartialEq)]
pub struct Registers {
    tree: DivisionTree,
    waters: BTreeMap<WaterId, Water>,
    reaches: BTreeMap<ReachId, Reach>,
    sections: BTreeMap<SectionId, Section>,
    units: BTreeMap<UnitId, Unit>,
    persons: BTreeMap<PersonId, Person>,
    posts: BTreeMap<PostId, Post>,
    assignments: Vec<Assignment>,
    grants: Vec<Grant>,
    problems: Vec<ProblemKind>,
    outfalls: BTreeMap<OutfallId, Outfall>,
    validity: Vec<ValidityRule>,
    counting: Vec<CountingRule>,
    holidays: Vec<HolidayTable>,
    outfall_types: Vec<OutfallType>,
    departments: Vec<Department>,
    counties: BTreeMap<DivisionId, County>,
}

/// Where a record belongs, by division and reach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Belonging {
    /// Paths of its division and of those that its reach touches.
    pub paths: BTreeSet<DivisionPath>,
    /// Shards whose feed carries it, in the order in which they are locked.
    pub shards: BTreeSet<DivisionId>,
    /// A division or reach was named that is not registered: somebody must look.
    pub unknown: bool,
}

impl Registers {
    /// Checks and indexes a set, or names everything that is wrong with it.
    pub fn build(set: RegisterSet) -> Result<Self, Vec<RegisterError>> {
        let tree = check::check(&set)?;
        Ok(Self {
            tree,
            waters: index(set.waters, |w| w.id.clone()),
            reaches: index(set.reaches, |r| r.id.clone()),
            sections: index(set.sections, |s| s.id.clone()),
            units: index(set.units, |u| u.id.clone()),
            persons: index(set.persons, |p| p.id.clone()),
            posts: index(set.posts, |p| p.id.clone()),
            assignments: set.assignments,
            grants: set.grants,
            problems: set.problems,
            outfalls: index(set.outfalls, |o| o.id.clone()),
            validity: set.validity,
            counting: set.counting,
            holidays: set.holidays,
            outfall_types: set.outfall_types,
            departments: set.departments,
            counties: index(set.counties, |c| c.division.clone()),
        })
    }

    /// The divisions.
    pub const fn tree(&self) -> &DivisionTree {
        &self.tree
    }
    /// The water, if it is registered.
    pub fn water(&self, id: &WaterId) -> Option<&Water> {
        self.waters.get(id)
    }
    /// All waters, by id.
    pub fn waters(&self) -> impl Iterator<Item = &Water> {
        self.waters.values()
    }
    /// The reach, if it is registered.
    pub fn reach(&self, id: &ReachId) -> Option<&Reach> {
        self.reaches.get(id)
    }
    /// All reaches, by id.
    pub fn reaches(&self) -> impl Iterator<Item = &Reach> {
        self.reaches.values()
    }
    /// The section, if it is registered.
    pub fn section(&self, id: &SectionId) -> Option<&Section> {
        self.sections.get(id)
    }
    /// All sections, by id.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.sections.values()
    }
    /// The unit, if it is registered.
    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.units.get(id)
    }
    /// All units, by id.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }
    /// The person, if registered.
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.persons.get(id)
    }
    /// All persons, by id.
    pub fn persons(&self) -> impl Iterator<Item = &Person> {
        self.persons.values()
    }
    /// The post, if it is registered.
    pub fn post(&self, id: &PostId) -> Option<&Post> {
        self.posts.get(id)
    }
    /// All posts, by id.
    pub fn posts(&self) -> impl Iterator<Item = &Post> {
        self.posts.values()
    }
    /// Who holds or held which post.
    pub fn assignments(&self) -> &[Assignment] {
        &self.assignments
    }
    /// Grants, also ended ones.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }
    /// The problem catalogue, in its order.
    pub fn problems(&self) -> &[ProblemKind] {
        &self.problems
    }
    /// The catalogue's entry for a code, if it has one.
    pub fn problem(&self, code: &ProblemCode) -> Option<&ProblemKind> {
        self.problems.iter().find(|p| p.code == *code)
    }
    /// The outfall, if it is registered.
    pub fn outfall(&self, id: &OutfallId) -> Option<&Outfall> {
        self.outfalls.get(id)
    }
    /// All outfalls, by id.
    pub fn outfalls(&self) -> impl Iterator<Item = &Outfall> {
        self.outfalls.values()
    }
    /// 有效巡河 for a post on a day: the rule of the nearest division above it, one for its
    /// level before one for everybody.
    pub fn validity(&self, post: &Post, day: Day) -> Option<&ValidityRule> {
        let lineage: Vec<_> = self.tree.lineage(&post.division).map(|d| &d.id).collect();
        let near = |r: &ValidityRule| lineage.iter().position(|id| **id == r.division);
        let fits = |r: &&ValidityRule| r.level.is_none() || r.level == post.level;
        let in_force = self.validity.iter().filter(|r| r.term.holds_on(day));
        in_force
            .filter(fits)
            .filter_map(|r| Some((near(r)?, r.level.is_none(), r)))
            .min_by_key(|(near, general, _)| (*near, *general))
            .map(|(.., rule)| rule)
    }
    /// How counties count the days of their cases.
    pub fn counting(&self) -> &[CountingRule] {
        &self.counting
    }
    /// 放假调休 of this year and the next, as far as they are known.
    pub fn holidays_from(&self, day: Day) -> impl Iterator<Item = &HolidayTable> {
        let years = day.year()..=day.year() + 1;
        self.holidays
            .iter()
            .filter(move |t| years.contains(&t.year))
    }
    /// Types of outfalls, in their order.
    pub fn outfall_types(&self) -> &[OutfallType] {
        &self.outfall_types
    }
    /// Departments with their duties for water.
    pub fn departments(&self) -> &[Department] {
        &self.departments
    }

    /// The days of a ledger of this division: as the nearest office from it upwards settled it,
    /// else as usual.
    pub fn ledger_period(&self, division: &DivisionId) -> LedgerPeriod {
        let mut lineage = self.tree.lineage(division);
        let nearest = lineage.find_map(|d| self.counties.get(&d.id));
        nearest.map(|c| c.ledger_period).unwrap_or_default()
    }

    /// The posts that a person holds on a day, in any manner, each with the assignment.
    pub fn held_posts(
        &self,
        person: &PersonId,
        day: Day,
    ) -> impl Iterator<Item = (&Post, &Assignment)> {
        self.assignments
            .iter()
            .filter(move |a| a.person == *person && a.holds_on(day))
            .filter_map(|a| Some((self.posts.get(&a.post)?, a)))
    }

    /// Who is on duty for which unit on a day: by a handler's grant, or by a post of the unit
    /// (责任人, 联络员 and the like). A delegate walks and does nothing else.
    pub fn on_duty(&self, day: Day) -> impl Iterator<Item = (&PersonId, &UnitId)> {
        let granted = self.grants.iter().filter(move |g| g.term.holds_on(day));
        let granted = granted.filter_map(|g| match (&g.role, &g.scope) {
            (Role::Handler, GrantScope::Unit(unit)) => Some((&g.person, unit)),
            _ => None,
        });
        let held = self.assignments.iter().filter(move |a| a.holds_on(day));
        let held = held.filter(|a| a.manner != Manner::Delegated);
        let posted =
            held.filter_map(|a| Some((&a.person, self.posts.get(&a.post)?.unit.as_ref()?)));
        granted.chain(posted)
    }

    /// The units in whose name a person works on cases on a day.
    pub fn works_for(&self, person: &PersonId, day: Day) -> BTreeSet<&UnitId> {
        let all = self.on_duty(day).filter(|(who, _)| *who == person);
        all.map(|(_, unit)| unit).collect()
    }

    /// Who supervises which division on a day.
    pub fn supervisors(&self, day: Day) -> impl Iterator<Item = (&PersonId, &DivisionId)> {
        let granted = self.grants.iter().filter(move |g| g.term.holds_on(day));
        granted.filter_map(|g| match (&g.role, &g.scope) {
            (Role::Supervisor, GrantScope::Division(id)) => Some((&g.person, id)),
            _ => None,
        })
    }

    /// The outfalls whose 监管责任人 a person is on a day.
    pub fn supervised_by(&self, person: &PersonId, day: Day) -> BTreeSet<&OutfallId> {
        let all = self.outfalls.values();
        let mine = all.filter(|o| o.is_supervised_by(person, day));
        mine.map(|o| &o.id).collect()
    }

    /// Posts that nobody holds on a day: they are listed, not forgotten.
    pub fn vacant_posts(&self, day: Day) -> impl Iterator<Item = &Post> {
        let held: BTreeSet<&PostId> = self
            .assignments
            .iter()
            .filter(|a| a.holds_on(day))
            .map(|a| &a.post)
            .collect();
        self.posts.values().filter(move |p| !held.contains(&p.id))
    }

    /// Where a record belongs. It belongs to its reach, so it enters the feed of every county
    /// that the reach touches, besides its own division's.
    pub fn belonging(&self, division: Option<&DivisionId>, reach: Option<&ReachId>) -> Belonging {
        let found = reach.map(|id| self.reaches.get(id));
        let touched = found.flatten().map_or(&[][..], |r| &r.divisions);
        let mut belonging = Belonging {
            unknown: found.is_some_and(|r| r.is_none()),
            ..Belonging::default()
        };
        for id in division.into_iter().chain(touched) {
            match (self.tree.path(id), self.tree.shard_of(id)) {
                (Some(path), Some(shard)) => {
                    belonging.paths.insert(path.clone());
                    belonging.shards.insert(shard.clone());
                }
                _ => belonging.unknown = true,
            }
        }
        belonging
    }

    /// The reaches of a water.
    pub fn reaches_of_water<'a>(&'a self, water: &'a WaterId) -> impl Iterator<Item = &'a Reach> {
        self.reaches.values().filter(move |r| r.water == *water)
    }

    /// The reaches that a section watches: those of its water in the divisions that answer for
    /// it. None if the section or its water is unknown.
    pub fn reaches_of_section(&self, id: &SectionId) -> Vec<&Reach> {
        let Some((section, water)) = self
            .sections
            .get(id)
            .and_then(|s| Some((s, s.water.as_ref()?)))
        else {
            return Vec::new();
        };
        let answers = |division: &DivisionId| {
            let mut all = section.responsible.iter().chain(&section.division);
            all.any(|top| self.tree.is_within(division, top))
        };
        self.reaches_of_water(water)
            .filter(|r| r.divisions.iter().any(answers))
            .collect()
    }
}

fn index<K: Ord, V>(all: Vec<V>, key: impl Fn(&V) -> K) -> BTreeMap<K, V> {
    all.into_iter().map(|v| (key(&v), v)).collect()
}
