use super::{
    Assignment, Day, Division, DivisionId, HolidayTable, Outfall, Person, PersonId, Post, PostId,
    ProblemKind, Reach, ReachId, Registers, Unit, UnitId, Water,
};
use crate::patrol::ValidityRule;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a phone needs of the registers, and no more: it travels over 2G. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhoneRegisters {
    /// For which day it was made.
    pub day: Day,
    /// Who.
    pub person: Person,
    /// The posts held on that day.
    pub posts: Vec<Post>,
    /// In which manner and until when.
    pub assignments: Vec<Assignment>,
    /// The reaches of these posts, with lines as small as their error allows.
    pub reaches: Vec<Reach>,
    /// The waters of these reaches.
    pub waters: Vec<Water>,
    /// The divisions of posts and reaches with everything above them, and one level below the
    /// posts' own; parents before children, without official codes.
    pub divisions: Vec<Division>,
    /// The problem catalogue without what only desks need.
    pub problems: Vec<ProblemKind>,
    /// The units in whose name the person works on cases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub works_for: Vec<UnitId>,
    /// Units of the divisions above, so that a case says who has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<Unit>,
    /// 有效巡河 for the posts above, by post.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub validity: BTreeMap<PostId, ValidityRule>,
    /// Outfalls into the reaches above, and those whose 监管责任人 the person is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outfalls: Vec<Outfall>,
    /// 放假调休, for who works for a unit: the day before a holiday is the day to be reminded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<HolidayTable>,
}

impl Registers {
    /// What the phone of `person` needs on `day`; `None` if the person is not registered.
    pub fn for_person(&self, person: &PersonId, day: Day) -> Option<PhoneRegisters> {
        let person = self.person(person)?.clone();
        let held: Vec<_> = self.held_posts(&person.id, day).collect();
        let mut seen = BTreeSet::new();
        let mut posts = Vec::new();
        for (post, _) in &held {
            // Held twice, say acting and delegated, it is still one post.
            if seen.insert(&post.id) {
                posts.push((*post).clone());
            }
        }
        let ids: BTreeSet<_> = posts.iter().flat_map(|p| &p.reaches).collect();
        let reaches: Vec<Reach> = ids
            .iter()
            .filter_map(|id| self.reach(id))
            .cloned()
            .collect();
        let works_for = self.works_for(&person.id, day);
        let mut reaches = reaches;
        reaches.extend(self.reaches_around(&works_for, &ids));
        let waters: BTreeSet<_> = reaches.iter().map(|r| &r.water).collect();
        let waters = waters
            .into_iter()
            .filter_map(|id| self.water(id))
            .cloned()
            .collect();
        let divisions = self.divisions_for(&posts, &reaches);
        let near: BTreeSet<_> = divisions.iter().map(|d| &d.id).collect();
        let units = self.units();
        let units = units.filter(|u| near.contains(&u.division) || works_for.contains(&u.id));
        let watched = |o: &Outfall| o.is_supervised_by(&person.id, day);
        let outfalls = self.outfalls();
        let outfalls = outfalls.filter(|o| ids.contains(&o.reach) || watched(o));
        let holidays = self.holidays_from(day).map(HolidayTable::for_phone);
        Some(PhoneRegisters {
            day,
            units: units.cloned().collect(),
            outfalls: outfalls.map(|o| o.for_phone(&person.id)).collect(),
            holidays: holidays.filter(|_| !works_for.is_empty()).collect(),
            validity: posts
                .iter()
                .filter_map(|p| Some((p.id.clone(), self.validity(p, day)?.clone())))
                .collect(),
            works_for: works_for.into_iter().cloned().collect(),
            divisions,
            reaches: reaches.into_iter().map(Reach::for_phone).collect(),
            waters,
            assignments: held.into_iter().map(|(_, a)| a.clone()).collect(),
            problems: self.problems().iter().map(ProblemKind::for_phone).collect(),
            posts,
            person,
        })
    }

    /// The other reaches of the counties of some units, without lines: what is handed to a unit
    /// should have a name on its handlers' phones.
    fn reaches_around(
        &self,
        units: &BTreeSet<&UnitId>,
        without: &BTreeSet<&ReachId>,
    ) -> Vec<Reach> {
        let county = |id: &DivisionId| self.tree().shard_of(id);
        let units = units.iter().filter_map(|id| self.unit(id));
        let counties: BTreeSet<_> = units.filter_map(|u| county(&u.division)).collect();
        let near = |r: &&Reach| {
            let mut touched = r.divisions.iter().filter_map(county);
            touched.any(|c| counties.contains(c)) && !without.contains(&r.id)
        };
        let line = None;
        self.reaches()
            .filter(near)
            .map(|r| Reach {
                line: line.clone(),
                ..r.clone()
            })
            .collect()
    }

    fn divisions_for(&self, posts: &[Post], reaches: &[Reach]) -> Vec<Division> {
        let own = posts.iter().map(|p| &p.division);
        let touched = reaches.iter().flat_map(|r| &r.divisions);
        let mut wanted: BTreeSet<&DivisionId> = BTreeSet::new();
        for id in own.clone().chain(touched) {
            wanted.extend(self.tree().lineage(id).map(|d| &d.id));
        }
        for id in own {
            wanted.extend(self.tree().children(id).map(|d| &d.id));
        }
        let roots = self.tree().roots().flat_map(|r| self.tree().subtree(&r.id));
        roots
            .filter(|d| wanted.contains(&d.id))
            .map(Division::for_phone)
            .collect()
    }
}

impl Reach {
    fn for_phone(self) -> Self {
        Self {
            line: self.line.map(|l| l.simplified()),
            ..self
        }
    }
}

impl Division {
    fn for_phone(&self) -> Self {
        Self {
            codes: Vec::new(),
            ..self.clone()
        }
    }
}
