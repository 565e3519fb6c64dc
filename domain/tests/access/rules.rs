//! The rules that the matrix alone would not explain, each with the case it was made for.

use xunhe_domain::access::{
    Action, Actor, Decision, DeskRegisters, LogObject, Object, Over, RecordObject, Refusal, Scope,
    may, opens_desk,
};
use xunhe_domain::register::{Belonging, Day, PersonId, RegisterSet, Registers};

fn country() -> RegisterSet {
    serde_json::from_str(include_str!("country.json")).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn actor(set: RegisterSet, person: &str, on: &str) -> Actor {
    let registers = Registers::build(set).unwrap();
    Actor::of(&registers, &person.parse().unwrap(), day(on), false).unwrap()
}

fn record_at(set: RegisterSet, division: &str) -> RecordObject {
    let registers = Registers::build(set).unwrap();
    let belonging = registers.belonging(Some(&division.parse().unwrap()), None);
    RecordObject::new("stranger".parse().unwrap(), None, &belonging)
}

fn reads(actor: &Actor, record: &RecordObject) -> bool {
    may(actor, Action::RecordRead, &Object::Record(record)).is_allowed()
}

#[test]
fn a_right_ends_with_the_duty_that_it_was_for() {
    let mut set = country();
    for held in &mut set.assignments {
        held.term.to = Some(day("2026-03-31"));
    }
    for grant in &mut set.grants {
        grant.term.to = Some(day("2026-03-31"));
    }
    let record = record_at(set.clone(), "cb");
    for person in ["chief-county", "supervisor-county", "auditor"] {
        assert!(
            reads(&actor(set.clone(), person, "2026-03-31"), &record),
            "{person}"
        );
        assert!(
            !reads(&actor(set.clone(), person, "2026-04-01"), &record),
            "{person}"
        );
    }
    // Mid-month transfer: what he recorded stays his own.
    let mut own = record;
    own.author = "chief-county".parse().unwrap();
    assert!(reads(&actor(set, "chief-county", "2026-04-01"), &own));
}

#[test]
fn a_moved_division_takes_its_records_along() {
    let mut set = country();
    let before = actor(set.clone(), "supervisor-county", "2026-06-15");
    assert!(reads(&before, &record_at(set.clone(), "ss")));
    let township = set.divisions.iter_mut().find(|d| d.id.as_str() == "cb");
    township.unwrap().parent = Some("yh".parse().unwrap());
    let after = actor(set.clone(), "supervisor-county", "2026-06-15");
    assert!(!reads(&after, &record_at(set.clone(), "ss")));
    let city = actor(set.clone(), "supervisor-city", "2026-06-15");
    assert!(reads(&city, &record_at(set, "ss")));
}

#[test]
fn a_role_that_this_version_does_not_know_gives_nothing() {
    let mut set = country();
    for grant in &mut set.grants {
        grant.role = "overlord".to_owned().into();
    }
    let errors = Registers::build(set.clone()).unwrap_err();
    assert!(errors.iter().all(|e| e.code() == "register_empty_grant"));
    assert_eq!(errors.len(), set.grants.len());
}

#[test]
fn administration_and_holding_no_post_give_no_right_over_records() {
    for person in ["admin", "handler", "liaison", "watcher"] {
        let Actor::Person(found) = actor(country(), person, "2026-06-15") else {
            panic!("{person} is a person");
        };
        let over_places = |o: &Over| !matches!(o, Over::Unit(_) | Over::Watched(_));
        assert!(
            !found.rights.iter().any(|r| over_places(&r.over)),
            "{person}"
        );
    }
}

#[test]
fn nobody_acts_as_a_person_who_is_not_registered() {
    let registers = Registers::build(country()).unwrap();
    let nobody: PersonId = "nobody".parse().unwrap();
    assert_eq!(
        Actor::of(&registers, &nobody, day("2026-06-15"), false),
        None
    );
}

#[test]
fn a_record_that_belongs_nowhere_is_seen_by_its_author_only() {
    let mut record = RecordObject::new("ann".parse().unwrap(), None, &Belonging::default());
    let city = actor(country(), "supervisor-city", "2026-06-15");
    assert!(!reads(&city, &record));
    record.author = "supervisor-city".parse().unwrap();
    assert!(reads(&city, &record));
}

#[test]
fn what_is_hidden_stays_hidden_when_it_was_withdrawn() {
    let mut record = record_at(country(), "yh");
    record.withdrawn = true;
    let object = Object::Record(&record);
    let county = actor(country(), "supervisor-county", "2026-06-15");
    assert_eq!(may(&county, Action::Comment, &object), Decision::Hidden);
    let city = actor(country(), "supervisor-city", "2026-06-15");
    let refused = Decision::Denied(Refusal::Withdrawn);
    assert_eq!(may(&city, Action::Comment, &object), refused);
}

#[test]
fn a_desk_opens_for_those_who_look_after_more_than_their_reaches() {
    let registers = Registers::build(country()).unwrap();
    for (person, on, opens) in [
        ("chief-city", "2026-06-15", true),
        ("chief-town", "2026-06-15", true),
        ("chief-village", "2026-06-15", false),
        ("delegate", "2026-06-15", false),
        ("inspector", "2026-06-15", false),
        ("handler", "2026-06-15", true),
        ("liaison", "2026-06-15", false),
        ("watcher", "2026-06-15", false),
        ("auditor", "2026-06-15", true),
        ("admin", "2026-06-15", true),
        ("auditor", "2025-12-31", false),
        ("nobody", "2026-06-15", false),
    ] {
        let found = opens_desk(&registers, &person.parse().unwrap(), day(on));
        assert_eq!(found, opens, "{person} {on}");
    }
}

#[test]
fn a_disabled_account_has_no_scope_left() {
    let registers = Registers::build(country()).unwrap();
    let person = "supervisor-city".parse().unwrap();
    let disabled = Actor::of(&registers, &person, day("2026-06-15"), true).unwrap();
    assert_eq!(Scope::of(&disabled), Scope::default());
    assert_eq!(Scope::own(&disabled), Scope::default());
}

#[test]
fn a_desk_knows_the_names_of_what_it_sees_and_no_others() {
    let registers = Registers::build(country()).unwrap();
    let desk = |person: &str| {
        let id: PersonId = person.parse().unwrap();
        let actor = Actor::of(&registers, &id, day("2026-06-15"), false).unwrap();
        let scope = Scope::of(&actor);
        DeskRegisters::of(&registers, &id, day("2026-06-15"), &scope).unwrap()
    };
    let names = |desk: &DeskRegisters| {
        let divisions: Vec<_> = desk.divisions.iter().map(|d| d.id.to_string()).collect();
        let reaches: Vec<_> = desk.reaches.iter().map(|r| r.id.to_string()).collect();
        (divisions.join(" "), reaches.join(" "))
    };
    let (divisions, reaches) = names(&desk("supervisor-county"));
    // 盐湖 (yh) comes along because a boundary reach touches it; its own things do not.
    assert_eq!(divisions, "sx yc yj cb ss ss-1 dw ss3 qt cb3 yh");
    assert_eq!(reaches, "b-cb b-ss b-yj r-cb r-ss r-yj");
    assert_eq!(names(&desk("admin")), (String::new(), String::new()));
    assert_eq!(
        names(&desk("inspector")),
        ("sx yc yj cb".into(), "r-cb".into())
    );
}

#[test]
fn a_unit_goes_on_when_somebody_leaves() {
    let mut set = country();
    for grant in &mut set.grants {
        grant.term.to = Some(day("2026-03-31"));
    }
    let mut record = record_at(set.clone(), "xz");
    record.units.insert("slj".parse().unwrap());
    record.handlers.insert("handler".parse().unwrap());
    let works = |set: &RegisterSet, person: &str| {
        let actor = actor(set.clone(), person, "2026-04-01");
        let unit = &"slj".parse().unwrap();
        let record = &record;
        may(&actor, Action::CaseWork, &Object::Duty { record, unit })
    };
    // The 承办人 keeps the case that names him; the unit's 联络员 can act as well.
    assert_eq!(works(&set, "handler"), Decision::Allow);
    assert_eq!(works(&set, "liaison"), Decision::Allow);
    assert_eq!(works(&set, "watcher"), Decision::Hidden);
    // Who walks for the liaison works in nobody's name.
    for held in &mut set.assignments {
        if held.person.as_str() == "liaison" {
            held.manner = xunhe_domain::register::Manner::Delegated;
        }
    }
    assert_eq!(works(&set, "liaison"), Decision::Hidden);
}

#[test]
fn who_supervises_an_outfall_reads_its_cases_once_a_unit_has_them() {
    let set = country();
    let mut record = record_at(set.clone(), "xz");
    record.outfall = Some("of-1".parse().unwrap());
    let watcher = actor(set.clone(), "watcher", "2026-06-15");
    assert!(!reads(&watcher, &record), "not handed over yet");
    record.units.insert("slj".parse().unwrap());
    assert!(reads(&watcher, &record));
    assert!(Scope::of(&watcher).admits(&record));
    let object = Object::Record(&record);
    let refused = Decision::Denied(Refusal::ReadOnly);
    assert_eq!(may(&watcher, Action::Comment, &object), refused);
    // The right ends with the charge.
    let mut later = set;
    later.outfalls[0].charges[0].term.to = Some(day("2026-06-14"));
    assert!(!reads(&actor(later, "watcher", "2026-06-15"), &record));
}

#[test]
fn a_desk_that_decides_knows_whom_a_step_may_name() {
    let registers = Registers::build(country()).unwrap();
    let desk = |person: &str| {
        let id: PersonId = person.parse().unwrap();
        let actor = Actor::of(&registers, &id, day("2026-06-15"), false).unwrap();
        DeskRegisters::of(&registers, &id, day("2026-06-15"), &Scope::of(&actor)).unwrap()
    };
    let county = desk("supervisor-county");
    assert!(county.decides);
    let people: Vec<_> = county
        .people
        .iter()
        .map(|p| {
            (
                p.id.as_str(),
                p.units.iter().map(ToString::to_string).collect::<Vec<_>>(),
            )
        })
        .collect();
    let slj = || vec!["slj".to_owned()];
    assert_eq!(
        people,
        [("handler", slj()), ("liaison", slj()), ("watcher", vec![])]
    );
    let approvers: Vec<_> = county.approvers.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(approvers, ["supervisor-city", "supervisor-county"]);
    // The grant over a water is a supervisor's, and reads only.
    for person in ["auditor", "handler", "chief-county", "water", "watcher"] {
        let other = desk(person);
        assert!(!other.decides, "{person}");
        assert!(
            other.people.is_empty() && other.approvers.is_empty(),
            "{person}"
        );
    }
}

#[test]
fn a_log_lies_where_its_own_person_held_posts() {
    let registers = Registers::build(country()).unwrap();
    let paths = |person: &str| LogObject::of(&registers, &person.parse().unwrap()).paths;
    let path = |division: &str| registers.tree().path(&division.parse().unwrap()).cloned();
    assert_eq!(paths("chief-town").into_iter().next(), path("cb"));
    assert_eq!(paths("chief-town").len(), 1);
    // Rights by a grant are no posts.
    assert!(paths("handler").is_empty());
}

#[test]
fn units_and_reaches_may_lie_in_any_division() {
    let registers = Registers::build(country()).unwrap();
    let elsewhere = registers.tree().path(&"xz".parse().unwrap()).unwrap();
    let touches = |person: &str| {
        let actor = actor(country(), person, "2026-06-15");
        Scope::of(&actor).touches(elsewhere)
    };
    assert!(touches("handler") && touches("water"));
    assert!(!touches("supervisor-county"));
    assert!(!Scope::default().touches(elsewhere));
}
