//! Who has a case: 承办人, whoever is on duty for the unit, and the outfall's 监管责任人.

use crate::support::TestServer;
use crate::support::pen::{id_of, now, record_of};
use crate::support::person::{Person, folded};
use domain::access::DeskRegisters;
use domain::case::{Stage, Step};
use domain::entry::Entry;
use domain::ids::EntryId;
use domain::register::{CountedDays, Day, DeadlineClass, PhoneRegisters};
use domain::wire::{EntryStatus, RecordPage};
use uuid::Uuid;

const DESK: &str = "hzb-hejin";
const INSPECTOR: &str = "wgy-hejin";
/// 主管责任人 of the outfall, and his unit's 联络员 without any grant.
const HANDLER: &str = "zrr-hejin";
const LIAISON: &str = "lly-hejin";
/// 监管责任人 of the outfalls of 柴家镇.
const WATCHER: &str = "zrr-sthj-hejin";
const UNIT: &str = "chaijia";
const OUTFALL: &str = "of-cj-1";

fn hand_over(lead: &str, assignee: Option<&str>) -> Step {
    let today = Day::in_china(now()).unwrap();
    Step::HandOver {
        lead: lead.parse().unwrap(),
        assisting: Vec::new(),
        assignee: assignee.map(|p| p.parse().unwrap()),
        due: today.plus_days(7).unwrap(),
        demand: None,
    }
}

fn accept() -> Step {
    Step::Accept {
        class: DeadlineClass::SevenDays,
        note: None,
    }
}

fn sign() -> Step {
    Step::Sign {
        unit: UNIT.parse().unwrap(),
    }
}

#[tokio::test]
async fn the_desk_chooses_who_works_on_it_and_the_phones_say_so() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let registers: DeskRegisters = desk.client.get("/api/v1/registers?desk=1").await.json();
    let on_duty: Vec<_> = registers
        .people
        .iter()
        .filter(|p| p.units.iter().any(|u| u.as_str() == UNIT))
        .map(|p| p.id.as_str())
        .collect();
    assert_eq!(on_duty, [LIAISON, HANDLER]);
    let approvers: Vec<_> = registers.approvers.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(approvers, ["hzb-yc", DESK]);

    let report = inspector.pen.discharge(OUTFALL);
    let case = record_of(&report);
    inspector.sends(&report).await;
    desk.takes(
        case,
        id_of(&report),
        &[accept(), hand_over(UNIT, Some(HANDLER))],
    )
    .await;
    let view = desk.sees(case).await;
    assert_eq!(view.row.assignee.as_ref().unwrap().as_str(), HANDLER);
    // The reporter's phone knows his name, though it knows nobody of the unit.
    let rows = inspector.pulls().await.rows;
    let names: Vec<_> = rows.iter().flat_map(|r| r.names.values()).collect();
    assert_eq!(names, ["任建平（演示）"]);
}

#[tokio::test]
async fn anybody_of_the_unit_can_act_whoever_was_named() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let mut liaison = Person::arrives(&server, LIAISON).await;
    let phone: PhoneRegisters = liaison.client.get("/api/v1/registers").await.json();
    assert_eq!(phone.works_for[0].as_str(), UNIT);
    assert_eq!(phone.holidays[0].year, 2026);
    let report = inspector.report();
    let case = record_of(&report);
    inspector.sends(&report).await;
    let steps = [accept(), hand_over(UNIT, Some(HANDLER))];
    let handed = desk.takes(case, id_of(&report), &steps).await;
    assert!(liaison.hears_of(&report).await);
    liaison.pen.post = "chaijia-lly".parse().ok();
    liaison.takes(case, handed, &[sign()]).await;
    assert_eq!(desk.sees(case).await.row.stage, Stage::InHand);
}

#[tokio::test]
async fn somebody_named_from_elsewhere_hears_what_went_before() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let mut named = Person::arrives(&server, "wgy2-hejin").await;
    let report = inspector.report();
    let case = record_of(&report);
    inspector.sends(&report).await;
    let steps = [accept(), hand_over(UNIT, Some(HANDLER))];
    let handed = desk.takes(case, id_of(&report), &steps).await;
    let before = named.pulls().await;
    assert!(before.rows.is_empty(), "{before:?}");
    // The unit is the same; only the person is new.
    let step = hand_over(UNIT, Some("wgy2-hejin"));
    let again = desk.takes(case, handed, &[step]).await;
    let path = format!("/api/v1/sync/pull?cursor={}", before.cursor);
    let news: domain::wire::PullAnswer = named.client.get(&path).await.json();
    let heard = news.rows.iter().any(|r| r.entry.as_ref() == Some(&report));
    assert!(heard, "{news:?}");
    named.takes(case, again, &[sign()]).await;
    assert_eq!(desk.sees(case).await.row.stage, Stage::InHand);
}

