//! 平台未收: what was refused is shown with its reason, can be exported, and put right.

use crate::exported;
use crate::steps::{self, INSPECTOR, SUPERVISOR};
use domain::entry::Entry;
use domain::hash::Sha256;
use domain::rescue::{Crc, Manifest, Name, Read, read_head};
use serde_json::json;
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::photos;
use xunhe_tests::server::Server;

/// The next push is refused as a server refuses what is no entry. The phone makes only entries
/// that a server takes, so the answer is put in its way.
const REFUSE: &str = "const plain = window.fetch; \
    window.fetch = async (url, init) => { \
        if (!String(url).includes('/sync/push')) return plain(url, init); \
        const { entries } = JSON.parse(typeof init.body === 'string' ? init.body : \
            await new Response(new Response(init.body).body.pipeThrough(new DecompressionStream('gzip'))).text()); \
        const hash = async text => Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', \
            new TextEncoder().encode(text))), b => b.toString(16).padStart(2, '0')).join(''); \
        const results = await Promise.all(entries.map(async e => ({ entry_hash: await hash(e.header), \
            status: 'refused', reason: 'too_large', missing_blobs: [] }))); \
        window.fetch = plain; \
        return new Response(JSON.stringify({ results }), { headers: { 'content-type': 'application/json' } }); \
    };";

/// The files of an archive.
fn read(bytes: &[u8]) -> Vec<(Name, Vec<u8>)> {
    let (mut rest, mut files) = (bytes, Vec::new());
    while let Some(Read::Head { head, len }) = read_head(rest).unwrap() {
        let data = &rest[len..len + head.size as usize];
        assert_eq!(Crc::of(data), head.crc, "{}", head.name);
        files.push((Name::read(&head.name).unwrap(), data.to_vec()));
        rest = &rest[len + head.size as usize..];
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_is_exported_or_put_right_and_never_lost() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::record_unsent(&page, &mut server, &photo).await;
    server.restart();
    page.run(REFUSE).await;
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.see_count("parked-row", 1).await;

    // Exported: the very entry and the very photo.
    page.tap("parked-row").await;
    page.see_text("parked-reason", "没有丢").await;
    page.tap("parked-export").await;
    let inside = read(&exported::make(&page, "1 条记录").await);
    let (name, first) = &inside[0];
    assert_eq!(*name, Name::Manifest);
    let manifest: Manifest = serde_json::from_slice(first).unwrap();
    assert_eq!((manifest.person.as_str(), manifest.entries), (INSPECTOR, 1));
    let entries = inside.iter().filter(|(n, _)| matches!(n, Name::Entry(_)));
    let entries: Vec<Entry> = entries
        .map(|(_, b)| serde_json::from_slice(b).unwrap())
        .collect();
    let header = entries[0].clone().check().unwrap().header().clone();
    for blob in &header.blobs {
        let found = inside.iter().find(|(n, _)| *n == Name::Blob(blob.sha256));
        let (_, bytes) = found.expect("every blob that the entry names");
        assert_eq!(Sha256::of(bytes), blob.sha256);
    }
    assert!(header.blobs.iter().any(|b| b.sha256 == photo.sha256));

    // Put right: everything is filled in; the old one says so and leaves the tray.
    page.tap("back").await;
    page.tap("parked-row").await;
    page.tap("amend").await;
    page.see_count("photo-tile", 1).await;
    page.fill("note", "已改短").await;
    page.tap("save").await;
    page.see_text("receipt-photo", "照片已收 1/1").await;
    page.tap("saved-home").await;
    page.see_text("status-line", "平台已收 1 条").await;
    page.tap("tab-outbox").await;
    page.see_count("parked-row", 0).await;
    page.until_true(
        "the old one is there and says what became of it",
        "return [...document.querySelectorAll(\"[data-testid='receipt-text']\")]
            .some(e => e.innerText.includes('已改好另行提交'))",
    )
    .await;
    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    let list = api.records().await;
    assert_eq!(list.total, 1);
    assert_eq!(json!(list.rows[0].words), json!("已改短"));
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_by_mistake_is_offered_again_as_it_is() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::record_unsent(&page, &mut server, &photo).await;
    server.restart();
    page.run(REFUSE).await;
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.see_count("parked-row", 1).await;
    page.tap("parked-row").await;
    page.tap("offer-again").await;
    page.see_text("receipt-photo", "照片已收 1/1").await;
    page.see_text("receipt-text", "平台已收").await;
    assert_eq!(page.count("parked-reason").await, 0);
    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    assert_eq!(api.records().await.total, 1);
    page.close().await;
}
