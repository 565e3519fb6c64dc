//! 久未上传人员: who is on the page, why, and what the desk can do about it.

use crate::support::person::Person;
use crate::support::{Client, TestServer};
use domain::wire::{Announce, EntryStatus, PersonReadiness, Readiness, Run};
use serde_json::json;

const PHONE: &str = "wgy-yongji";
const DESK: &str = "hzb-yongji";

async fn asked(client: &Client, query: &str) -> Readiness {
    client
        .get(&format!("/api/v1/readiness{query}"))
        .await
        .json()
}

fn find<'a>(answer: &'a Readiness, person: &str) -> Option<&'a PersonReadiness> {
    answer.people.iter().find(|p| p.person.as_str() == person)
}

async fn announce(phone: &Person, unsent: u32) {
    let words = Announce {
        heads: vec![phone.pen.head],
        unsent,
        unsent_bytes: 2_000,
        oldest_age_ms: 90_000_000,
        blobs: 0,
        blob_bytes: 0,
        parked: 1,
        app_version: "0.1.0".into(),
        persisted: false,
        seen: None,
        room: None,
    };
    let words = serde_json::to_value(words).unwrap();
    let answer = phone.client.post("/api/v1/sync/announce", &words).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn who_never_came_is_there_before_anything_was_sent() {
    let server = TestServer::start().await;
    let desk = server.client(DESK).await;
    let all = asked(&desk, "").await;
    let inspector = find(&all, PHONE).expect("holds a post");
    assert_eq!(inspector.silent_since, None);
    assert!(inspector.phones.is_empty() && !inspector.waiting);
    assert_eq!(inspector.posts, ["城北街道网格员"]);
    assert_eq!((all.total, all.never, all.waiting), (all.all, all.all, 0));
    // Nobody waits for a phone of an office, and nobody answers for other counties.
    for absent in [DESK, "dc-yongji", "wgy-hejin"] {
        assert!(find(&all, absent).is_none(), "{absent}");
    }
    assert!(all.closes >= all.today);
    let city = asked(&server.client("hzb-yc").await, "").await;
    assert!(find(&city, PHONE).is_some() && find(&city, "wgy-hejin").is_some());
}

#[tokio::test]
async fn what_a_phone_said_and_what_of_it_is_missing_is_told() {
    let server = TestServer::start().await;
    let mut phone = Person::arrives(&server, PHONE).await;
    let reports: Vec<_> = (0..5).map(|_| phone.report()).collect();
    for came in [0, 3] {
        assert_eq!(phone.sends(&reports[came]).await, EntryStatus::Accepted);
    }
    announce(&phone, 3).await;
    let desk = server.client(DESK).await;
    // It was heard just now, and so nobody must call yet.
    assert!(find(&asked(&desk, "").await, PHONE).is_none());
    let all = asked(&desk, "?silent_days=0").await;
    let first = &all.people[0];
    assert_eq!((first.person.as_str(), first.waiting), (PHONE, true));
    let on = &first.phones[0];
    let said = on.said.as_ref().unwrap();
    assert_eq!((on.missing, said.unsent, said.parked), (3, 3, 1));
    assert_eq!(said.heard_ms.0 - said.oldest_ms.0, 90_000_000);
    assert!(!said.persisted);
    let runs = [Run { from: 2, to: 3 }, Run { from: 5, to: 5 }];
    assert_eq!(on.logs[0].gaps, runs);

    // Given up by the desk it is no longer urgent, and still told.
    let close = format!("/api/v1/logs/{}/close", phone.pen.head.log_id);
    desk.post(&close, &json!({"reason": "手机落水，无法恢复"}))
        .await;
    let all = asked(&desk, "?silent_days=0").await;
    let given_up = find(&all, PHONE).unwrap();
    let log = &given_up.phones[0].logs[0];
    assert!(!given_up.waiting && log.missing == 0 && log.gaps.is_empty());
    assert_eq!(log.closed_by.as_deref(), Some("张丽（演示）"));
}

#[tokio::test]
async fn the_page_is_for_who_answers_for_people() {
    let server = TestServer::start().await;
    let mut phone = Person::arrives(&server, PHONE).await;
    phone.report();
    announce(&phone, 1).await;
    for account in [PHONE, "hz-yongji", "dc-yongji"] {
        let nobody = asked(&server.client(account).await, "?silent_days=0").await;
        assert_eq!((nobody.all, nobody.people), (0, vec![]), "{account}");
    }
    let hejin = asked(&server.client("hzb-hejin").await, "?silent_days=0").await;
    assert!(find(&hejin, PHONE).is_none() && hejin.all > 0);
    // A page ends somewhere, and the next begins there.
    let desk = server.client(DESK).await;
    let all = asked(&desk, "?silent_days=0").await;
    let rest = asked(&desk, "?silent_days=0&skip=2").await;
    assert_eq!(rest.people, all.people[2..]);
    assert_eq!((rest.total, rest.skip), (all.total, 2));
}
