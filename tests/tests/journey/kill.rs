//! The kill journey: offline, the page killed, the browser killed, the server killed; and every
//! byte arrives.

use crate::steps::{self, INSPECTOR, SUPERVISOR};
use domain::entry::BlobRole;
use domain::receipt::ReceiptKey;
use std::collections::BTreeSet;
use std::time::Duration;
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::dice::Dice;
use xunhe_tests::page::Page;
use xunhe_tests::photos;
use xunhe_tests::server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_cleanup_survives_everything_and_reaches_the_supervisor() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let before = photos::jpeg(files.path(), "before.jpg", 4);
    let closer = photos::jpeg(files.path(), "closer.jpg", 2);
    let after = photos::jpeg(files.path(), "after.jpg", 8);

    // Online once; then the server is gone and the app starts without it.
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    // Closed as a person closes it: Chromium writes cookies to disk only every 30 s or now.
    page.close().await;
    server.kill();
    let page = phone.open().await;
    page.stand_at(&server.url(), steps::BANK.0, steps::BANK.1)
        .await;
    page.goto(&server.url()).await;
    page.see_text("status-line", "平台已收 0 条").await;
    page.reload().await;
    page.see_text("status-line", "平台已收 0 条").await;

    steps::record_cleanup(&page, &[&before, &closer], &[&after]).await;
    page.see_text("receipt-text", "待上传").await;
    page.tap("saved-home").await;
    page.see_text("status-line", "1 条待上传").await;

    // The page is killed in the middle of a second record.
    page.tap("home-finding").await;
    page.tap("kind-SL-03").await;
    page.fill("note", "桥下有一根管子在流水").await;
    page.choose("photo-before", &closer.path).await;
    page.see_count("photo-tile", 1).await;
    phone.kill_renderer();
    phone.kill_browser();
    drop(page);

    // The browser comes back on its profile: record and draft are there.
    let page = phone.open().await;
    page.stand_at(&server.url(), steps::BANK.0, steps::BANK.1)
        .await;
    page.goto(&server.url()).await;
    page.see_text("status-line", "1 条待上传").await;
    page.tap("draft-row").await;
    page.see_count("photo-tile", 1).await;
    let note = page.see("note").await.prop("value").await.unwrap();
    assert_eq!(note.as_deref(), Some("桥下有一根管子在流水"));
    page.tap("back").await;

    // The server comes back: first the text, then the photos.
    server.restart();
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.see_text("receipt-text", "平台已收").await;
    page.see_text("receipt-photo", "照片已收 3/3").await;

    // The server holds what lies on disk, byte for byte.
    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    let list = api.records().await;
    assert_eq!(list.total, 1, "one record and nothing of the draft");
    let view = api.record(&list, 0).await;
    let entry = view.entries[0].entry.clone().check().unwrap();
    let (body, fields) = entry.body().unwrap();
    assert_eq!(fields.before(), [before.sha256, closer.sha256]);
    assert_eq!(fields.after(), [after.sha256]);
    assert!(
        body.place.unwrap().fix.is_some(),
        "the position of the bank"
    );
    for photo in [&before, &closer, &after] {
        let named = |b: &&domain::entry::BlobRef| b.sha256 == photo.sha256;
        let index = entry.header().blobs.iter().position(|b| named(&b)).unwrap();
        let blob = &entry.header().blobs[index];
        assert_eq!((blob.size, &blob.role), (photo.size, &BlobRole::Photo));
        assert_eq!(api.blob_hash(&view, 0, index).await, photo.sha256);
    }
    assert!(view.entries[0].blobs.iter().all(|b| b.held_ms.is_some()));

    // The receipt is signed by the key that the server shows, and the phone shows the same hash.
    let keys: Vec<ReceiptKey> = api.receipt_keys().await;
    let statement = view.entries[0].receipt.verify(&keys).unwrap();
    assert_eq!(statement.entries[0].hash, entry.hash());
    page.tap("outbox-row").await;
    page.tap("proof").await;
    page.see_text("proof-hash", &entry.hash().to_string()).await;
    page.close().await;

    // The supervisor sees it at the desk, with its photos and receipt.
    let desk = Phone::new(DESK);
    let page = desk.open().await;
    page.goto(&format!("{}/console/", server.url())).await;
    steps::sign_in(&page, &server, SUPERVISOR).await;
    page.see_count("console-row", 1).await;
    page.tap("console-open").await;
    page.see_count("console-photo", 3).await;
    page.until_true("every photo is drawn", PHOTOS_DRAWN).await;
    page.tap("console-proof").await;
    page.see_text("console-hash", &entry.hash().to_string())
        .await;
    page.see_text("console-receipt", &view.entries[0].receipt.signature)
        .await;
    page.close().await;
}

const PHOTOS_DRAWN: &str = "const all = [...document.querySelectorAll(\"[data-testid='console-photo']\")];\
     return all.length === 3 && all.every(i => i.complete && i.naturalWidth > 0)";

/// How often in every run of the tests; `cargo xtask deep browser` says another number.
const KILLS: u64 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_survives_a_killed_browser() {
    let told = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let kills = told("XUNHE_KILLS").unwrap_or(KILLS);
    let mut dice = Dice::new(told("XUNHE_SEED").unwrap_or(1));
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    page.close().await;
    server.kill();

    let mut saved = BTreeSet::new();
    for round in 0..kills {
        let page = phone.open().await;
        page.stand_at(&server.url(), steps::BANK.0, steps::BANK.1)
            .await;
        page.goto(&server.url()).await;
        see_waiting(&page, round).await;
        let bytes = photos::tiny(u32::try_from(dice.between(40, 400) * 4 + round).unwrap());
        let photo = photos::write(files.path(), &format!("{round}.jpg"), &bytes);
        steps::record_cleanup(&page, &[&photo], &[]).await;
        // 已存手机 was on the screen: any moment after that is as good as any other.
        tokio::time::sleep(Duration::from_millis(dice.below(200))).await;
        if dice.chance(30) {
            phone.kill_renderer();
        }
        phone.kill_browser();
        saved.insert(photo.sha256);
    }

    let page = phone.open().await;
    page.goto(&server.url()).await;
    see_waiting(&page, kills).await;
    server.restart();
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    page.until("every record and its photos are received", async || {
        let list = api.records().await;
        let mut whole = 0;
        for row in 0..list.rows.len() {
            let view = api.record(&list, row).await;
            whole += u64::from(view.entries[0].blobs.iter().all(|b| b.held_ms.is_some()));
        }
        whole == kills
    })
    .await;
    let list = api.records().await;
    let mut found = BTreeSet::new();
    for row in 0..list.rows.len() {
        let view = api.record(&list, row).await;
        let entry = view.entries[0].entry.clone().check().unwrap();
        let (_, fields) = entry.body().unwrap();
        let [before] = fields.before() else {
            panic!("one photo each");
        };
        let blobs = &entry.header().blobs;
        let index = blobs.iter().position(|b| b.sha256 == *before).unwrap();
        assert_eq!(api.blob_hash(&view, 0, index).await, *before);
        found.insert(*before);
    }
    assert_eq!((list.total, found), (kills, saved));
    page.close().await;
}

/// So many records wait on the phone, and it knows.
async fn see_waiting(page: &Page, count: u64) {
    let words = match count {
        0 => "平台已收 0 条".to_owned(),
        count => format!("{count} 条待上传"),
    };
    page.see_text("status-line", &words).await;
}
