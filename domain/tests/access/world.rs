//! Random worlds for the access tests, and a naive answer to who sees what in them.

use proptest::prelude::*;
use std::collections::BTreeSet;
use xunhe_domain::access::RecordObject;
use xunhe_domain::register::*;

/// Ids chosen to trip a careless prefix: `/1/12/` and `/1/123/`, and every character that may
/// stand beside a slash in ASCII order.
const NODE_IDS: [&str; 14] = [
    "1", "12", "123", "12-3", "12_3", "120", "-", "--", "_", "0", "00", "A", "a", "Z9",
];
const REACHES: [&str; 4] = ["r0", "r1", "r2", "r3"];
const WATERS: [&str; 2] = ["w0", "w1"];
const UNITS: [&str; 2] = ["u0", "u1"];
const OUTFALLS: [&str; 2] = ["o0", "o1"];
pub(crate) const PERSONS: [&str; 3] = ["ann", "bo", "cy"];

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(crate) fn today() -> Day {
    day("2026-06-15")
}

/// A record as the naive answer looks at it: by ids, without paths.
#[derive(Debug, Clone)]
pub(crate) struct PlainRecord {
    pub(crate) author: PersonId,
    pub(crate) on_behalf_of: Option<PersonId>,
    pub(crate) handlers: BTreeSet<PersonId>,
    pub(crate) division: DivisionId,
    pub(crate) reach: Option<ReachId>,
    pub(crate) units: BTreeSet<UnitId>,
    pub(crate) outfall: Option<OutfallId>,
}

impl PlainRecord {
    pub(crate) fn object(&self, registers: &Registers) -> RecordObject {
        let belonging = registers.belonging(Some(&self.division), self.reach.as_ref());
        let author = self.author.clone();
        let mut object = RecordObject::new(author, self.reach.clone(), &belonging);
        object.on_behalf_of.clone_from(&self.on_behalf_of);
        object.handlers.clone_from(&self.handlers);
        object.units.clone_from(&self.units);
        object.outfall.clone_from(&self.outfall);
        object
    }
}

#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) set: RegisterSet,
    pub(crate) records: Vec<PlainRecord>,
    /// Which node moves under which; ignored where it would make a cycle.
    pub(crate) moves: Vec<(usize, usize)>,
}

fn pick<T>(from: &'static [&'static str]) -> impl Strategy<Value = T>
where
    T: std::str::FromStr<Err: std::fmt::Debug> + std::fmt::Debug,
{
    prop::sample::select(from).prop_map(|id| id.parse().unwrap())
}

fn node() -> impl Strategy<Value = DivisionId> {
    pick(&NODE_IDS)
}

fn divisions() -> impl Strategy<Value = Vec<Division>> {
    let parents = prop::collection::vec(prop::option::weighted(0.85, 0..100_usize), NODE_IDS.len());
    let levels = prop::collection::vec(0..5_usize, NODE_IDS.len());
    (Just(NODE_IDS.to_vec()).prop_shuffle(), parents, levels).prop_map(|(ids, parents, levels)| {
        let words = ["province", "city", "county", "village", "zone"];
        (0..ids.len())
            .map(|i| Division {
                id: ids[i].parse().unwrap(),
                parent: parents[i]
                    .filter(|_| i > 0)
                    .map(|p| ids[p % i].parse().unwrap()),
                name: ids[i].into(),
                level: DivisionLevel::from(words[levels[i]].to_owned()),
                codes: vec![],
                ordinal: 0,
            })
            .collect()
    })
}

fn reaches() -> impl Strategy<Value = Vec<Reach>> {
    let one = (pick(&WATERS), prop::collection::vec(node(), 1..3));
    prop::collection::vec(one, REACHES.len()).prop_map(|all| {
        let numbered = REACHES.iter().zip(all);
        numbered
            .map(|(id, (water, divisions))| Reach {
                id: id.parse().unwrap(),
                water,
                name: (*id).into(),
                start: None,
                end: None,
                bank: Bank::Both,
                divisions,
                line: None,
            })
            .collect()
    })
}

fn term() -> impl Strategy<Value = Term> {
    prop::sample::select(vec![
        ("2026-01-01", None),
        ("2026-06-15", Some("2026-06-15")),
        ("2026-01-01", Some("2026-06-14")),
        ("2026-06-16", None),
    ])
    .prop_map(|(from, to)| Term {
        from: day(from),
        to: to.map(day),
    })
}

