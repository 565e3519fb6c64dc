//! Logs of which something is missing: announced, seen by the desk, closed with a reason.

use crate::support::pen::{Pen, now};
use crate::support::person::Person;
use crate::support::{Client, Reply, TestServer};
use domain::entry::LogHead;
use domain::wire::{Announce, AnnounceAnswer, ClosedLog, EntryStatus, LogList};
use serde_json::json;

const PHONE: &str = "wgy-yongji";
const DESK: &str = "hzb-yongji";

/// What a phone says that has photos still to send.
fn announcement(head: LogHead) -> Announce {
    Announce {
        heads: vec![head],
        unsent: 2,
        unsent_bytes: 3_000,
        oldest_age_ms: 60_000,
        blobs: 4,
        blob_bytes: 900_000,
        parked: 0,
        app_version: "0.1.0".into(),
        persisted: true,
        seen: None,
        room: None,
    }
}

async fn announce(client: &Client, head: LogHead) -> AnnounceAnswer {
    let words = serde_json::to_value(announcement(head)).unwrap();
    client.post("/api/v1/sync/announce", &words).await.json()
}

async fn listed(client: &Client) -> LogList {
    client.get("/api/v1/logs").await.json()
}

async fn close(client: &Client, pen: &Pen, reason: &str) -> Reply {
    let path = format!("/api/v1/logs/{}/close", pen.head.log_id);
    client.post(&path, &json!({ "reason": reason })).await
}

#[tokio::test]
async fn a_phone_that_never_came_is_missed_until_its_log_is_closed() {
    let server = TestServer::start().await;
    let mut phone = Person::arrives(&server, PHONE).await;
    let (first, lost) = (phone.report(), phone.report());
    assert_eq!(phone.sends(&first).await, EntryStatus::Accepted);
    let answer = announce(&phone.client, phone.pen.head).await;
    assert_eq!((answer.gaps[0].from, answer.gaps[0].to), (2, 2));
    assert_eq!(answer.epoch, Some(phone.client.hello().await.epoch));

    let desk = server.client(DESK).await;
    let logs = listed(&desk).await.logs;
    assert_eq!(logs.len(), 1);
    let log = &logs[0];
    assert_eq!(
        (log.log_id, &log.person),
        (phone.pen.head.log_id, &phone.pen.person)
    );
    assert_eq!((log.announced, log.missing, log.blobs), (2, 1, 4));
    assert!(log.heard_ms.is_some() && !log.forked && log.closed.is_none());

    let reason = "手机落水，无法恢复";
    let closed: ClosedLog = close(&desk, &phone.pen, reason).await.json();
    assert_eq!((closed.through, closed.reason.as_str()), (2, reason));
    assert_eq!(listed(&desk).await.logs, []);
    // What comes after all is taken like anything else.
    assert_eq!(phone.sends(&lost).await, EntryStatus::Accepted);
    // And what is announced beyond it alarms again.
    let third = phone.report();
    announce(&phone.client, phone.pen.head).await;
    let log = listed(&desk).await.logs.remove(0);
    assert_eq!((log.missing, log.closed), (1, Some(closed)));
    assert_eq!(phone.sends(&third).await, EntryStatus::Accepted);
}

#[tokio::test]
async fn only_a_desk_that_answers_for_the_person_closes_and_says_why() {
    let server = TestServer::start().await;
    let mut phone = Person::arrives(&server, PHONE).await;
    phone.report();
    announce(&phone.client, phone.pen.head).await;
    // The phone itself, and the desk of another county.
    for account in [PHONE, "hzb-hejin"] {
        let other = server.client(account).await;
        let status = close(&other, &phone.pen, "手机丢失").await.status;
        assert!([403, 404].contains(&status), "{account}: {status}");
    }
    assert_eq!(listed(&server.client("hzb-hejin").await).await.logs, []);
    let desk = server.client(DESK).await;
    for reason in ["", "  ", &"长".repeat(501)] {
        let said = close(&desk, &phone.pen, reason).await.said();
        assert_eq!(said, (400, "reason_missing".to_owned()));
    }
    let nobody = Pen::new(PHONE);
    assert_eq!(close(&desk, &nobody, "手机丢失").await.status, 404);
    assert_eq!(listed(&desk).await.logs.len(), 1);
}

#[tokio::test]
async fn an_announcement_outlives_the_server_and_another_persons_log_is_left_alone() {
    let server = TestServer::start().await;
    let mut phone = Person::arrives(&server, PHONE).await;
    let before = now();
    let first = phone.report();
    phone.sends(&first).await;
    phone.report();
    announce(&phone.client, phone.pen.head).await;
    let other = server.client("wgy2-yongji").await;
    announce(
        &other,
        LogHead {
            seq: 900,
            ..phone.pen.head
        },
    )
    .await;
    let server = server.restart().await;
    let log = listed(&server.client(DESK).await).await.logs.remove(0);
    assert_eq!((log.person, log.announced), (phone.pen.person, 2));
    assert!(log.heard_ms >= Some(before));
}
