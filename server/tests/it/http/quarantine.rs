//! 待核实: what a phone sent that its author might not, as a desk rules about it.

use crate::support::pen::{id_of, record_of};
use crate::support::person::Person;
use crate::support::{Client, Reply, TestServer};
use domain::case::Stage;
use domain::entry::{Entry, Kind, RawFields};
use domain::ids::EntryId;
use domain::record::{Vetting, VettingRuling};
use domain::register::{Registers, Term};
use domain::wire::{EntryStatus, QuarantineList, RecordPage};
use serde_json::json;
use uuid::Uuid;
use xunhe_server::demo;

const PHONE: &str = "wgy-hejin";
const DESK: &str = "hzb-hejin";

async fn waiting(client: &Client) -> QuarantineList {
    client.get("/api/v1/quarantine").await.json()
}

async fn rule(client: &Client, entry: &Entry, ruling: &str, reason: &str) -> Reply {
    let path = format!("/api/v1/quarantine/{}", id_of(entry));
    let words = json!({"ruling": ruling, "reason": reason});
    client.post(&path, &words).await
}

/// A report under a post that its author does not hold.
async fn doubtful(phone: &mut Person) -> Entry {
    phone.pen.post = "hejin-hzb".parse().ok();
    let report = phone.report();
    assert_eq!(phone.sends(&report).await, EntryStatus::Quarantined);
    report
}

/// The term of everybody's posts ended before they recorded anything.
async fn end_posts(server: &TestServer, person: &str) {
    let mut set = demo::load().unwrap().registers;
    for held in &mut set.assignments {
        if held.person.as_str() == person {
            held.term = Term {
                from: "2020-01-01".parse().unwrap(),
                to: "2020-12-31".parse().ok(),
            };
        }
    }
    assert!(Registers::build(set.clone()).is_ok());
    let app = &server.running.app;
    app.registry.replace(app.store.as_ref(), set).await.unwrap();
}

#[tokio::test]
async fn a_report_under_a_post_that_had_ended_is_accepted_and_reaches_queue_and_phone() {
    let server = TestServer::start().await;
    let mut phone = Person::arrives(&server, PHONE).await;
    end_posts(&server, PHONE).await;
    phone.pen.post = "hejin-wgy1".parse().ok();
    let report = phone.report();
    let answer = phone.client.push(&[&report]).await;
    assert_eq!(answer.results[0].status, EntryStatus::Quarantined);
    assert_eq!(answer.results[0].reason.as_deref(), Some("post_not_held"));

    let desk = Person::arrives(&server, DESK).await;
    let list = waiting(&desk.client).await;
    assert_eq!((list.total, list.rows.len()), (1, 1));
    let row = &list.rows[0];
    assert_eq!((&row.entry.entry, row.readable), (&report, true));
    assert_eq!(row.entry.quarantine.as_deref(), Some("post_not_held"));
    assert_eq!(row.row.author_name, row.entry.author_name);

    let said = rule(&desk.client, &report, "accepted", " 交接期间所记，属实 ").await;
    let held: Vetting = said.json();
    assert_eq!(
        (held.ruling, held.reason.as_str()),
        (VettingRuling::Accepted, "交接期间所记，属实")
    );
    assert_eq!(held.by.as_str(), DESK);
    assert_eq!(waiting(&desk.client).await.total, 0);

    // In the queue as what it is.
    let queue = "/api/v1/records?stage=registered&quarantined=false";
    let queue: RecordPage = desk.client.get(queue).await.json();
    assert_eq!(queue.rows[0].record_id, record_of(&report));
    let view = desk.sees(record_of(&report)).await;
    assert!(view.entries.iter().all(|e| e.quarantine.is_none()));
    // On the phone: told again as what counts, with who ruled and why.
    let rows = phone.pulls().await.rows;
    let counted = rows.iter().rfind(|r| r.entry.as_ref() == Some(&report));
    assert!(!counted.unwrap().quarantined);
    let ruled = rows
        .iter()
        .find(|r| r.names.contains_key(&held.by))
        .unwrap();
    assert_eq!(ruled.names[&held.by], "柴玉梅（演示）");
}

