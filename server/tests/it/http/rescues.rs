//! 导出未上传记录, taken at a desk: the file of a phone that could not deliver.

use crate::support::pen::{jpeg, now, photo};
use crate::support::{Client, Pen, Reply, TestServer};
use domain::entry::Entry;
use domain::hash::Sha256;
use domain::rescue::{Crc, FORMAT, Head, Manifest, Name, Zip};
use domain::wire::{RecordPage, RescueTaken};
use reqwest::Method;
use serde_json::json;

/// An archive of these files in this order.
fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut zip, mut out) = (Zip::default(), Vec::new());
    for (name, bytes) in files {
        let head = Head {
            name: name.clone(),
            crc: Crc::of(bytes),
            size: u32::try_from(bytes.len()).unwrap(),
        };
        out.extend(zip.file(head).unwrap());
        out.extend(bytes);
    }
    out.extend(zip.close());
    out
}

fn manifest(person: &str) -> (String, Vec<u8>) {
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        v: 1,
        person: person.parse().unwrap(),
        name: "网格员".to_owned(),
        device_id: None,
        app_version: "test".to_owned(),
        made_ms: now(),
        entries: 0,
        blobs: 0,
        drafts: 0,
    };
    (
        Name::Manifest.text(),
        serde_json::to_vec(&manifest).unwrap(),
    )
}

fn entry(n: u32, entry: &Entry) -> (String, Vec<u8>) {
    (Name::Entry(n).text(), serde_json::to_vec(entry).unwrap())
}

fn blob(bytes: &[u8]) -> (String, Vec<u8>) {
    (Name::Blob(Sha256::of(bytes)).text(), bytes.to_vec())
}

async fn send(desk: &Client, file: Vec<u8>) -> Reply {
    let request = desk.request(Method::POST, "/api/v1/rescues");
    desk.send(request.header("content-type", "application/zip").body(file))
        .await
}

async fn taken(desk: &Client, file: Vec<u8>) -> RescueTaken {
    let reply = send(desk, file).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

#[tokio::test]
async fn what_a_lost_phone_could_not_deliver_is_taken_once_with_a_receipt() {
    let server = TestServer::start().await;
    let desk = server.client("hzb-hejin").await;
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    let (small, large) = (jpeg(1, 2_000), jpeg(2, 5_000_000));
    let first = pen.cleanup(vec![photo(&small), photo(&large)]);
    let second = pen.cleanup(Vec::new());
    let file = archive(&[
        manifest("wgy-hejin"),
        entry(1, &first),
        entry(2, &second),
        blob(&small),
        blob(&large),
        (Name::Damaged.text(), br#"["photo 17"]"#.to_vec()),
    ]);
    let told = taken(&desk, file.clone()).await;
    assert_eq!((told.stored, told.known, told.quarantined), (2, 0, 0));
    assert_eq!((told.blobs, told.blobs_known), (2, 0));
    assert_eq!(told.damaged, ["photo 17"]);
    assert!(told.whole && told.refused.is_empty(), "{told:?}");
    let receipt = told.receipt.unwrap().verify(&desk.keys().await).unwrap();
    assert_eq!((receipt.entries.len(), receipt.blobs.len()), (2, 2));

    // Again, and from the phone itself, which was found after all.
    let again = taken(&desk, file).await;
    assert_eq!((again.stored, again.known), (0, 2));
    assert_eq!((again.blobs, again.blobs_known), (0, 2));
    let phone = server.client("wgy-hejin").await;
    let answer = phone.push(&[&first, &second]).await;
    assert!(answer.results.iter().all(|r| r.missing_blobs.is_empty()));
    let page: RecordPage = desk.get("/api/v1/records").await.json();
    assert_eq!(page.rows.len(), 2);
}

#[tokio::test]
async fn a_file_cut_off_anywhere_gives_what_came_before_the_cut() {
    let server = TestServer::start().await;
    let desk = server.client("hzb-hejin").await;
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    let bytes = jpeg(3, 200_000);
    let report = pen.cleanup(vec![photo(&bytes)]);
    let file = archive(&[manifest("wgy-hejin"), entry(1, &report), blob(&bytes)]);
    let cut = file[..file.len() - 100_000].to_vec();
    let told = taken(&desk, cut).await;
    assert_eq!((told.stored, told.blobs, told.whole), (1, 0, false));
    let told = taken(&desk, file).await;
    assert_eq!((told.stored, told.known), (0, 1));
    assert_eq!((told.blobs, told.whole), (1, true));
}

#[tokio::test]
async fn what_is_damaged_or_of_another_is_named_and_keeps_nothing_back() {
    let server = TestServer::start().await;
    let desk = server.client("hzb-hejin").await;
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    let mut other = Pen::new("xz-hejin").on("fh-chaijia");
    let bytes = jpeg(4, 3_000);
    let good = pen.cleanup(vec![photo(&bytes)]);
    let mut changed = pen.cleanup(Vec::new());
    changed.body = changed.body.replace("岸边", "岸上");
    let mut rotten = bytes.clone();
    rotten[2_000] ^= 1;
    let file = archive(&[
        manifest("wgy-hejin"),
        entry(1, &changed),
        entry(2, &other.cleanup(Vec::new())),
        (Name::Entry(3).text(), b"{".to_vec()),
        entry(4, &good),
        (Name::Blob(Sha256::of(&bytes)).text(), rotten),
        blob(b"nobody's"),
        ("../../etc/passwd".to_owned(), b"root".to_vec()),
    ]);
    let told = taken(&desk, file).await;
    assert_eq!((told.stored, told.blobs, told.whole), (1, 0, true));
    let reasons: Vec<_> = told.refused.iter().map(|r| r.reason.as_str()).collect();
    let expected = [
        "rescue_damaged",
        "body_hash_mismatch",
        "author_mismatch",
        "rescue_damaged",
        "rescue_named_by_nothing",
        "rescue_unknown_file",
    ];
    let mut found = reasons.clone();
    let mut wanted = expected.to_vec();
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn only_a_desk_that_answers_for_the_person_takes_it() {
    let server = TestServer::start().await;
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    let file = archive(&[manifest("wgy-hejin"), entry(1, &pen.cleanup(Vec::new()))]);
    for who in ["hzb-yongji", "wgy-hejin", "xz-hejin"] {
        let client = server.client(who).await;
        assert_eq!(send(&client, file.clone()).await.status, 404, "{who}");
    }
    let said = send(&server.stranger(), file).await.said();
    assert_eq!(said, (401, "sign_in_required".to_owned()));
}

#[tokio::test]
async fn what_is_no_rescue_file_is_said_to_be_none() {
    let server = TestServer::start().await;
    let desk = server.client("hzb-hejin").await;
    let newer = {
        let (name, bytes) = manifest("wgy-hejin");
        let mut value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        value["v"] = json!(9);
        archive(&[(name, serde_json::to_vec(&value).unwrap())])
    };
    let mut packed = archive(&[manifest("wgy-hejin")]);
    packed[8] = 8;
    let foreign = archive(&[("photo.jpg".to_owned(), jpeg(1, 100))]);
    for (file, code) in [
        (Vec::new(), "rescue_unreadable"),
        (
            b"not an archive at all, but long enough".to_vec(),
            "rescue_unreadable",
        ),
        (packed, "rescue_foreign"),
        (foreign, "rescue_foreign"),
        (newer, "rescue_too_new"),
    ] {
        assert_eq!(send(&desk, file).await.said(), (400, code.to_owned()));
    }
}
