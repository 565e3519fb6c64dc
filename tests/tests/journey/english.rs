//! The English words come in a file of their own: also without a network, also at the desk.

use crate::steps::{self, INSPECTOR, SUPERVISOR};
use tempfile::TempDir;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_english_reads_it_without_a_network_too() {
    let data = TempDir::new().unwrap();
    let mut server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    server.kill();
    page.tap("tab-settings").await;
    page.tap("english").await;
    page.see_text("tab-outbox", "Records").await;
    page.tap("tab-home").await;
    page.see_text("home-cleanup", "Clean-up").await;
    page.reload().await;
    page.see_text("tab-outbox", "Records").await;
    page.close().await;

    server.restart();
    let desk = Phone::new(DESK);
    let console = desk.open().await;
    console.goto(&format!("{}/console/", server.url())).await;
    console
        .run("localStorage.setItem('xunhe.language', '\"en\"')")
        .await;
    console.reload().await;
    steps::sign_in(&console, &server, SUPERVISOR).await;
    console.see_text("desk-imports", "Import").await;
    console.close().await;
}
