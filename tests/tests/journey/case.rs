//! A problem from the bank to 销号: the unit puts it right without a network.

use crate::steps;
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::photos;
use xunhe_tests::server::Server;

const INSPECTOR: &str = "wgy-hejin";
const SUPERVISOR: &str = "hzb-hejin";
const HANDLER: &str = "zrr-hejin";

#[tokio::test(flavor = "multi_thread")]
async fn a_discharge_is_handed_over_put_right_offline_and_closed() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let seen = photos::jpeg(files.path(), "seen.jpg", 2);
    let done = photos::jpeg(files.path(), "done.jpg", 3);

    // The inspector reports: kind, photo, save; what was smelt is two touches more.
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    page.tap("home-discharge").await;
    page.tap("kind-PW-01").await;
    page.choose("photo-before", &seen.path).await;
    page.see_count("photo-tile", 1).await;
    page.tap("sign").await;
    page.tap("save").await;
    page.see_text("saved-confirmation", "已存手机").await;
    page.see_text("receipt-photo", "照片已收 1/1").await;

    // The desk accepts it and hands it over, by keyboard.
    let desk = Phone::new(DESK);
    let console = desk.open().await;
    console.goto(&format!("{}/console/", server.url())).await;
    steps::sign_in(&console, &server, SUPERVISOR).await;
    console.see_text("console-stage", "待受理").await;
    console.key("j").await;
    console.tap("console-open").await;
    console.see_text("case-stage", "待受理").await;
    console.key("a").await;
    console.tap("step-accept-send").await;
    console.see_text("case-stage", "待交办").await;
    console.key("a").await;
    console.select("step-hand-over-lead", "chaijia").await;
    console.fill("step-hand-over-words", "封堵并恢复").await;
    console.tap("step-hand-over-send").await;
    console.see_text("case-stage", "待签收").await;

    // The unit's handler finds it on the phone; then the connection is gone.
    let field = Phone::new(PHONE);
    let handler = field.open().await;
    steps::arrive_as(&handler, &server, HANDLER, "责任人").await;
    handler.see_text("home-tasks", "1 件要办").await;
    handler.kept_photos(1).await;
    server.kill();
    handler.reload().await;
    handler.tap("home-tasks").await;
    handler.tap("task-row").await;
    handler.see_text("case-stage", "待签收").await;
    handler
        .until_true(
            "what was reported is seen without a network",
            "const all = [...document.images];
             return all.length > 0 && all.every(i => i.complete && i.naturalWidth > 0)",
        )
        .await;
    handler.tap("step-sign").await;
    handler.see_text("case-stage", "整改中").await;
    handler.tap("step-apply-closure").await;
    handler.choose("photo-after", &done.path).await;
    handler.see_count("photo-tile", 1).await;
    handler.fill("note", "已封堵，水已清").await;
    handler.tap("save").await;
    handler.see_text("saved-confirmation", "已存手机").await;

    server.restart();
    handler.tap("saved-home").await;
    handler.tap("tab-outbox").await;
    handler.tap("sync-now").await;
    handler.see_text("receipt-photo", "照片已收 1/1").await;

    console.reload().await;
    console.see_text("case-stage", "待复核").await;
    console.see_count("console-photo", 2).await;
    console.see("compare").await;
    console.key("c").await;
    console.tap("step-close-send").await;
    console.see_text("case-stage", "已销号").await;

    // It stands in the ledger as it went.
    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    let rows = api.ledger("problems").await;
    let row = &rows[4];
    assert_eq!(row[6], "疑似违法排污(直排)");
    assert_eq!(row[10], "柴家镇人民政府");
    assert_eq!(
        (row[17].as_str(), row[22].as_str()),
        ("已封堵，水已清", "已销号")
    );

    // And the reporter hears what became of it.
    page.tap("saved-home").await;
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.tap("outbox-row").await;
    page.see_text("case-stage", "已销号").await;
    for open in [page, console, handler] {
        open.close().await;
    }
}