fn posts() -> impl Strategy<Value = Vec<(Post, Assignment)>> {
    let kinds = ["river_chief", "general_chief", "grid_inspector", "护渠员"];
    let manners = ["acting", "delegated", "acting"];
    let one = (
        prop::sample::select(kinds.to_vec()),
        node(),
        prop::collection::btree_set(pick::<ReachId>(&REACHES), 0..3),
        pick(&PERSONS),
        term(),
        prop::sample::select(manners.to_vec()),
        prop::option::weighted(0.3, pick(&UNITS)),
    );
    prop::collection::vec(one, 0..4).prop_map(|all| {
        let numbered = all.into_iter().enumerate();
        numbered
            .map(
                |(i, (kind, division, reaches, person, term, manner, unit))| {
                    let kind = PostKind::from(kind.to_owned());
                    let post = Post {
                        id: format!("post{i}").parse().unwrap(),
                        level: kind.is_chief().then_some(ChiefLevel::County),
                        kind,
                        division,
                        reaches: reaches.into_iter().collect(),
                        unit,
                        name: "post".into(),
                    };
                    let assignment = Assignment {
                        post: post.id.clone(),
                        person,
                        term,
                        manner: Manner::from(manner.to_owned()),
                    };
                    (post, assignment)
                },
            )
            .collect()
    })
}

fn grants() -> impl Strategy<Value = Vec<Grant>> {
    let scope = prop_oneof![
        node().prop_map(GrantScope::Division),
        pick(&UNITS).prop_map(GrantScope::Unit),
        pick(&WATERS).prop_map(GrantScope::Water),
        Just(GrantScope::Section("s0".parse().unwrap())),
    ];
    let roles = vec!["handler", "supervisor", "auditor", "admin"];
    let one = (pick(&PERSONS), prop::sample::select(roles), scope, term());
    prop::collection::vec(one, 0..4).prop_map(|all| {
        let numbered = all.into_iter().enumerate();
        numbered
            .map(|(i, (person, role, scope, term))| Grant {
                id: format!("g{i}").parse().unwrap(),
                person,
                role: Role::from(role.to_owned()),
                scope,
                term,
            })
            .filter(|g| g.role.fits(&g.scope))
            .collect()
    })
}

/// Each outfall with charges of either sort, held at different times.
fn outfalls() -> impl Strategy<Value = Vec<Outfall>> {
    let manners = vec!["supervising", "leading"];
    let person = prop::option::weighted(0.8, pick(&PERSONS));
    let charge = (prop::sample::select(manners), pick(&UNITS), person, term());
    let charge = charge.prop_map(|(manner, unit, person, term)| Charge {
        manner: ChargeManner::from(manner.to_owned()),
        unit,
        person,
        term,
    });
    let charges = prop::collection::vec(charge, 0..3);
    prop::collection::vec((charges, node(), pick(&REACHES)), OUTFALLS.len()).prop_map(|all| {
        let numbered = OUTFALLS.iter().zip(all);
        numbered
            .map(|(id, (charges, division, reach))| Outfall {
                id: id.parse().unwrap(),
                name: (*id).into(),
                kind: "x".into(),
                code: None,
                division,
                reach,
                position: None,
                place: None,
                state: OutfallState::InUse,
                charges,
                demo: true,
            })
            .collect()
    })
}

fn records() -> impl Strategy<Value = Vec<PlainRecord>> {
    let one = (
        pick(&["ann", "bo", "somebody"]),
        prop::option::weighted(0.2, pick(&PERSONS)),
        prop::collection::btree_set(pick::<PersonId>(&PERSONS), 0..2),
        node(),
        prop::option::of(pick(&REACHES)),
        prop::collection::btree_set(pick::<UnitId>(&UNITS), 0..2),
        prop::option::of(pick(&OUTFALLS)),
    );
    let plain = one.prop_map(
        |(author, on_behalf_of, handlers, division, reach, units, outfall)| PlainRecord {
            author,
            on_behalf_of,
            handlers,
            division,
            reach,
            units,
            outfall,
        },
    );
    prop::collection::vec(plain, 1..6)
}