#[tokio::test]
async fn who_supervises_the_outfall_watches_and_changes_nothing() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let mut watcher = Person::arrives(&server, WATCHER).await;
    let phone: PhoneRegisters = watcher.client.get("/api/v1/registers").await.json();
    assert!(phone.outfalls.iter().any(|o| o.id.as_str() == OUTFALL));
    let at_outfall = inspector.pen.discharge(OUTFALL);
    let elsewhere = inspector.report();
    inspector.client.push(&[&at_outfall, &elsewhere]).await;
    assert!(!watcher.may_see(&at_outfall).await, "nobody has it yet");
    let before = watcher.pulls().await.cursor;

    let steps = [accept(), hand_over(UNIT, None)];
    for report in [&at_outfall, &elsewhere] {
        desk.takes(record_of(report), id_of(report), &steps).await;
    }
    assert!(watcher.may_see(&at_outfall).await);
    assert!(!watcher.may_see(&elsewhere).await);
    let page: RecordPage = watcher.client.get("/api/v1/records").await.json();
    assert_eq!(
        (page.total, page.rows[0].record_id),
        (1, record_of(&at_outfall))
    );
    // The phone that had pulled before hears of it with what went before.
    let path = format!("/api/v1/sync/pull?cursor={before}");
    let news: domain::wire::PullAnswer = watcher.client.get(&path).await.json();
    let heard = |entry: &Entry| news.rows.iter().any(|r| r.entry.as_ref() == Some(entry));
    assert!(heard(&at_outfall) && !heard(&elsewhere));

    // Read-only: neither a remark nor a step.
    let case = record_of(&at_outfall);
    let remark = watcher.pen.comment(case, "看到了");
    assert_eq!(watcher.sends(&remark).await, EntryStatus::Quarantined);
    let basis = folded(&desk.sees(case).await).1.basis().unwrap();
    let signed = watcher.step(case, basis, &sign());
    assert_eq!(watcher.sends(&signed).await, EntryStatus::Quarantined);
    assert_eq!(desk.sees(case).await.row.stage, Stage::HandedOver);
}

#[tokio::test]
async fn a_version_that_names_another_outfall_brings_its_supervisor_in() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let watcher = Person::arrives(&server, WATCHER).await;
    // of-cj-3 has nobody who answers for it.
    let report = inspector.pen.discharge("of-cj-3");
    let case = record_of(&report);
    inspector.sends(&report).await;
    let steps = [accept(), hand_over(UNIT, None)];
    desk.takes(case, id_of(&report), &steps).await;
    let before = watcher.pulls().await;
    assert!(before.rows.is_empty());
    let id = EntryId::new(Uuid::now_v7());
    let version = inspector.pen.discharge_version(id, case, OUTFALL);
    assert_eq!(inspector.sends(&version).await, EntryStatus::Accepted);
    let path = format!("/api/v1/sync/pull?cursor={}", before.cursor);
    let news: domain::wire::PullAnswer = watcher.client.get(&path).await.json();
    let heard = |entry: &Entry| news.rows.iter().any(|r| r.entry.as_ref() == Some(entry));
    assert!(heard(&report) && heard(&version), "{news:?}");
}

#[tokio::test]
async fn a_desk_knows_how_its_counties_count() {
    let server = TestServer::start().await;
    let of = async |account: &str| -> DeskRegisters {
        let desk = Person::arrives(&server, account).await;
        desk.client.get("/api/v1/registers?desk=1").await.json()
    };
    let yanhu = of("hzb-yanhu").await;
    assert_eq!(yanhu.counting[0].days, CountedDays::Working);
    assert_eq!(yanhu.holidays[0].year, 2026);
    assert!(yanhu.holidays[0].source.contains("2025-11-04"));
    assert!(of(DESK).await.counting.is_empty());
    // Who decides nothing needs no list of people.
    assert!(of("dc-hejin").await.people.is_empty());
}
