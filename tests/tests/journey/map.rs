//! The map: real waters below, records and tracks above, with and without a network; and the
//! desk that hears news while somebody works at it.

use crate::steps;
use serde_json::json;
use tempfile::TempDir;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::photos;
use xunhe_tests::server::Server;

const CHIEF: &str = "xz-hejin";
const SUPERVISOR: &str = "hzb-hejin";
/// Beside the drawn line of the reach.
const BANK: (f64, f64) = (35.5472, 110.6980);

/// Waits until the map has drawn at least so much of something.
async fn drawn(page: &Page, what: &str, least: u32) {
    page.until_true(
        &format!("the map shows {least} {what}"),
        &format!(
            "return +document.querySelector(\"[data-testid='map']\")?.dataset.{what} >= {least}"
        ),
    )
    .await;
}

/// Walks a little, with a jump that nobody walked between.
async fn walk_with_a_jump(page: &Page, server: &Server) {
    for (place, east) in [0.0, 12.0, 24.0, 900.0, 912.0].into_iter().enumerate() {
        page.until_true(
            "a second has passed on the way",
            "window.stepped ??= performance.now() - 2000; return performance.now() - window.stepped > 1000",
        )
        .await;
        page.run("window.stepped = performance.now();").await;
        let lon = BANK.1 + east / 90_600.0;
        page.stand_at(&server.url(), BANK.0, lon).await;
        page.fixes_kept(place + 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_map_once_seen_is_there_without_a_network_with_gaps_as_gaps() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "rubbish.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, CHIEF).await;
    page.stand_at(&server.url(), BANK.0, BANK.1).await;
    page.reload().await;
    steps::record_cleanup(&page, &[&photo], &[&photo]).await;
    page.tap("saved-home").await;
    page.tap("home-map").await;
    drawn(&page, "records", 1).await;
    drawn(&page, "ground", 3).await;
    drawn(&page, "reaches", 1).await;
    page.tap("back").await;

    // On the bank, without a network: the same map, and the way walked so far.
    server.kill();
    page.reload().await;
    page.tap("home-patrol").await;
    page.see("patrol-lacking").await;
    walk_with_a_jump(&page, &server).await;
    page.tap("patrol-map").await;
    drawn(&page, "records", 1).await;
    drawn(&page, "ground", 3).await;
    drawn(&page, "tracks", 2).await;
    drawn(&page, "gaps", 1).await;
    page.tap("back").await;
    page.tap("patrol-end").await;
    page.tap("patrol-save").await;
    page.tap("saved-look").await;
    page.tap("record-map").await;
    drawn(&page, "gaps", 1).await;
    page.tap("back").await;
    page.see("patrol-facts").await;

    // The desk draws the same track.
    server.restart();
    page.tap("back").await;
    page.tap("sync-now").await;
    page.tap("tab-home").await;
    page.see_text("status-line", "0 条待上传").await;
    page.see_text("status-line", "平台已收").await;
    page.close().await;
    let desk = Phone::new(DESK);
    let console = desk.open().await;
    console.goto(&format!("{}/console/", server.url())).await;
    steps::sign_in(&console, &server, SUPERVISOR).await;
    console.see_count("console-row", 2).await;
    drawn(&console, "records", 1).await;
    drawn(&console, "ground", 3).await;
    console.select("filter-kind", "patrol_start").await;
    console.see_count("console-row", 1).await;
    console.tap("console-stage").await;
    drawn(&console, "tracks", 2).await;
    drawn(&console, "gaps", 1).await;
    console.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn news_come_by_themselves_and_disturb_nobody_who_writes() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "rubbish.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, steps::INSPECTOR).await;
    steps::record_cleanup(&page, &[&photo], &[&photo]).await;
    page.see_text("receipt-photo", "照片已收 1/1").await;
    page.tap("saved-home").await;

    let desk = Phone::new(DESK);
    let console = desk.open().await;
    console.goto(&format!("{}/console/", server.url())).await;
    steps::sign_in(&console, &server, steps::SUPERVISOR).await;
    console.see_count("console-row", 1).await;
    console.see_text("desk-live", "实时更新").await;
    console.fill("console-comment-text", "请说明").await;
    console.run("window.mark = 1;").await;

    steps::record_cleanup(&page, &[&photo], &[&photo]).await;
    console.see_count("console-row", 2).await;
    let same = "return window.mark === 1 \
        && document.activeElement?.dataset.testid === 'console-comment-text' \
        && document.activeElement.value === '请说明' \
        && document.querySelectorAll(\"tr[aria-selected='true']\").length === 1 \
        && document.querySelectorAll('tr')[2].ariaSelected === 'true'";
    console
        .until_true("the same row, the same words, the same focus", same)
        .await;

    // Where something on the way holds such a line back, the clock asks.
    console.cdp("Network.enable", json!({})).await;
    console
        .cdp(
            "Network.setBlockedURLs",
            json!({"urls": ["*/api/v1/news*"]}),
        )
        .await;
    console.reload().await;
    console.see_count("console-row", 2).await;
    console.see_text("desk-live", "每 15 秒更新").await;
    page.tap("saved-home").await;
    steps::record_cleanup(&page, &[&photo], &[&photo]).await;
    console.see_count("console-row", 3).await;
    for open in [page, console] {
        open.close().await;
    }
}
