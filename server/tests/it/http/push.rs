use crate::support::pen::{id_of, record_of};
use crate::support::{Pen, TestServer};
use domain::entry::{Entry, Kind, RawFields};
use domain::feed::row_hash;
use domain::ids::EntryId;
use domain::wire::EntryStatus::{Accepted, Duplicate, Quarantined, Refused};
use domain::wire::{AnnounceAnswer, PullAnswer, PushAnswer, VerifyAnswer};
use serde_json::json;
use uuid::Uuid;

fn statuses(answer: &PushAnswer) -> Vec<domain::wire::EntryStatus> {
    answer.results.iter().map(|r| r.status).collect()
}

fn raw(fields: &serde_json::Value) -> RawFields {
    RawFields::write(fields).unwrap()
}

fn reasons(answer: &PushAnswer) -> Vec<&str> {
    answer
        .results
        .iter()
        .map(|r| r.reason.as_deref().unwrap_or(""))
        .collect()
}

#[tokio::test]
async fn a_push_is_receipted_and_sending_it_again_gives_the_same_bytes() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let mut pen = Pen::new("wgy-yongji");
    let (first, second) = (pen.cleanup(vec![]), pen.cleanup(vec![]));
    let answer = phone.push(&[&first, &second]).await;
    assert_eq!(statuses(&answer), [Accepted, Accepted]);
    let statement = phone.statement(&answer).await;
    let hashes: Vec<_> = statement.entries.iter().map(|e| e.hash).collect();
    assert_eq!(hashes, [first.hash(), second.hash()]);

    let again = phone.push(&[&first, &second]).await;
    assert_eq!(statuses(&again), [Duplicate, Duplicate]);
    assert_eq!(
        again.receipt, answer.receipt,
        "a receipt is a function of the committed rows"
    );
}

#[tokio::test]
async fn what_is_no_entry_is_refused_alone() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let mut pen = Pen::new("wgy-yongji");
    let good = pen.cleanup(vec![]);
    let mut tampered = pen.cleanup(vec![]);
    tampered.body = tampered.body.replace("塑料", "玻璃");
    let mut doubled = pen.cleanup(vec![]);
    doubled.header = doubled.header.replacen("{\"v\":1", "{\"v\":1,\"v\":1", 1);
    let foreign = Pen::new("wgy2-yongji").cleanup(vec![]);
    let nonsense = Entry {
        header: "nonsense".to_owned(),
        body: "{}".to_owned(),
        sig: None,
    };
    let sent = [&tampered, &doubled, &good, &foreign, &nonsense];
    let answer = phone.push(&sent).await;
    assert_eq!(
        statuses(&answer),
        [Refused, Refused, Accepted, Refused, Refused]
    );
    assert_eq!(
        reasons(&answer),
        [
            "body_hash_mismatch",
            "header_unreadable",
            "",
            "author_mismatch",
            "header_unreadable"
        ]
    );
    let statement = phone.statement(&answer).await;
    assert_eq!(
        statement.entries.len(),
        1,
        "the receipt names only what is held"
    );
}

#[tokio::test]
async fn one_id_with_other_bytes_is_refused_and_the_first_stays() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let mut pen = Pen::new("wgy-yongji");
    let first = pen.cleanup(vec![]);
    let id = id_of(&first);
    let other = pen.version(id, id.as_record(), vec![]);
    let answer = phone.push(&[&first, &other]).await;
    assert_eq!(statuses(&answer), [Accepted, Refused]);
    assert_eq!(reasons(&answer)[1], "id_reused");
    assert_eq!(statuses(&phone.push(&[&first]).await), [Duplicate]);
}

#[tokio::test]
async fn what_is_not_understood_is_kept_and_shown() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let id = || EntryId::new(Uuid::now_v7());
    let mut pen = Pen::new("wgy-yongji");
    let a = id();
    let kind = Kind::Other("drone_flight".to_owned());
    let unknown_kind = pen.write(
        a,
        a.as_record(),
        kind,
        raw(&json!({"height_m": 80})),
        vec![],
    );
    pen.division = Some("nowhere".parse().unwrap());
    let unknown_division = pen.cleanup(vec![]);
    pen.division = None;
    pen.reach = Some("nowhere".parse().unwrap());
    let unknown_reach = pen.cleanup(vec![]);
    pen.reach = None;
    pen.post = Some("nowhere".parse().unwrap());
    let unknown_post = pen.cleanup(vec![]);
    pen.post = Some("yc-hz".parse().unwrap());
    let post_of_another = pen.cleanup(vec![]);
    pen.post = None;
    let b = id();
    let unreadable = pen.write(
        b,
        b.as_record(),
        Kind::Cleanup,
        raw(&json!({"rubbish": 7})),
        vec![],
    );
    let sent = [
        &unknown_kind,
        &unknown_division,
        &unknown_reach,
        &unknown_post,
        &post_of_another,
        &unreadable,
    ];
    let answer = phone.push(&sent).await;
    assert_eq!(statuses(&answer), [Quarantined; 6]);
    assert_eq!(
        reasons(&answer),
        [
            "kind_unknown",
            "division_unknown",
            "reach_unknown",
            "post_unknown",
            "post_not_held",
            "fields_not_understood"
        ]
    );
    assert_eq!(
        phone.statement(&answer).await.entries.len(),
        6,
        "quarantined is held"
    );
    let mine: domain::wire::RecordPage = phone.get("/api/v1/records?quarantined=true").await.json();
    assert_eq!(mine.total, 6);
}

