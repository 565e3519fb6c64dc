//! A phone that several people share: what one left on it goes while another is signed in, under
//! the device's signature, or waits for its author; nothing is lost either way.

use crate::steps::{self, INSPECTOR, SUPERVISOR};
use serde_json::json;
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::photos;
use xunhe_tests::server::Server;

/// Another inspector, who borrows the phone.
const GUEST: &str = "wgy2-yongji";

/// Signs out without a network; the sign-in screen says what waits.
async fn leaves(page: &Page) {
    page.tap("tab-settings").await;
    page.tap("sign-out").await;
    page.see_text("other", "还有 1 条没有上传完，存在这台手机里，不会丢")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_absent_one_made_is_sent_by_the_phone_under_his_name() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::record_unsent(&page, &mut server, &photo).await;
    leaves(&page).await;
    let found = page.violations().await;
    assert!(found.is_empty(), "{found:#?}");
    server.restart();

    steps::sign_in(&page, &server, GUEST).await;
    page.see_text("other", "已代为上传，平台已收").await;
    page.see_text("status-line", "平台已收 0 条").await;
    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    let list = api.records().await;
    assert_eq!(list.total, 1, "{list:?}");
    assert_eq!(list.rows[0].author.as_str(), INSPECTOR);
    assert_eq!(list.rows[0].blobs_held, list.rows[0].blobs_named);

    // The author comes back and reads that it is there.
    page.tap("tab-settings").await;
    page.tap("sign-out").await;
    page.see("sign-in-account").await;
    assert_eq!(page.count("other").await, 0);
    steps::sign_in(&page, &server, INSPECTOR).await;
    page.see_text("status-line", "平台已收 1 条").await;
    page.close().await;
}

/// Makes the browser forget the key, as one does that never kept it.
const FORGET_KEY: &str = "const gone = indexedDB.deleteDatabase('xunhe-key'); \
    gone.onsuccess = () => done(true); gone.onerror = gone.onblocked = () => done(false);";

#[tokio::test(flavor = "multi_thread")]
async fn without_the_key_it_waits_for_its_author() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::record_unsent(&page, &mut server, &photo).await;
    leaves(&page).await;
    assert_eq!(page.run_async(FORGET_KEY).await, json!(true));
    server.restart();

    steps::sign_in(&page, &server, GUEST).await;
    page.see_text("status-line", "已连上").await;
    page.see_text("other", "登录后继续上传").await;
    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    assert_eq!(api.records().await.total, 0);

    page.tap("tab-settings").await;
    page.tap("sign-out").await;
    steps::sign_in(&page, &server, INSPECTOR).await;
    page.see_text("status-line", "平台已收 1 条").await;
    let list = api.records().await;
    assert_eq!(list.total, 1, "{list:?}");
    page.close().await;
}
