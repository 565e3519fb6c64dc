use super::kit::{Folder, blob_file, record, send, serve, xunhe};
use crate::support::pen::{id_of, jpeg, photo};
use crate::support::{Client, Pen, TestServer};
use domain::entry::{BlobRef, BlobRole, CheckedEntry, Kind, RawFields};
use domain::ids::EntryId;
use domain::patrol::TrackPart;
use domain::record::Purge;
use domain::time::WallMs;
use domain::wire::{EntryStatus, PullAnswer, RecordView};
use std::ffi::OsStr;
use std::path::Path;
use uuid::Uuid;

const SECRET: &str = "岸边塑料袋";

fn purge(data: &Path, words: &[&dyn AsRef<OsStr>]) -> super::kit::Said {
    let mut all: Vec<&dyn AsRef<OsStr>> = vec![&"purge", &"--data", &data];
    all.extend_from_slice(words);
    xunhe(&all)
}

async fn pull(client: &Client, cursor: Option<&str>) -> PullAnswer {
    let cursor = cursor.map_or_else(String::new, |c| format!("?cursor={c}"));
    client
        .get(&format!("/api/v1/sync/pull{cursor}"))
        .await
        .json()
}

fn kept(answer: &PullAnswer) -> Vec<CheckedEntry> {
    let entries = answer.rows.iter().filter_map(|r| r.entry.clone());
    entries.map(|e| e.check_kept().unwrap()).collect()
}

/// Whether a text stands anywhere in the files of a folder.
fn anywhere(data: &Path, text: &[u8]) -> bool {
    super::kit::files_below(data).iter().any(|file| {
        let bytes = std::fs::read(file).unwrap_or_default();
        bytes.windows(text.len()).any(|w| w == text)
    })
}

#[tokio::test]
async fn a_record_is_erased_beside_a_server_and_everything_still_verifies() {
    let folder = Folder::filled().await;
    let server = serve(folder.dir, &folder.password).await;
    let data = server.folder.path().to_owned();
    let report = &folder.entries[0];
    let phone = server.client("wgy-hejin").await;
    let first = phone.push(&[report]).await;
    // A colleague of the same reach carries it already.
    let colleague = server.client("xz-hejin").await;
    let carried = pull(&colleague, None).await;
    assert!(
        kept(&carried)
            .iter()
            .any(|e| e.hash() == report.hash() && !e.is_erased())
    );
    assert!(anywhere(&data, SECRET.as_bytes()));

    let id = record(report).to_string();
    purge(&data, &[&"--record", &id]).ends(1, "--reason");
    let foreseen = purge(
        &data,
        &[&"--record", &id, &"--reason", &"本人要求", &"--dry-run"],
    );
    foreseen.well().ends(0, "会删除 1 条");
    let said = purge(&data, &[&"--record", &id, &"--reason", &"本人要求"]).well();
    said.ends(0, "已按规定删除：内容 1 条");
    assert!(said.out.contains("文件 2 个"), "{said:?}");

    for bytes in &folder.photos {
        assert!(!blob_file(&data, bytes).exists());
    }
    xunhe(&[&"verify", &"--data", &data]).well();
    // The phone that sends it again gets the receipt that it had, and is asked for no photo.
    let again = phone.push(&[report]).await;
    assert_eq!(again.results[0].status, EntryStatus::Duplicate);
    assert!(again.results[0].missing_blobs.is_empty());
    let keys = phone.keys().await;
    let held = |answer: &domain::wire::PushAnswer| {
        let receipt = answer.receipt.as_ref().unwrap();
        receipt.verify(&keys).unwrap().entries
    };
    assert_eq!(held(&again), held(&first));
    let bytes = &folder.photos[0];
    let reply = phone.begin(id_of(report), bytes, bytes).await;
    assert_eq!(reply.said(), (451, "erased".to_owned()));

    // Who carries it hears of it; who comes later finds the header and knows why.
    let news = pull(&colleague, Some(&carried.cursor)).await;
    let told: Vec<_> = kept(&news).iter().filter_map(Purge::of).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].entries, [id_of(report)]);
    assert_eq!(told[0].reason.as_deref(), Some("本人要求"));
    assert_eq!(news.rows[0].author_name.as_deref(), Some("平台"));
    let anew = pull(&server.client("xz-hejin").await, None).await;
    let headers = kept(&anew);
    let found = headers.iter().find(|e| e.hash() == report.hash()).unwrap();
    assert!(found.is_erased() && !headers.is_empty());
    // The desk, too.
    let desk = server.client("hzb-hejin").await;
    let view: RecordView = desk.get(&format!("/api/v1/records/{id}")).await.json();
    assert_eq!(view.entries[0].entry.body, "");
    assert_eq!((view.row.words, view.row.blobs_named), (None, 0));
    server.running.stop().await;
    assert!(!anywhere(&data, SECRET.as_bytes()), "nowhere in the files");
    xunhe(&[&"verify", &"--data", &data]).well();
    xunhe(&[&"rebuild", &"--data", &data]).well();
    xunhe(&[&"verify", &"--data", &data]).well();
}