#[tokio::test]
async fn announce_tells_the_gaps_and_verify_what_is_held() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let mut pen = Pen::new("wgy-yongji");
    let entries: Vec<Entry> = (0..5).map(|_| pen.cleanup(vec![])).collect();
    phone.push(&[&entries[0], &entries[3]]).await;
    let announce = json!({
        "heads": [pen.head], "unsent": 3, "unsent_bytes": 3000, "oldest_age_ms": 1, "blobs": 0,
        "blob_bytes": 0, "parked": 0, "app_version": "test", "persisted": true,
    });
    let answer: AnnounceAnswer = phone.post("/api/v1/sync/announce", &announce).await.json();
    let gaps: Vec<_> = answer.gaps.iter().map(|g| (g.from, g.to)).collect();
    assert_eq!(gaps, [(2, 3), (5, 5)]);

    let hashes: Vec<_> = entries.iter().map(Entry::hash).collect();
    let asked = json!({"entries": hashes, "blobs": []});
    let keys = phone.keys().await;
    let held = |answer: VerifyAnswer| answer.receipt.verify(&keys).unwrap().entries.len();
    assert_eq!(
        held(phone.post("/api/v1/sync/verify", &asked).await.json()),
        2
    );
    let other = server.client("wgy2-yongji").await;
    let theirs = other.post("/api/v1/sync/verify", &asked).await.json();
    assert_eq!(held(theirs), 0, "naming a hash reveals nothing");
}

#[tokio::test]
async fn pull_brings_own_records_and_what_others_add_to_them() {
    let server = TestServer::start().await;
    let (phone, desk) = (
        server.client("wgy-yongji").await,
        server.client("hzb-yongji").await,
    );
    let mut pen = Pen::new("wgy-yongji").on(&own_reach(&phone).await);
    let report = pen.cleanup(vec![]);
    phone.push(&[&report]).await;
    let first: PullAnswer = phone.get("/api/v1/sync/pull").await.json();
    assert!(first.rows.iter().any(|r| r.entry.as_ref() == Some(&report)));
    assert!(!first.more && !first.reset);

    let remark = Pen::new("hzb-yongji").comment(record_of(&report), "收到，谢谢");
    assert_eq!(statuses(&desk.push(&[&remark]).await), [Accepted]);
    let path = format!("/api/v1/sync/pull?cursor={}", first.cursor);
    let second: PullAnswer = phone.get(&path).await.json();
    let entries: Vec<_> = second.rows.iter().filter_map(|r| r.entry.clone()).collect();
    assert_eq!(entries, [remark]);
    let path = format!("/api/v1/sync/pull?cursor={}", second.cursor);
    assert!(phone.get(&path).await.json::<PullAnswer>().rows.is_empty());

    let stranger = server.client("wgy-hejin").await;
    assert!(
        stranger
            .get("/api/v1/sync/pull")
            .await
            .json::<PullAnswer>()
            .rows
            .is_empty()
    );
    let forged = phone.get("/api/v1/sync/pull?cursor=AAAA").await;
    assert_eq!(forged.said(), (400, "cursor_unreadable".to_owned()));
}

async fn own_reach(phone: &crate::support::Client) -> String {
    let registers: serde_json::Value = phone.get("/api/v1/registers").await.json();
    registers["reaches"][0]["id"]
        .as_str()
        .expect("the inspector has a reach")
        .to_owned()
}

#[tokio::test]
async fn the_feed_is_a_chain_in_every_shard() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let mut pen = Pen::new("wgy-yongji").on(&own_reach(&phone).await);
    for _ in 0..3 {
        let (a, b) = (pen.cleanup(vec![]), pen.cleanup(vec![]));
        phone.push(&[&a, &b]).await;
    }
    let store = &server.running.app.store;
    let heads = store.feed_heads().await.unwrap();
    assert!(heads.iter().map(|h| h.seq).sum::<u64>() >= 6);
    for head in heads {
        let mut previous = None;
        let rows = store.chain(&head.shard, 0, 1_000).await.unwrap();
        for (expected, (seq, entry, row)) in (1..).zip(rows) {
            assert_eq!(seq, expected, "no number is skipped");
            assert_eq!(row, row_hash(previous.as_ref(), &entry));
            previous = Some(row);
        }
        assert_eq!(previous, head.row_hash);
    }
}

#[tokio::test]
async fn registers_are_sent_once() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let first = phone.get("/api/v1/registers").await;
    let tag = first.header("etag").unwrap();
    let request = phone.request(reqwest::Method::GET, "/api/v1/registers");
    let second = phone.send(request.header("if-none-match", tag)).await;
    assert_eq!((second.status, second.body.len()), (304, 0));
}