#[tokio::test]
async fn what_is_set_aside_says_why_and_is_not_ruled_about_again() {
    let server = TestServer::start().await;
    let mut phone = Person::arrives(&server, PHONE).await;
    let report = doubtful(&mut phone).await;
    let desk = Person::arrives(&server, DESK).await;
    for reason in ["", "  ", &"长".repeat(501)] {
        let said = rule(&desk.client, &report, "set_aside", reason).await;
        assert_eq!(said.said(), (400, "reason_missing".to_owned()));
    }
    let unknown = rule(&desk.client, &report, "perhaps", "说不准").await;
    assert_eq!(unknown.said(), (400, "ruling_unknown".to_owned()));
    let first: Vetting = rule(&desk.client, &report, "set_aside", "冒用岗位")
        .await
        .json();
    // Said again it is the same, with the first reason; the other way it is refused.
    let again: Vetting = rule(&desk.client, &report, "set_aside", "再说一次")
        .await
        .json();
    assert_eq!(again, first);
    let other = rule(&desk.client, &report, "accepted", "改主意").await;
    assert_eq!(other.said(), (409, "already_vetted".to_owned()));
    let view = desk.sees(record_of(&report)).await;
    assert_eq!(view.entries.len(), 2, "one ruling, not three");
    assert_eq!(
        (view.row.stage, view.row.quarantined),
        (Stage::Rejected, false)
    );
    let rows = phone.pulls().await.rows;
    let last = rows.last().unwrap().entry.clone().unwrap().check().unwrap();
    assert_eq!(Vetting::of(&last).unwrap(), first);
}

#[tokio::test]
async fn nobody_rules_but_who_decides_there_and_never_about_oneself() {
    let server = TestServer::start().await;
    let mut phone = Person::arrives(&server, PHONE).await;
    let report = doubtful(&mut phone).await;
    for (account, status) in [
        (PHONE, 403),
        ("hz-hejin", 403),
        ("dc-hejin", 403),
        ("hzb-yongji", 404),
    ] {
        let other = server.client(account).await;
        assert_eq!(waiting(&other).await.total, 0, "{account}");
        let said = rule(&other, &report, "accepted", "属实").await;
        assert_eq!(said.status, status, "{account}");
    }
    // The desk about its own.
    let mut desk = Person::arrives(&server, DESK).await;
    desk.pen.post = "hejin-wgy1".parse().ok();
    let own = desk.report();
    desk.sends(&own).await;
    assert_eq!(waiting(&desk.client).await.total, 1, "only the other's");
    let said = rule(&desk.client, &own, "accepted", "属实").await;
    assert_eq!(said.said(), (403, "own_entry".to_owned()));
    let city = server.client("hzb-yc").await;
    assert_eq!(rule(&city, &own, "accepted", "属实").await.status, 200);
    // What waits for nobody is not there.
    phone.pen.post = None;
    let sound = phone.report();
    phone.sends(&sound).await;
    assert_eq!(
        rule(&desk.client, &sound, "accepted", "属实").await.status,
        404
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_not_accepted() {
    let server = TestServer::start().await;
    let mut phone = Person::arrives(&server, PHONE).await;
    let report = phone.report();
    phone.sends(&report).await;
    let fields: RawFields = serde_json::from_value(json!({"x": 1})).unwrap();
    let newer = Kind::from("water_test".to_owned());
    let id = EntryId::new(Uuid::now_v7());
    let unknown = phone
        .pen
        .write(id, record_of(&report), newer, fields, vec![]);
    assert_eq!(phone.sends(&unknown).await, EntryStatus::Quarantined);
    let desk = Person::arrives(&server, DESK).await;
    let row = waiting(&desk.client).await.rows.remove(0);
    assert!(!row.readable);
    let said = rule(&desk.client, &unknown, "accepted", "属实").await;
    assert_eq!(said.said(), (409, "not_readable".to_owned()));
    assert_eq!(waiting(&desk.client).await.total, 1, "it goes on waiting");
    let said = rule(&desk.client, &unknown, "set_aside", "误发").await;
    assert_eq!(said.status, 200);
}