#[tokio::test]
async fn a_person_is_erased_and_their_cases_go_on() {
    let folder = Folder::filled().await;
    let server = serve(folder.dir, &folder.password).await;
    let data = server.folder.path().to_owned();
    let case = &folder.entries[1];
    // Somebody else photographed the same and keeps it.
    let other = server.client("wgy2-hejin").await;
    let mut pen = Pen::new("wgy2-hejin").on("fh-chaijia");
    let theirs = pen.cleanup(vec![photo(&folder.photos[0])]);
    send(&other, &[&theirs]).await;
    other
        .begin(id_of(&theirs), &folder.photos[0], &folder.photos[0])
        .await;

    let words: [&dyn AsRef<OsStr>; 6] = [
        &"--person",
        &"wgy-hejin",
        &"--ground",
        &"order",
        &"--reason",
        &"离岗",
    ];
    purge(&data, &words).well().ends(0, "内容 3 条（2 条记录）");
    purge(&data, &words).well().ends(0, "没有符合条件的内容");
    assert!(blob_file(&data, &folder.photos[0]).exists(), "theirs");
    assert!(!blob_file(&data, &folder.photos[1]).exists());
    xunhe(&[&"verify", &"--data", &data]).well();

    // The case stands where it stood, and the unit goes on with it.
    let desk = server.client("hzb-hejin").await;
    let path = format!("/api/v1/records/{}", record(case));
    let view: RecordView = desk.get(&path).await.json();
    assert_eq!(view.row.stage, domain::case::Stage::HandedOver);
    let unit = server.client("zrr-hejin").await;
    let mut pen = Pen::new("zrr-hejin");
    pen.basis = Some(id_of(&folder.entries[4]));
    let sign = pen.step(
        record(case),
        &domain::case::Step::Sign {
            unit: "chaijia".parse().unwrap(),
        },
    );
    send(&unit, &[&sign]).await;
    let view: RecordView = desk.get(&path).await.json();
    assert_eq!(view.row.stage, domain::case::Stage::InHand);
    // Even what was done can be erased, if somebody says so; the rest still stands.
    let id = record(case).to_string();
    let words: [&dyn AsRef<OsStr>; 5] =
        [&"--record", &id, &"--with-steps", &"--reason", &"依法删除"];
    purge(&data, &words).well().ends(0, "内容 3 条");
    xunhe(&[&"verify", &"--data", &data]).well();
    server.running.stop().await;
    xunhe(&[&"rebuild", &"--data", &data]).well();
    xunhe(&[&"verify", &"--data", &data]).well();
}

