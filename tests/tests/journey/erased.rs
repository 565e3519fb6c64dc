//! 按规定删除: what an operator erases goes from the platform, the desk and the phone, and each
//! says so in the same calm words.

use crate::steps::{self, INSPECTOR, SUPERVISOR};
use std::process::Command;
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::photos;
use xunhe_tests::server::{Server, binary};

/// How many photos and pieces of them lie in the stores of this phone.
const PHOTOS: &str = "indexedDB.databases().then(async all => { let found = 0;
     for (const { name } of all) {
       const db = await new Promise(ok => { const r = indexedDB.open(name);
         r.onsuccess = () => ok(r.result); });
       for (const table of ['photo', 'chunk']) if (db.objectStoreNames.contains(table))
         found += await new Promise(ok => {
           const r = db.transaction(table).objectStore(table).getAllKeys();
           r.onsuccess = () => ok(r.result.filter(key => !key.startsWith('reserve/')).length); });
       db.close(); } done(found); })";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_erased_by_law_is_gone_everywhere_and_said_calmly() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 1);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    steps::record_cleanup(&page, &[&photo], &[]).await;
    page.see_text("receipt-photo", "照片已收 1/1").await;
    page.tap("saved-home").await;
    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    let record = api.records().await.rows[0].record_id.to_string();
    let before = api.records().await.rows[0].number.clone();

    // The phone and a server that answers are under way; the operator needs neither to stop.
    let done = Command::new(binary())
        .args(["purge", "--reason", "误拍到住户", "--ground", "mistake"])
        .args(["--record", &record, "--data"])
        .arg(data.path())
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");

    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.see_text("outbox-row", "内容已按规定清除").await;
    assert_eq!(
        page.run_async(PHOTOS).await,
        0,
        "no byte of a photo is left"
    );
    page.tap("outbox-row").await;
    page.see_text("record-erased", "误采集").await;
    page.see_text("receipt-text", "平台已收").await;
    page.tap("proof").await;
    page.see("proof-hash").await;
    assert_eq!(page.violations().await, [""; 0]);
    page.close().await;

    let desk = Phone::new(DESK);
    let console = desk.open().await;
    let address = format!("{}/console/records/{record}", server.url());
    console.goto(&address).await;
    steps::sign_in(&console, &server, SUPERVISOR).await;
    console.see_text("record-erased", "内容已按规定清除").await;
    assert_eq!(console.count("console-photo").await, 0);
    assert_eq!(console.violations().await, [""; 0]);
    console.close().await;
    let row = &api.records().await.rows[0];
    assert_eq!(row.number, before, "it stays in the ledger by its number");
    assert_eq!(row.words, None);
}
