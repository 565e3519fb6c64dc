//! A broken import is answered with everything that is wrong with it.

use crate::sample::{day, id, set};
use xunhe_domain::register::{
    Charge, ChargeManner, ChiefLevel, CountedDays, CountingRule, County, GrantScope, Holiday,
    HolidayTable, LedgerPeriod, OnHoliday, Outfall, OutfallState, ProblemKind, RegisterError,
    RegisterSet, Registers, Role, Term,
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
    let cases: [(&str, Break, &str); 25] = [
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
        (
            "no such responsible person",
            |s| s.outfalls.push(outfall("x")),
            "register_unknown",
        ),
        (
            "no such county",
            |s| s.counting.push(counting("x")),
            "register_unknown",
        ),
        (
            "a year twice",
            |s| {
                s.holidays
                    .extend([holidays("2026-10-07"), holidays("2026-10-07")]);
            },
            "register_duplicate",
        ),
        (
            "a holiday that ends first",
            |s| s.holidays.push(holidays("2026-09-30")),
            "register_term_reversed",
        ),
    ];
    assert_eq!(codes(set()), Vec::<&str>::new());
    for (what, damage, code) in cases {
        let mut set = set();
        damage(&mut set);
        assert_eq!(codes(set), [code], "{what}");
    }
}

fn outfall(person: &str) -> Outfall {
    let charge = Charge {
        manner: ChargeManner::Leading,
        unit: id("slj"),
        person: Some(id(person)),
        term: Term {
            from: day("2026-01-01"),
            to: None,
        },
    };
    Outfall {
        id: id("of-1"),
        name: "排口".to_owned(),
        kind: "GY-GK-1".to_owned(),
        code: None,
        division: id("cb"),
        reach: id("r-cb"),
        position: None,
        place: None,
        state: OutfallState::InUse,
        charges: vec![charge],
        demo: true,
    }
}

fn counting(division: &str) -> CountingRule {
    CountingRule {
        division: id(division),
        days: CountedDays::Working,
        on_holiday: OnHoliday::Kept,
        term: Term {
            from: day("2026-01-01"),
            to: None,
        },
        source: "example".to_owned(),
    }
}

fn holidays(to: &str) -> HolidayTable {
    HolidayTable {
        year: 2026,
        off: vec![Holiday {
            name: "国庆节".to_owned(),
            from: day("2026-10-01"),
            to: day(to),
        }],
        work: Vec::new(),
        source: String::new(),
    }
}

#[test]
fn what_fits_passes() {
    let mut set = set();
    set.outfalls.push(outfall("ann"));
    set.counting.push(counting("yj"));
    set.holidays.push(holidays("2026-10-07"));
    assert_eq!(codes(set), Vec::<&str>::new());
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