/// A patrol with one part of a track.
async fn patrol(server: &TestServer) -> (CheckedEntry, Vec<u8>) {
    let phone = server.client("cz-yongji").await;
    let mut pen = Pen::new("cz-yongji").on("ssh-sushui");
    let id = EntryId::new(Uuid::now_v7());
    let raw = |fields: &dyn erased_fields::Fields| fields.raw();
    let start = pen.write(
        id,
        id.as_record(),
        Kind::PatrolStart,
        raw(&domain::patrol::PatrolStart::default()),
        Vec::new(),
    );
    let bytes = jpeg(5, 3_000);
    let blob = BlobRef {
        role: BlobRole::Track,
        mime: "application/octet-stream".to_owned(),
        ..photo(&bytes)
    };
    let part = TrackPart {
        number: 1,
        from_ms: WallMs(1),
        to_ms: WallMs(2),
        fixes: 2,
        track: blob.sha256,
    };
    let track = pen.write(
        EntryId::new(Uuid::now_v7()),
        id.as_record(),
        Kind::Track,
        raw(&part),
        vec![blob],
    );
    send(&phone, &[&start, &track]).await;
    let reply = phone.begin(id_of(&track), &bytes, &bytes).await;
    phone.assert_held(&reply, &bytes).await;
    (track.check().unwrap(), bytes)
}

/// Any fields as they go into a body.
mod erased_fields {
    use super::RawFields;
    pub(super) trait Fields {
        fn raw(&self) -> RawFields;
    }
    impl<T: serde::Serialize> Fields for T {
        fn raw(&self) -> RawFields {
            RawFields::write(self).unwrap()
        }
    }
}

#[tokio::test]
async fn tracks_are_erased_when_their_time_is_over() {
    let server = TestServer::start().await;
    let data = server.folder.path().to_owned();
    let (track, bytes) = patrol(&server).await;
    purge(&data, &[&"--expired"]).ends(1, "keep_tracks_days");
    let term: [&dyn AsRef<OsStr>; 3] = [&"--expired", &"--keep-tracks-days", &"30"];
    purge(&data, &term).well().ends(0, "没有符合条件的内容");
    assert!(blob_file(&data, &bytes).exists());

    // As it will be in a month: the order that the server gives itself every hour.
    let app = &server.running.app;
    let in_a_month = WallMs(crate::support::pen::now().0 + 31 * 24 * 3_600_000);
    let order = xunhe_server::purge::expired(30, in_a_month);
    let (store, own) = (app.store.as_ref(), app.own_log());
    let done = xunhe_server::purge::purge(store, &app.ingest, &own, &order, &|_| ())
        .await
        .unwrap();
    assert_eq!((done.records, done.entries), (1, 1));
    let erased = xunhe_server::purge::erase_bytes(store, &app.vault).await;
    assert_eq!(erased.unwrap(), 1);
    assert!(!blob_file(&data, &bytes).exists());
    let record = store
        .record(track.header().record_id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(record.entries.len(), 3);
    let whole: Vec<_> = record
        .entries
        .iter()
        .map(|e| !e.entry.body.is_empty())
        .collect();
    assert_eq!(whole, [true, false, true], "start and purge stay");
    xunhe(&[&"verify", &"--data", &data]).well();
}

#[tokio::test]
async fn nobody_sends_in_the_servers_name() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-hejin").await;
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    let report = pen.cleanup(vec![]);
    send(&phone, &[&report]).await;
    let mut forger = Pen::new("server");
    let fields = Purge {
        entries: vec![id_of(&report)],
        ground: domain::record::PurgeGround::Request,
        reason: None,
        outfall: None,
    };
    let id = EntryId::new(Uuid::now_v7());
    let fields = RawFields::write(&fields).unwrap();
    let forged = forger.write(id, record(&report), Kind::Purge, fields, Vec::new());
    let answer = phone.push(&[&forged]).await;
    let result = &answer.results[0];
    let said = (result.status, result.reason.as_deref());
    assert_eq!(said, (EntryStatus::Refused, Some("author_mismatch")));
}
