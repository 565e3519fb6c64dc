use super::kit::xunhe;
use crate::support::TestServer;
use crate::support::pen::{id_of, record_of};
use crate::support::person::Person;
use domain::entry::Entry;
use domain::ids::{EntryId, RecordId};
use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};
use std::path::Path;

async fn by_hand(data: &Path, statement: &'static str) {
    let file = format!("sqlite://{}", data.join("xunhe.sqlite").display());
    let mut hand = SqliteConnection::connect(&file).await.unwrap();
    let done = sqlx::query(statement).execute(&mut hand).await.unwrap();
    assert!(done.rows_affected() > 0, "{statement} changed nothing");
    hand.close().await.unwrap();
}

/// A report of each ruling, one that nobody ruled about, and a version that moved its record.
async fn filled() -> (TestServer, RecordId) {
    let server = TestServer::start().await;
    let mut phone = Person::arrives(&server, "wgy-hejin").await;
    let desk = server.client("hzb-hejin").await;
    let rule = async |entry: &Entry, ruling: &str| {
        let path = format!("/api/v1/quarantine/{}", id_of(entry));
        let words = json!({"ruling": ruling, "reason": "核对过"});
        assert_eq!(desk.post(&path, &words).await.status, 200);
    };
    let sound = phone.pen.discharge("of-none");
    phone.sends(&sound).await;
    phone.pen.post = "hejin-hzb".parse().ok();
    let (one, two, three) = (phone.report(), phone.report(), phone.report());
    for report in [&one, &two, &three] {
        phone.sends(report).await;
    }
    rule(&one, "accepted").await;
    rule(&two, "set_aside").await;
    phone.pen.reach = "fh-hejin".parse().ok();
    let id = EntryId::new(uuid::Uuid::now_v7());
    let moved = phone
        .pen
        .discharge_version(id, id_of(&sound).as_record(), "of-2");
    phone.sends(&moved).await;
    rule(&moved, "accepted").await;
    (server, record_of(&one))
}

#[tokio::test]
async fn rulings_verify_and_are_made_anew() {
    let (server, record) = filled().await;
    server.running.stop().await;
    let data = server.folder.path();
    xunhe(&[&"verify", &"--data", &data]).well();
    for damage in [
        "DELETE FROM vetted",
        "UPDATE vetted SET accepted = NOT accepted",
        "UPDATE record SET quarantined = 1 WHERE stage = 'rejected'",
    ] {
        by_hand(data, damage).await;
        xunhe(&[&"verify", &"--data", &data]).ends(3, "xunhe rebuild");
        xunhe(&[&"rebuild", &"--data", &data]).well();
        xunhe(&[&"verify", &"--data", &data]).well();
    }
    // An accepted report can be erased like any other; what was ruled about it stays.
    let id = record.to_string();
    let order: [&dyn AsRef<std::ffi::OsStr>; 7] = [
        &"purge",
        &"--data",
        &data,
        &"--record",
        &id,
        &"--reason",
        &"本人要求",
    ];
    xunhe(&order).well();
    xunhe(&[&"verify", &"--data", &data]).well();
    xunhe(&[&"rebuild", &"--data", &data]).well();
    xunhe(&[&"verify", &"--data", &data]).well();
    // What nobody ruled about goes on waiting, and nothing else does.
    let said = xunhe(&[&"doctor", &"--data", &data]);
    assert!(said.out.contains("待核实 1 条"), "{}", said.out);
}
