//! The desk: narrowing the list, and a comment that comes back to the phone.

use crate::steps::{self, INSPECTOR, SUPERVISOR};
use tempfile::TempDir;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::photos;
use xunhe_tests::server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_reaches_the_inspector() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "before.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    steps::record_cleanup(&page, &[&photo], &[]).await;
    page.see_text("receipt-photo", "照片已收 1/1").await;

    let desk = Phone::new(DESK);
    let console = desk.open().await;
    console.goto(&format!("{}/console/", server.url())).await;

    // A wrong password says so and changes nothing.
    console.fill("sign-in-account", SUPERVISOR).await;
    console.fill("sign-in-password", "not the password").await;
    console.tap("sign-in-submit").await;
    console.see_text("error-message", "账号或密码不对").await;
    steps::sign_in(&console, &server, SUPERVISOR).await;

    console.see_text("console-row", "垃圾堆放").await;
    console.set("filter-from", "2099-01-01").await;
    console.see_count("console-row", 0).await;
    console.set("filter-from", "").await;
    console.see_count("console-row", 1).await;
    console.select("filter-kind", "finding").await;
    console.see_count("console-row", 0).await;
    console.select("filter-kind", "cleanup").await;
    console.see_count("console-row", 1).await;
    // Conditions in frequent use have a name; by the keyboard one looks for words.
    console.fill("filter-name", "清理").await;
    console.tap("filter-save").await;
    console.tap("saved-filter").await;
    console.see_count("filter-forget", 0).await;
    console.key("/").await;
    console.fill("filter-search", "没有这样的字\n").await;
    console.see_count("console-row", 0).await;
    console.fill("filter-search", "刘小红\n").await;
    console.see_count("console-row", 1).await;
    console.reload().await;
    console.tap("saved-filter").await;
    console.see_count("console-row", 1).await;
    let kind = console
        .see("filter-kind")
        .await
        .prop("value")
        .await
        .unwrap();
    assert_eq!(kind.as_deref(), Some("cleanup"));
    console.tap("console-open").await;
    console.fill("console-comment-text", "请补拍桥上远景").await;
    console.tap("console-comment-send").await;
    console.see_text("console-remark", "请补拍桥上远景").await;
    // Names come later than the record on a page loaded anew.
    console.reload().await;
    console.see_text("console-facts", "涑水河").await;

    // The phone hears it with its next pull.
    page.tap("saved-home").await;
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.tap("outbox-row").await;
    page.see_text("remark", "请补拍桥上远景").await;
    page.close().await;
    console.close().await;
}