/// A world of up to 14 divisions, 4 reaches, 3 persons with posts and grants, and records.
pub(crate) fn world() -> impl Strategy<Value = World> {
    let moves = prop::collection::vec((0..NODE_IDS.len(), 0..NODE_IDS.len()), 0..4);
    let section = prop::collection::vec(node(), 0..3);
    let parts = (divisions(), reaches(), posts(), grants(), records());
    (parts, outfalls(), moves, section).prop_map(|(parts, outfalls, moves, s)| {
        let (divisions, reaches, posts, grants, records) = parts;
        let named = |id: &&str| (*id).to_owned();
        let (posts, assignments) = posts.into_iter().unzip();
        let section = Section {
            id: "s0".parse().unwrap(),
            name: "s".into(),
            water: Some("w0".parse().unwrap()),
            division: None,
            responsible: s,
            grade: SectionGrade::National,
            target_class: None,
            target: None,
        };
        let set = RegisterSet {
            waters: WATERS
                .iter()
                .map(|id| Water {
                    id: id.parse().unwrap(),
                    name: named(id),
                    kind: WaterKind::River,
                })
                .collect(),
            sections: vec![section],
            units: UNITS
                .iter()
                .map(|id| Unit {
                    id: id.parse().unwrap(),
                    name: named(id),
                    division: divisions_first(&divisions),
                    kind: UnitKind::Department,
                })
                .collect(),
            persons: PERSONS
                .iter()
                .map(|id| Person {
                    id: id.parse().unwrap(),
                    name: named(id),
                    unit: None,
                    demo: true,
                })
                .collect(),
            divisions,
            reaches,
            posts,
            assignments,
            grants,
            outfalls,
            ..RegisterSet::default()
        };
        World {
            set,
            records,
            moves,
        }
    })
}

fn divisions_first(divisions: &[Division]) -> DivisionId {
    divisions[0].id.clone()
}

/// Moves a node, unless that would hang it below itself.
pub(crate) fn move_node(set: &mut RegisterSet, (node, under): (usize, usize)) {
    let under = set.divisions[under].id.clone();
    let node_id = set.divisions[node].id.clone();
    if !climbs_to(set, &under, &node_id) {
        set.divisions[node].parent = Some(under);
    }
}

/// Whether climbing from `from` by the parents in the plain list meets `to`.
pub(crate) fn climbs_to(set: &RegisterSet, from: &DivisionId, to: &DivisionId) -> bool {
    let mut here = Some(from);
    while let Some(id) = here {
        if id == to {
            return true;
        }
        let division = set.divisions.iter().find(|d| d.id == *id).unwrap();
        here = division.parent.as_ref();
    }
    false
}

/// The naive answer: does the person see the record, and may they add to it? Written from the
/// rules in words, over plain lists, without paths, rights or scopes.
pub(crate) fn naive(set: &RegisterSet, person: &PersonId, record: &PlainRecord) -> (bool, bool) {
    let own = record.author == *person
        || record.on_behalf_of.as_ref() == Some(person)
        || record.handlers.contains(person);
    let (mut sees, mut writes) = (own, own);

    let reach = record
        .reach
        .as_ref()
        .map(|id| set.reaches.iter().find(|r| r.id == *id).unwrap());
    let mut places = vec![&record.division];
    places.extend(reach.iter().flat_map(|r| &r.divisions));

    for held in &set.assignments {
        if held.person != *person || !held.term.holds_on(today()) {
            continue;
        }
        let post = set.posts.iter().find(|p| p.id == held.post).unwrap();
        if reach.is_some_and(|r| post.reaches.contains(&r.id)) {
            (sees, writes) = (true, true);
        }
        let delegated = held.manner.as_str() == "delegated";
        if !delegated && post.unit.iter().any(|u| record.units.contains(u)) {
            (sees, writes) = (true, true);
        }
        let chief = matches!(post.kind.as_str(), "river_chief" | "general_chief");
        let below =
            |place: &DivisionId| *place != post.division && climbs_to(set, place, &post.division);
        if chief && !delegated && places.iter().any(|p| below(p)) {
            sees = true;
        }
    }

    for outfall in &set.outfalls {
        let named = record.outfall.as_ref() == Some(&outfall.id) && !record.units.is_empty();
        sees |= named
            && outfall.charges.iter().any(|c| {
                let mine = c.person.as_ref() == Some(person) && c.term.holds_on(today());
                mine && c.manner.as_str() == "supervising"
            });
    }

    for grant in &set.grants {
        if grant.person != *person || !grant.term.holds_on(today()) {
            continue;
        }
        let (covered, across) = match &grant.scope {
            GrantScope::Division(top) => (places.iter().any(|p| climbs_to(set, p, top)), false),
            GrantScope::Unit(unit) => (record.units.contains(unit), false),
            GrantScope::Water(water) => (reach.is_some_and(|r| r.water == *water), true),
            GrantScope::Section(_) => {
                let section = &set.sections[0];
                let watched = reach.is_some_and(|r| {
                    Some(&r.water) == section.water.as_ref()
                        && r.divisions
                            .iter()
                            .any(|d| section.responsible.iter().any(|top| climbs_to(set, d, top)))
                });
                (watched, true)
            }
        };
        match grant.role.as_str() {
            "supervisor" | "handler" if covered => {
                sees = true;
                writes |= !across;
            }
            "auditor" if covered => sees = true,
            _ => {}
        }
    }
    (sees, writes)
}
