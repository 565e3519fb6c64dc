use super::*;
use domain::{
    access::Actor,
    register::{Day, DivisionId, LedgerPeriod, PersonId, PostKind, ReachId, Registers, Role},
};
use std::collections::BTreeSet;

fn registers() -> Registers {
    Registers::build(load().unwrap().registers).unwrap()
}

fn today() -> Day {
    "2026-11-24".parse().unwrap()
}

fn division(id: &str) -> DivisionId {
    id.parse().unwrap()
}

#[test]
fn the_demonstration_passes_every_check_and_every_post_is_held() {
    let registers = registers();
    let vacant: Vec<_> = registers.vacant_posts(today()).map(|p| &p.id).collect();
    assert!(vacant.is_empty(), "{vacant:?}");
}

#[test]
fn every_role_is_played_in_each_of_the_three_counties() {
    let registers = registers();
    for county in ["yongji", "yanhu", "hejin"] {
        let mut found = BTreeSet::new();
        let inside = |id: &DivisionId| registers.tree().is_within(id, &division(county));
        for post in registers.posts().filter(|p| inside(&p.division)) {
            match (&post.level, &post.kind) {
                (Some(level), _) => found.insert(format!("chief {}", level.as_str())),
                (None, PostKind::GridInspector) => found.insert("inspector".into()),
                _ => false,
            };
        }
        for grant in registers.grants() {
            let person = registers.person(&grant.person).unwrap();
            let unit = person.unit.as_ref().and_then(|u| registers.unit(u));
            let posts = registers.held_posts(&grant.person, today());
            let mut places = posts
                .map(|(p, _)| &p.division)
                .chain(unit.map(|u| &u.division));
            if places.any(inside) {
                found.insert(grant.role.as_str().to_owned());
            }
        }
        let mut wanted = BTreeSet::from(
            [
                "chief county",
                "chief township",
                "inspector",
                "handler",
                "supervisor",
                "auditor",
            ]
            .map(str::to_owned),
        );
        // The source has no villages of 河津.
        if county != "hejin" {
            wanted.insert("chief village".into());
        }
        assert_eq!(
            found.intersection(&wanted).count(),
            wanted.len(),
            "{county}: {found:?}"
        );
    }
    let city = |role: Role| registers.grants().iter().any(|g| g.role == role);
    assert!(city(Role::Admin));
}

#[test]
fn every_account_is_a_marked_person_with_a_duty() {
    let set = load().unwrap();
    let registers = registers();
    for account in &set.accounts {
        let person = registers.person(&account.person).unwrap();
        assert!(person.demo && person.shown_name().ends_with("（演示）"));
        assert!(!account.duty.is_empty(), "{}", account.account);
        assert!(Actor::of(&registers, &person.id, today(), false).is_some());
    }
}

#[test]
fn the_zone_is_a_peer_of_the_counties_and_keeps_its_code() {
    let registers = registers();
    let zone = registers.tree().get(&division("kaifaqu")).unwrap();
    assert_eq!(zone.parent, Some(division("yc")));
    assert_eq!(zone.codes[0].code, "140802404");
    assert_eq!(registers.tree().shard_of(&zone.id), Some(&zone.id));
    // A zone inside a county is none.
    let inner = registers.tree().shard_of(&division("ruicheng-402"));
    assert_eq!(inner, Some(&division("ruicheng")));
}

#[test]
fn a_boundary_reach_enters_the_feeds_of_both_counties() {
    let registers = registers();
    let reach: ReachId = "yxq-jiaojie".parse().unwrap();
    let belonging = registers.belonging(Some(&division("yongji-101")), Some(&reach));
    let shards: Vec<_> = belonging.shards.iter().map(DivisionId::as_str).collect();
    assert_eq!(shards, ["yanhu", "yongji"]);
    assert!(!belonging.unknown);
}

#[test]
fn the_section_of_four_governments_watches_their_reaches() {
    let registers = registers();
    let found = registers.reaches_of_section(&"YC-ZLZ".parse().unwrap());
    let found: Vec<_> = found.iter().map(|r| r.id.as_str()).collect();
    assert!(found.contains(&"ssh-yanhu") && found.contains(&"ssh-zhangliuzhuang"));
    assert!(found.iter().all(|id| id.starts_with("ssh-")), "{found:?}");
}

#[test]
fn what_a_phone_gets_is_small() {
    let registers = registers();
    for account in load().unwrap().accounts {
        let phone = registers.for_person(&account.person, today()).unwrap();
        let bytes = serde_json::to_vec(&phone).unwrap().len();
        // 50 kinds of problems are 12 KB of it; gzip makes 5 KB of the whole.
        assert!(bytes < 18_000, "{}: {bytes} bytes", account.account);
    }
}

#[test]
fn a_phone_knows_its_reaches_and_the_villages_below() {
    let registers = registers();
    let person: PersonId = "wgy-yongji".parse().unwrap();
    let phone = registers.for_person(&person, today()).unwrap();
    let reaches: Vec<_> = phone.reaches.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(reaches, ["ssh-chengbei", "ssh-sushui", "wxh-dongwuxing"]);
    let divisions: Vec<_> = phone.divisions.iter().map(|d| d.id.as_str()).collect();
    assert_eq!(divisions[..4], ["sx", "yc", "yongji", "yongji-002"]);
    assert!(
        divisions[4..]
            .iter()
            .all(|id| id.starts_with("yongji-002-"))
    );
    assert_eq!(phone.problems.len(), 50);
}

#[test]
fn a_line_keeps_its_error() {
    let registers = registers();
    let hejin = registers.reach(&"fh-hejin".parse().unwrap()).unwrap();
    assert_eq!(hejin.line.as_ref().unwrap().error_m, 1_000);
    let sushui = registers.reach(&"ssh-yongji".parse().unwrap()).unwrap();
    assert_eq!(sushui.line, None);
}

#[test]
fn counties_hand_in_for_different_days() {
    let registers = registers();
    for (place, period) in [
        ("hejin", LedgerPeriod::ToThe25th),
        ("hejin-102", LedgerPeriod::ToThe25th),
        ("yanhu", LedgerPeriod::Month),
        ("yongji", LedgerPeriod::ToThe25th),
    ] {
        assert_eq!(registers.ledger_period(&division(place)), period, "{place}");
    }
}
