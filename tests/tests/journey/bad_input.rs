//! Bad input of every kind: a clear message in Chinese, and nothing lost.

use crate::steps::{self, INSPECTOR, SUPERVISOR};
use serde_json::json;
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::photos;
use xunhe_tests::server::Server;
use xunhe_tests::small_disk::SmallDisk;

const MB: usize = 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn bad_photos_and_a_refused_position_keep_nobody_from_saving() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    let denied = json!({
        "permission": {"name": "geolocation"}, "setting": "denied", "origin": server.url()
    });
    page.cdp("Browser.setPermission", denied).await;
    page.goto(&server.url()).await;
    page.fill("sign-in-account", INSPECTOR).await;
    page.fill("sign-in-password", "not the password").await;
    page.tap("sign-in-submit").await;
    page.see_text("error-message", "账号或密码不对").await;
    steps::sign_in(&page, &server, INSPECTOR).await;
    page.see_text("status-line", "已连上平台").await;
    page.tap("home-cleanup").await;
    page.tap("kind-LJ-02").await;
    page.see_text("place", "没有定位权限").await;

    let dir = files.path();
    let whole = photos::jpeg(dir, "whole.jpg", 2);
    let bytes = std::fs::read(&whole.path).unwrap();
    let refused = [
        (photos::write(dir, "empty.jpg", b""), "0 字节"),
        (
            photos::write(dir, "huge.jpg", &[&bytes[..], &vec![0; 60 * MB]].concat()),
            "超过 50 MB",
        ),
        (
            photos::write(dir, "page.jpg", b"<html>not a photo</html>"),
            "不是照片",
        ),
    ];
    for (photo, words) in &refused {
        page.choose("photo-before-gallery", &photo.path).await;
        page.see_text("error-message", words).await;
        assert_eq!(
            page.count("photo-tile").await,
            0,
            "{words}: something was kept"
        );
    }
    // A damaged photo is evidence all the same: kept as it is, and said so.
    let torn = photos::write(dir, "torn.jpg", &bytes[..bytes.len() / 2]);
    page.choose("photo-before", &torn.path).await;
    page.see_text("photo-remark", "照片不完整").await;
    let heic = photos::write(
        dir,
        "new.heic",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic pretend",
    );
    page.choose("photo-before", &heic.path).await;
    page.see_text("photo-remark", "HEIC").await;
    page.see_count("photo-tile", 2).await;

    page.tap("save").await;
    page.see_text("saved-confirmation", "已存手机").await;
    page.see_text("receipt-photo", "照片已收 2/2").await;
    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    let list = api.records().await;
    let view = api.record(&list, 0).await;
    let entry = view.entries[0].entry.clone().check().unwrap();
    for photo in [&torn, &heic] {
        let index = entry
            .header()
            .blobs
            .iter()
            .position(|b| b.sha256 == photo.sha256)
            .unwrap();
        assert_eq!(api.blob_hash(&view, 0, index).await, photo.sha256);
    }
    let place = entry.body().unwrap().0.place.unwrap();
    assert_eq!(
        (place.fix, place.no_fix),
        (None, Some(domain::entry::NoFix::Denied))
    );
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_phone_says_so_and_keeps_what_was_saved() {
    let Some(disk) = SmallDisk::mount(400) else {
        eprintln!("skipped: mounting a small file system needs root");
        return;
    };
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 2);
    let second = photos::jpeg(files.path(), "second-photo.jpg", 8);
    let phone = Phone::on(disk.path().join("profile"), PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    server.kill();
    steps::record_cleanup(&page, &[&photo], &[]).await;
    page.tap("saved-home").await;
    page.tap("home-cleanup").await;
    page.tap("kind-LJ-01").await;
    disk.fill_up_to(1_000_000);
    page.choose("photo-before", &second.path).await;
    page.see_text("error-message", "手机空间满了").await;
    assert_eq!(
        page.count("photo-tile").await,
        0,
        "a photo without all its bytes was shown as kept"
    );

    // With room again the second goes in, and the first is untouched.
    disk.make_room();
    page.choose("photo-before", &second.path).await;
    page.see_count("photo-tile", 1).await;
    page.tap("save").await;
    page.see_text("saved-confirmation", "已存手机").await;
    server.restart();
    page.tap("saved-home").await;
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.tap("tab-home").await;
    page.see_text("status-line", "平台已收 2 条").await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_loses_nothing() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    // What a session that ended while the phone was out of reach looks like.
    page.driver().delete_all_cookies().await.unwrap();
    steps::record_cleanup(&page, &[&photo], &[]).await;
    page.tap("saved-home").await;
    page.see_text("session-expired", "照常可以记录").await;
    page.see_text("status-line", "1 条待上传").await;
    page.tap("tab-settings").await;
    page.fill("again-password", &server.password).await;
    page.tap("again-submit").await;
    page.tap("tab-outbox").await;
    page.see_text("receipt-photo", "照片已收 1/1").await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_keeps_the_record_for_the_next_time() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    server.kill();
    steps::record_cleanup(&page, &[&photo], &[]).await;
    page.tap("saved-home").await;
    page.tap("tab-settings").await;
    page.tap("sign-out").await;
    page.see("sign-in-submit").await;
    server.restart();
    // Somebody else works on the same phone and sees nothing of it.
    steps::sign_in(&page, &server, "wgy2-yongji").await;
    page.see_text("status-line", "0 条待上传").await;
    page.tap("tab-settings").await;
    page.tap("sign-out").await;
    steps::sign_in(&page, &server, INSPECTOR).await;
    page.tap("tab-outbox").await;
    page.see_text("receipt-photo", "照片已收 1/1").await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_emptied_is_said_plainly() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    server.kill();
    steps::record_cleanup(&page, &[&photo], &[]).await;
    page.tap("saved-home").await;
    page.see_text("status-line", "1 条待上传").await;
    // Damaged storage: Chromium throws the whole database away.
    server.restart();
    page.goto(&format!("{}/healthz", server.url())).await;
    let gone = "indexedDB.databases().then(all => Promise.all(all.map(d => new Promise(gone => {
        indexedDB.deleteDatabase(d.name).onsuccess = gone; }))).then(() => done(true)))";
    assert_eq!(page.run_async(gone).await, json!(true));
    page.goto(&server.url()).await;
    steps::sign_in(&page, &server, INSPECTOR).await;
    page.see_text("emptied", "1 条没有上传完").await;
    page.tap("emptied-known").await;
    page.see_count("emptied", 0).await;
    page.reload().await;
    page.see("home-cleanup").await;
    page.see_count("emptied", 0).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_fills_up_says_so_in_time() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    page.see_count("nearly-full", 0).await;
    // The browser's word alone: its own quota cannot be set from outside in this version.
    let nearly = "StorageManager.prototype.estimate = async () => ({ usage: 85, quota: 100 })";
    page.cdp(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": nearly }),
    )
    .await;
    page.reload().await;
    page.see_text("nearly-full", "已用 85%").await;
    page.close().await;
}
