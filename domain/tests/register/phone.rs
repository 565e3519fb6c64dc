//! What a phone gets of the registers on a day.

use crate::sample::{day, id, registers, set};
use xunhe_domain::register::{
    Charge, ChargeManner, Grant, GrantScope, HolidayTable, Outfall, OutfallState, Registers, Role,
    Term,
};

fn texts<T: ToString>(ids: impl Iterator<Item = T>) -> Vec<String> {
    ids.map(|id| id.to_string()).collect()
}

#[test]
fn posts_come_and_go_with_their_days() {
    let registers = registers();
    for (person, on, posts) in [
        ("ann", "2026-02-28", vec!["p-cb"]),
        ("ann", "2026-03-15", vec!["p-cb", "p-yj"]),
        ("ann", "2026-06-30", vec!["p-cb"]),
        ("ann", "2026-07-01", vec![]),
        ("bo", "2026-07-01", vec!["p-cb", "p-yj"]),
        ("bo", "2025-12-31", vec![]),
    ] {
        let phone = registers.for_person(&id(person), day(on)).unwrap();
        assert_eq!(
            texts(phone.posts.iter().map(|p| &p.id)),
            posts,
            "{person} {on}"
        );
        assert_eq!(phone.assignments.len(), posts.len());
        assert_eq!(phone.problems.len(), 1, "the catalogue comes in any case");
    }
    assert_eq!(registers.for_person(&id("nobody"), day("2026-01-01")), None);
    let vacant = registers.vacant_posts(day("2025-12-31"));
    assert_eq!(texts(vacant.map(|p| &p.id)), ["p-cb", "p-yj"]);
}

#[test]
fn a_phone_carries_what_its_posts_touch_and_no_more() {
    let registers = registers();
    let phone = registers.for_person(&id("ann"), day("2026-05-01")).unwrap();
    assert_eq!(
        texts(phone.divisions.iter().map(|d| &d.id)),
        ["sx", "yc", "yj", "cb", "ss"]
    );
    assert_eq!(texts(phone.reaches.iter().map(|r| &r.id)), ["r-cb"]);
    assert_eq!(texts(phone.waters.iter().map(|w| &w.id)), ["ssh"]);
    // 400 m of error allow 100 m of simplification; the middle point is 11 m off.
    let line = phone.reaches[0].line.as_ref().unwrap();
    assert_eq!(line.coordinates, [[110.4, 34.87], [110.5, 34.87]]);
    assert_eq!(line.error_m, 400);
    assert_eq!(phone.problems[0].lead, "", "desk words stay at the desk");
}

#[test]
fn a_boundary_reach_brings_the_other_county_along() {
    let registers = registers();
    let phone = registers.for_person(&id("bo"), day("2026-02-01")).unwrap();
    let divisions = texts(phone.divisions.iter().map(|d| &d.id));
    // 盐湖 stands before 永济 among the counties; below 永济 one level, and nothing below 盐湖.
    assert_eq!(divisions, ["sx", "yc", "yh", "yj", "cb", "park"]);
}

#[test]
fn holidays_come_along_for_who_works_for_a_unit() {
    let mut set = set();
    let term = Term {
        from: day("2026-01-01"),
        to: None,
    };
    set.holidays = [2025, 2026, 2027, 2028]
        .map(|year| HolidayTable {
            year,
            off: Vec::new(),
            work: Vec::new(),
            source: "国办".to_owned(),
        })
        .to_vec();
    set.grants.push(Grant {
        id: id("g2"),
        person: id("bo"),
        role: Role::Handler,
        scope: GrantScope::Unit(id("slj")),
        term,
    });
    let registers = Registers::build(set).unwrap();
    let years = |person: &str| {
        let phone = registers
            .for_person(&id(person), day("2026-05-01"))
            .unwrap();
        let tables = phone.holidays.into_iter();
        tables.map(|t| (t.year, t.source)).collect::<Vec<_>>()
    };
    assert_eq!(years("bo"), [(2026, String::new()), (2027, String::new())]);
    assert_eq!(years("ann"), []);
}

#[test]
fn who_supervises_an_outfall_has_it_on_the_phone_and_nobody_elses_name() {
    let mut set = set();
    let charge = |manner, person| Charge {
        manner,
        unit: id("slj"),
        person: Some(id(person)),
        term: Term {
            from: day("2026-01-01"),
            to: None,
        },
    };
    set.outfalls.push(Outfall {
        id: id("of-1"),
        name: "排口".to_owned(),
        kind: "GY-GK-1".to_owned(),
        code: None,
        division: id("yh"),
        reach: id("r-border"),
        position: None,
        place: None,
        state: OutfallState::InUse,
        charges: vec![
            charge(ChargeManner::Supervising, "ann"),
            charge(ChargeManner::Leading, "bo"),
        ],
        demo: true,
    });
    let registers = Registers::build(set).unwrap();
    let on = day("2026-02-01");
    let phone = registers.for_person(&id("ann"), on).unwrap();
    assert!(phone.reaches.iter().all(|r| r.id.as_str() != "r-border"));
    let [outfall] = &phone.outfalls[..] else {
        panic!("one outfall: {:?}", phone.outfalls);
    };
    assert!(outfall.is_supervised_by(&id("ann"), on));
    assert_eq!(outfall.charges[1].person, None);
}
