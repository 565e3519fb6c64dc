//! 导入手机记录: a phone that cannot deliver hands its records over as a file; the desk takes it.

use crate::exported;
use crate::steps::{self, INSPECTOR, SUPERVISOR};
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::photos;
use xunhe_tests::server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_takes_what_a_phone_could_not_deliver_and_the_phone_agrees_later() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    server.kill();
    steps::record_cleanup(&page, &[&photo], &[]).await;
    page.tap("saved-home").await;
    page.tap("tab-outbox").await;
    page.tap("rescue").await;
    let file = files.path().join("from-the-phone.zip");
    std::fs::write(&file, exported::make(&page, "1 条记录").await).unwrap();
    let nonsense = files.path().join("nonsense.zip");
    std::fs::write(&nonsense, b"not what a phone makes, but long enough").unwrap();

    page.close().await;

    // The desk has it before the phone has a network again.
    server.restart();
    let desk = Phone::new(DESK);
    let console = desk.open().await;
    console
        .goto(&format!("{}/console/imports", server.url()))
        .await;
    steps::sign_in(&console, &server, SUPERVISOR).await;
    console.tap("desk-imports").await;
    console.choose("import-file", &nonsense).await;
    console.see_text("import-failed", "读不出来").await;
    console.choose("import-file", &file).await;
    console.see_text("import-done", "记录：新收 1 条").await;
    console.see_text("import-done", "照片：新收").await;
    console.choose("import-file", &file).await;
    console.see_text("import-done", "原已收 1 条").await;

    // The phone comes back, is told that all of it is there, and nothing doubles.
    let page = phone.open().await;
    page.goto(&server.url()).await;
    page.see_text("status-line", "平台已收 1 条").await;
    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    let list = api.records().await;
    assert_eq!(list.total, 1, "{list:?}");
    assert_eq!(list.rows[0].author.as_str(), INSPECTOR);
    assert_eq!(list.rows[0].blobs_held, list.rows[0].blobs_named);
    page.close().await;
    console.close().await;
}
