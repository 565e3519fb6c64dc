//! What an office settled holds for everything below it.

use crate::sample::{day, id, set};
use xunhe_domain::access::desk_division;
use xunhe_domain::register::{
    DivisionId, Grant, GrantScope, LedgerPeriod, RegisterSet, Registers, Role, Term,
};

fn registers() -> Registers {
    let mut set = set();
    // As a file says it; what is left out is as usual.
    let counties = r#"[{"division": "yj", "ledger_period": "month"}, {"division": "cb"}]"#;
    set.counties = serde_json::from_str(counties).unwrap();
    Registers::build(set).unwrap()
}

#[test]
fn the_nearest_office_upwards_counts() {
    let registers = registers();
    for (division, period) in [
        ("yj", LedgerPeriod::Month),
        ("park", LedgerPeriod::Month),
        ("cb", LedgerPeriod::ToThe25th),
        ("ss", LedgerPeriod::ToThe25th),
        ("yh", LedgerPeriod::ToThe25th),
        ("yc", LedgerPeriod::ToThe25th),
        ("nowhere", LedgerPeriod::ToThe25th),
    ] {
        assert_eq!(registers.ledger_period(&id(division)), period, "{division}");
    }
}

#[test]
fn registers_from_before_are_read_and_an_unknown_period_is_not() {
    let kept: RegisterSet = serde_json::from_str("{}").unwrap();
    assert_eq!(kept.counties, []);
    let counties = r#"{"counties": [{"division": "yj", "ledger_period": "quarter"}]}"#;
    let refused = serde_json::from_str::<RegisterSet>(counties).unwrap_err();
    assert!(refused.to_string().contains("quarter"), "{refused}");
}

#[test]
fn a_desk_is_where_a_grant_a_post_or_the_unit_says() {
    let on = |set: RegisterSet, person: &str| {
        let registers = Registers::build(set).unwrap();
        let found = desk_division(&registers, &id(person), day("2026-05-01"));
        found.map(DivisionId::to_string)
    };
    let said = |place: &str| Some(place.to_owned());
    assert_eq!(on(set(), "bo"), said("yj"), "a post");
    let mut posts = set();
    posts.assignments.clear();
    assert_eq!(on(posts.clone(), "ann"), said("yj"), "the unit");
    assert_eq!(on(posts, "bo"), None);
    let mut granted = set();
    granted.grants.push(Grant {
        id: id("g2"),
        person: id("bo"),
        role: Role::Supervisor,
        scope: GrantScope::Division(id("yh")),
        term: Term {
            from: day("2026-01-01"),
            to: None,
        },
    });
    assert_eq!(on(granted, "bo"), said("yh"), "a grant comes first");
    assert_eq!(on(set(), "nobody"), None);
}
