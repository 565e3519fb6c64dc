//! Makes the pictures of the documentation with the real product: `cargo xtask docs`.

#![allow(
    clippy::unwrap_used,
    reason = "a picture that cannot be taken fails loudly"
)]

use std::path::{Path, PathBuf};
use tempfile::TempDir;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::photos::{self, Photo};
use xunhe_tests::server::Server;

#[tokio::main]
async fn main() {
    let docs = std::env::var_os("XUNHE_DOCS").map_or_else(|| "docs".into(), PathBuf::from);
    let out = docs.join("guide");
    std::fs::create_dir_all(&out).unwrap();
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let before = photos::jpeg(files.path(), "before.jpg", 2);
    let after = photos::jpeg(files.path(), "after.jpg", 2);

    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    page.stand_at(&server.url(), 34.8671, 110.4425).await;
    page.goto(&server.url()).await;
    page.see("sign-in-submit").await;
    shot(&page, &out, "phone-sign-in").await;
    page.fill("sign-in-account", "wgy-yongji").await;
    page.fill("sign-in-password", &server.password).await;
    page.tap("sign-in-submit").await;
    page.see_text("status-line", "已连上平台").await;
    page.ready_for_offline().await;
    shot(&page, &out, "phone-home").await;
    for (mode, name) in [
        ("large", "phone-home-large"),
        ("sunlight", "phone-home-sunlight"),
    ] {
        page.tap("tab-settings").await;
        page.tap(mode).await;
        page.tap("tab-home").await;
        page.see("home-cleanup").await;
        shot(&page, &out, name).await;
        page.tap("tab-settings").await;
        page.tap(mode).await;
        page.tap("tab-home").await;
    }
    page.tap("home-cleanup").await;
    page.see("save").await;
    shot(&page, &out, "phone-form").await;
    page.tap("kind-LJ-01").await;
    page.choose("photo-before", &before.path).await;
    page.see_count("photo-tile", 1).await;
    page.choose("photo-after", &after.path).await;
    page.see_count("photo-tile", 2).await;
    page.until_true("the previews are drawn", DRAWN).await;
    shot(&page, &out, "phone-form-photos").await;
    page.run("window.scrollTo(0, document.body.scrollHeight)")
        .await;
    shot(&page, &out, "phone-form-more").await;
    server.kill();
    page.tap("save").await;
    page.see("saved-confirmation").await;
    shot(&page, &out, "phone-saved").await;
    page.tap("saved-home").await;
    page.see_text("status-line", "1 条待上传").await;
    shot(&page, &out, "phone-home-offline").await;
    page.tap("home-finding").await;
    page.tap("save").await;
    page.see("field-error").await;
    shot(&page, &out, "phone-form-error").await;
    page.tap("back").await;
    server.restart();
    page.tap("tab-outbox").await;
    shot(&page, &out, "phone-outbox-waiting").await;
    page.tap("sync-now").await;
    page.see_text("receipt-photo", "照片已收 2/2").await;
    shot(&page, &out, "phone-outbox").await;
    page.tap("outbox-row").await;
    page.until_true("the pictures are drawn", DRAWN).await;
    shot(&page, &out, "phone-record").await;
    page.tap("back").await;
    page.tap("tab-settings").await;
    page.see("sign-out").await;
    shot(&page, &out, "phone-settings").await;
    page.close().await;

    let desk = Phone::new(DESK);
    let page = desk.open().await;
    page.goto(&format!("{}/console/", server.url())).await;
    page.see("sign-in-submit").await;
    shot(&page, &out, "desk-sign-in").await;
    page.fill("sign-in-account", "hzb-yongji").await;
    page.fill("sign-in-password", &server.password).await;
    page.tap("sign-in-submit").await;
    page.see_count("console-row", 1).await;
    page.until_true("the thumbnail is drawn", DRAWN).await;
    shot(&page, &out, "desk-list").await;
    page.tap("console-open").await;
    page.see_count("console-photo", 2).await;
    page.until_true("the pictures are drawn", DRAWN).await;
    shot(&page, &out, "desk-record").await;
    page.close().await;
    case(&server, &out, &before, &after).await;
    patrol(&server, &out).await;
}

