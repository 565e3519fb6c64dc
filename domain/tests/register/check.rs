//! A broken import is answered with everything that is wrong with it.

use crate::sample::{day, id, set};
use xunhe_domain::register::{
    ChiefLevel, County, GrantScope, LedgerPeriod, ProblemKind, RegisterError, RegisterSet,
    Registers, Role, Term,
};

fn codes(set: RegisterSet) -> Vec<&'static str> {
    match Registers::build(set) {
        Ok(_) => vec![],
        Err(errors) => errors.iter().map(RegisterError::code).collect(),
    }
}

fn county(division: &str) -> County {
    County {
        division: id(division),
        ledger_period: LedgerPeriod::Month,
    }
}

#[test]
fn each_mistake_has_its_code() {
    type Break = fn(&mut RegisterSet);
    let cases: [(&str, Break, &str); 21] = [
        (
            "a division twice",
            |s| s.divisions.push(s.divisions[0].clone()),
            "register_duplicate",
        ),
        (
            "a person twice",
            |s| s.persons.push(s.persons[0].clone()),
            "register_duplicate",
        ),
        (
            "a code twice",
            |s| s.problems.push(s.problems[0].clone()),
            "register_duplicate",
        ),
        (
            "a county's settings twice",
            |s| s.counties = vec![county("yj"), county("yj")],
            "register_duplicate",
        ),
        (
            "settings of no division",
            |s| s.counties = vec![county("x")],
            "register_unknown",
        ),
        (
            "no such parent",
            |s| s.divisions[1].parent = Some(id("x")),
            "register_unknown",
        ),
        (
            "no such water",
            |s| s.reaches[0].water = id("x"),
            "register_unknown",
        ),
        (
            "no such division",
            |s| s.reaches[0].divisions = vec![id("x")],
            "register_unknown",
        ),
        (
            "no such unit",
            |s| s.persons[0].unit = Some(id("x")),
            "register_unknown",
        ),
        (
            "no such reach",
            |s| s.posts[0].reaches.push(id("x")),
            "register_unknown",
        ),
        (
            "no such post",
            |s| s.assignments[0].post = id("x"),
            "register_unknown",
        ),
        (
            "no such holder",
            |s| s.assignments[0].person = id("x"),
            "register_unknown",
        ),
        (
            "no such scope",
            |s| s.grants[0].scope = GrantScope::Unit(id("x")),
            "register_unknown",
        ),
        (
            "no name",
            |s| s.units[0].name = "　".into(),
            "register_nameless",
        ),
        (
            "nowhere",
            |s| s.reaches[0].divisions.clear(),
            "register_reach_nowhere",
        ),
        (
            "latitude first",
            |s| s.reaches[0].line.as_mut().unwrap().coordinates[1] = [34.87, 110.4],
            "register_bad_line",
        ),
        (
            "ends first",
            |s| s.grants[0].term.to = Some(day("2025-12-31")),
            "register_term_reversed",
        ),
        (
            "two regular holders",
            |s| s.assignments[0].term.to = Some(day("2026-07-01")),
            "register_post_held_twice",
        ),
        (
            "chief without level",
            |s| s.posts[1].level = None,
            "register_level_mismatch",
        ),
        (
            "level without chief",
            |s| s.posts[0].level = Some(ChiefLevel::Village),
            "register_level_mismatch",
        ),
        (
            "empty grant",
            |s| s.grants[0].role = Role::Admin,
            "register_empty_grant",
        ),
    ];
    assert_eq!(codes(set()), Vec::<&str>::new());
    for (what, damage, code) in cases {
        let mut set = set();
        damage(&mut set);
        assert_eq!(codes(set), [code], "{what}");
    }
}

#[test]
fn all_mistakes_are_named_at_once() {
    let mut set = set();
    set.divisions[0].parent = Some(id("ss"));
    set.persons[0].name.clear();
    set.reaches[0].water = id("x");
    set.problems.push(ProblemKind {
        name: String::new(),
        ..set.problems[0].clone()
    });
    let mut found = codes(set);
    found.sort_unstable();
    found.dedup();
    let wanted = [
        "register_cycle",
        "register_duplicate",
        "register_nameless",
        "register_unknown",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn an_acting_or_delegated_holder_may_stand_beside_the_regular_one() {
    let mut set = set();
    set.assignments.push(xunhe_domain::register::Assignment {
        post: id("p-cb"),
        person: id("bo"),
        term: Term {
            from: day("2026-02-01"),
            to: None,
        },
        manner: xunhe_domain::register::Manner::Acting,
    });
    assert_eq!(codes(set), Vec::<&str>::new());
}
