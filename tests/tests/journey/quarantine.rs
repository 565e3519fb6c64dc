//! 待核实: a phone recorded under a post that had ended. The desk looks, says why, and the phone
//! hears of it.

use crate::steps::{self, INSPECTOR, SUPERVISOR};
use std::path::Path;
use tempfile::TempDir;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::photos;
use xunhe_tests::server::Server;

/// Two reports are made offline by somebody whose post has ended meanwhile; both wait.
async fn two_that_wait(page: &Page, server: &mut Server, data: &Path, files: &Path) {
    let photo = photos::jpeg(files, "photo.jpg", 2);
    steps::arrive(page, server, INSPECTOR).await;
    server.kill();
    for _ in 0..2 {
        steps::record_cleanup(page, &[&photo], &[]).await;
        page.tap("saved-home").await;
    }
    steps::end_posts(data, INSPECTOR);
    server.restart();
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.until_true(
        "both wait for somebody to look",
        &said("平台已收 · 待核实", 2),
    )
    .await;
}

/// So many rows of the phone's list say this.
fn said(words: &str, times: usize) -> String {
    format!(
        "return [...document.querySelectorAll(\"[data-testid='receipt-text']\")]
            .filter(e => e.innerText.includes('{words}')).length === {times}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_rules_and_the_author_reads_why() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    two_that_wait(&page, &mut server, data.path(), files.path()).await;

    let desk = Phone::new(DESK);
    let console = desk.open().await;
    console.goto(&format!("{}/console/", server.url())).await;
    steps::sign_in(&console, &server, SUPERVISOR).await;
    console.tap("desk-quarantine").await;
    console.see_count("doubt", 2).await;
    console.see_text("doubt-why", "岗位").await;
    // Nothing is ruled without a reason.
    console.tap("vet-accept").await;
    console.see("vet-wrong").await;
    let found = console.violations().await;
    assert!(found.is_empty(), "{found:#?}");
    console.fill("vet-reason", "交接期间所记，属实").await;
    console.tap("vet-accept").await;
    console.see_count("doubt", 1).await;
    console.fill("vet-reason", "重复填报").await;
    console.tap("vet-set-aside").await;
    console.see_count("doubt", 0).await;

    page.tap("sync-now").await;
    page.until_true("one was accepted", &said("平台已收 · 已采信", 1))
        .await;
    page.until_true("one was not", &said("平台已收 · 未采信", 1))
        .await;
    page.tap("outbox-row").await;
    page.see_text("vetted", "重复填报").await;
    page.see_text("vetted", "张丽").await;
    page.close().await;

    // In the queue nothing waits any more.
    console.goto(&format!("{}/console/", server.url())).await;
    console.see_count("console-row", 2).await;
    console.select("filter-quarantined", "yes").await;
    console.see_count("console-row", 0).await;
    console.close().await;
}