/// A suspected discharge from the bank to the desk and to the unit that puts it right.
async fn case(server: &Server, out: &Path, before: &Photo, after: &Photo) {
    let phone = Phone::new(PHONE);
    let page = signed_in(&phone, server, "wgy-hejin").await;
    page.tap("home-discharge").await;
    page.tap("kind-PW-01").await;
    page.choose("photo-before", &before.path).await;
    page.see_count("photo-tile", 1).await;
    page.until_true("the preview is drawn", DRAWN).await;
    page.tap("sign").await;
    shot(&page, out, "phone-discharge").await;
    page.tap("save").await;
    page.see_text("receipt-photo", "照片已收 1/1").await;
    page.close().await;

    let desk = Phone::new(DESK);
    let console = desk.open().await;
    console.goto(&format!("{}/console/", server.url())).await;
    sign_in(&console, server, "hzb-hejin").await;
    console.see_text("console-stage", "待受理").await;
    console.until_true("the pictures are drawn", DRAWN).await;
    console.until_true("the map is drawn", MAP_DRAWN).await;
    shot(&console, out, "desk-queue").await;
    console.tap("console-open").await;
    console.tap("step-accept").await;
    console.tap("step-accept-send").await;
    console.see_text("case-stage", "待交办").await;
    console.tap("step-hand-over").await;
    console.select("step-hand-over-lead", "chaijia").await;
    console.until_true("the pictures are drawn", DRAWN).await;
    shot(&console, out, "desk-hand-over").await;
    console.tap("step-hand-over-send").await;
    console.see_text("case-stage", "待签收").await;

    let phone = Phone::new(PHONE);
    let page = signed_in(&phone, server, "zrr-hejin").await;
    page.see_text("home-tasks", "1 件要办").await;
    shot(&page, out, "phone-home-handler").await;
    page.tap("home-tasks").await;
    page.see("task-row").await;
    shot(&page, out, "phone-tasks").await;
    page.tap("task-row").await;
    page.until_true("the pictures are drawn", DRAWN).await;
    shot(&page, out, "phone-case").await;
    page.tap("step-sign").await;
    page.see_text("case-stage", "整改中").await;
    page.run("window.scrollTo(0, document.body.scrollHeight)")
        .await;
    shot(&page, out, "phone-case-steps").await;
    page.tap("step-apply-closure").await;
    page.choose("photo-after", &after.path).await;
    page.see_count("photo-tile", 1).await;
    page.fill("note", "已封堵，水已清").await;
    page.tap("save").await;
    page.see_text("receipt-photo", "照片已收 1/1").await;
    page.close().await;

    console.reload().await;
    console.see_text("case-stage", "待复核").await;
    console.until_true("the pictures are drawn", DRAWN).await;
    shot(&console, out, "desk-case").await;
    console.tap("desk-ledgers").await;
    console.see("ledger-closing").await;
    shot(&console, out, "desk-ledgers").await;
    console.tap("desk-imports").await;
    console.see("import-choose").await;
    shot(&console, out, "desk-imports").await;
    console.close().await;
}

/// A chief on the bank.
async fn patrol(server: &Server, out: &Path) {
    let phone = Phone::new(PHONE);
    let page = signed_in(&phone, server, "xz-hejin").await;
    shot(&page, out, "phone-home-chief").await;
    page.tap("home-patrol").await;
    page.see_text("patrol-lacking", "还差").await;
    shot(&page, out, "phone-patrol").await;
    page.tap("patrol-end").await;
    page.see("patrol-short").await;
    shot(&page, out, "phone-patrol-end").await;
    page.tap("patrol-save").await;
    page.tap("saved-look").await;
    page.see("patrol-facts").await;
    shot(&page, out, "phone-patrol-record").await;
    page.tap("back").await;
    page.tap("tab-home").await;
    page.tap("home-map").await;
    page.until_true("the map is drawn", MAP_DRAWN).await;
    shot(&page, out, "phone-map").await;
    page.close().await;
}

async fn signed_in(phone: &Phone, server: &Server, account: &str) -> Page {
    let page = phone.open().await;
    page.stand_at(&server.url(), 35.5472, 110.6980).await;
    page.goto(&server.url()).await;
    sign_in(&page, server, account).await;
    page.see_text("status-line", "已连上平台").await;
    page
}

async fn sign_in(page: &Page, server: &Server, account: &str) {
    page.fill("sign-in-account", account).await;
    page.fill("sign-in-password", &server.password).await;
    page.tap("sign-in-submit").await;
}

const DRAWN: &str = "const all = [...document.images]; \
    return all.length > 0 && all.every(i => i.complete && i.naturalWidth > 0)";

const MAP_DRAWN: &str =
    "return +document.querySelector(\"[data-testid='map']\")?.dataset.ground > 2";

async fn shot(page: &Page, out: &Path, name: &str) {
    page.screenshot(&out.join(format!("{name}.png"))).await;
}
