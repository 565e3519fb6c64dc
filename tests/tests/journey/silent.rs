//! 久未上传: the desk sees who has something that is not here, and gives a lost phone up.

use crate::steps::{self, INSPECTOR, SUPERVISOR};
use tempfile::TempDir;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::pen::{Pen, Where};
use xunhe_tests::server::Server;

/// Everybody of the list, in its order.
const NAMES: &str = "return [...document.querySelectorAll('.silent strong')].map(e => e.innerText)";

async fn opens(page: &Page, server: &Server) {
    page.goto(&format!("{}/console/phones", server.url())).await;
    steps::sign_in(page, server, SUPERVISOR).await;
    page.see("silent-person").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_sees_who_is_missing_and_gives_a_lost_phone_up() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path());
    let mut lost = Pen::of(&server.url(), INSPECTOR, &server.password).await;
    lost.problem("SL-03", Where::default());
    lost.send().await;
    lost.problem("SL-03", Where::default());
    lost.announce().await;

    let desk = Phone::new(DESK);
    let page = desk.open().await;
    opens(&page, &server).await;
    page.see_text("silent-closing", "截止").await;
    // Heard just now: not among those who were silent, and the first of all.
    let names = page.run(NAMES).await.to_string();
    assert!(!names.contains("刘小红"), "{names}");
    page.see_text("silent-total", "从未联系").await;
    page.tap("silent-0").await;
    page.see_text("silent-person", "刘小红").await;
    page.see_text("silent-missing", "缺 1 条记录").await;
    page.tap("silent-person").await;
    page.see_text("silent-gaps", "缺第 2 条").await;
    page.tap("close-open").await;
    page.tap("close-send").await;
    page.see("close-wrong").await;
    page.fill("close-reason", "手机落水，无法恢复").await;
    page.tap("close-send").await;
    page.see_count("silent-missing", 0).await;
    page.see_text("silent-total", "其中 0 人有记录没到平台")
        .await;

    // Who did it and why stays there; what comes after all is taken.
    page.until_true(
        "it is told who gave it up and why",
        "return [...document.querySelectorAll(\"[data-testid='silent-closed']\")]
            .some(e => e.textContent.includes('张丽') && e.textContent.includes('手机落水'))",
    )
    .await;
    lost.send().await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_read_on_a_phone_and_says_when_the_server_is_away() {
    let data = TempDir::new().unwrap();
    let mut server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    opens(&page, &server).await;
    page.until_true(
        "nothing is wider than the phone",
        "return document.documentElement.scrollWidth <= window.innerWidth",
    )
    .await;
    server.kill();
    page.tap("silent-7").await;
    page.see_text("error-message", "再试").await;
    server.restart();
    page.tap("silent-3").await;
    page.see("silent-person").await;
    page.close().await;
}
