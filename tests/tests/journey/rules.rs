//! The rules of patrols and cases as people meet them: who has a case and who watches it, days
//! that count, what goes back and forth between desk and unit, and patrols that do not count.

use crate::steps;
use domain::register::Day;
use domain::time::WallMs;
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::photos;
use xunhe_tests::server::Server;

const INSPECTOR: &str = "wgy-hejin";
const SUPERVISOR: &str = "hzb-hejin";
/// 主管责任人 of the outfall, and of the unit's others its 联络员.
const HANDLER: &str = "zrr-hejin";
const LIAISON: &str = "lly-hejin";
/// 监管责任人 of the outfall.
const WATCHER: &str = "zrr-sthj-hejin";

fn today() -> Day {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Day::in_china(WallMs(i64::try_from(now.as_millis()).unwrap())).unwrap()
}

async fn at_the_desk(phone: &Phone, server: &Server) -> Page {
    let console = phone.open().await;
    console.goto(&format!("{}/console/", server.url())).await;
    steps::sign_in(&console, server, SUPERVISOR).await;
    console.see("console-row").await;
    console
}

/// The first task, on the phone of somebody who has one.
async fn opens_task(page: &Page, server: &Server, account: &str, duty: &str) {
    steps::arrive_as(page, server, account, duty).await;
    page.tap("home-tasks").await;
    page.tap("task-row").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_has_its_people_its_days_and_its_answers() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let seen = photos::jpeg(files.path(), "seen.jpg", 2);

    // A discharge at an outfall for which two persons answer.
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    page.tap("home-discharge").await;
    page.tap("kind-PW-01").await;
    page.choose("photo-before", &seen.path).await;
    page.see_count("photo-tile", 1).await;
    page.tap("outfall").await;
    page.tap("save").await;
    page.see_text("receipt-text", "平台已收").await;
    page.close().await;

    // The desk: 承办人 by the outfall, days by the calendar, an approver for 13710.
    let desk = Phone::new(DESK);
    let console = at_the_desk(&desk, &server).await;
    console.key("j").await;
    console.tap("console-open").await;
    console.tap("step-accept").await;
    console.tap("step-accept-send").await;
    console.see_text("case-stage", "待交办").await;
    console.tap("step-hand-over").await;
    console.see_text("step-hand-over-watcher", "薛景明").await;
    console.see_text("counted-days", "按自然日算").await;
    console.set("step-hand-over-due", "2027-01-04").await;
    console
        .see_text("counted-days", "没有 2027 年的放假调休表")
        .await;
    console.select("step-hand-over-lead", "chaijia").await;
    console
        .until_true(
            "the outfall's 主管责任人 is the 承办人 unless the desk says otherwise",
            "return document.querySelector(\"[data-testid='step-hand-over-assignee']\").value === 'zrr-hejin'",
        )
        .await;
    console.tap("step-hand-over-send").await;
    console.see_text("case-duty", "承办人 任建平").await;
    console.tap("step-ladder").await;
    console.fill("step-ladder-words", "重大事项").await;
    console.tap("step-ladder-send").await;
    // Nobody approves by silence.
    console.see("step-wrong").await;
    console.select("step-ladder-approver", "hzb-yc").await;
    console.tap("step-ladder-send").await;
    console.see_text("ladder", "批准人 何静").await;
    console.see_count("rung", 4).await;
    console.see_text("rung", "已办").await;
    console.tap("step-urge").await;
    console.fill("step-urge-words", "请今天报进展").await;
    console.tap("step-urge-send").await;
    console.see_text("case-waiting", "催办 1 次未回复").await;

    // Who supervises the outfall reads it and can do nothing.
    let watching = Phone::new(PHONE);
    let watcher = watching.open().await;
    steps::arrive_as(&watcher, &server, WATCHER, "没有").await;
    watcher.see_text("home-tasks", "监管 1 件").await;
    watcher.tap("home-tasks").await;
    watcher.see("tasks-watched").await;
    watcher.tap("task-row").await;
    watcher.see_text("case-watched", "监管责任人").await;
    watcher.see_text("case-duty", "承办人 任建平").await;
    watcher.see_text("ladder", "批准人 何静").await;
    assert_eq!(watcher.count("unit-steps").await, 0);
    watcher.close().await;

    // The unit's 联络员 answers and asks for more time, without a network.
    let field = Phone::new(PHONE);
    let unit = field.open().await;
    opens_task(&unit, &server, LIAISON, "联络员").await;
    unit.see_text("case-duty", "承办人 任建平").await;
    server.kill();
    unit.reload().await;
    unit.see_text("urged", "请今天报进展").await;
    unit.tap("step-answer").await;
    unit.fill("step-answer-words", "已到现场，正在封堵").await;
    unit.tap("step-answer-send").await;
    unit.until_true(
        "the urging is answered on this phone",
        "return !document.querySelector(\"[data-testid='urged']\")",
    )
    .await;
    unit.tap("step-ask-extension").await;
    unit.fill("step-ask-extension-words", "上游停产检修").await;
    unit.set("step-ask-extension-due", &today().to_string())
        .await;
    unit.tap("step-ask-extension-send").await;
    // Not a later day: said at once, and what was written is still there.
    unit.see("step-wrong").await;
    unit.set("step-ask-extension-due", "2027-02-01").await;
    unit.tap("step-ask-extension-send").await;
    unit.see_text("case-waiting", "申请延至 2027-02-01").await;
    server.restart();
    unit.tap("back").await;
    unit.tap("sync-now").await;
    unit.see_text("receipt-text", "平台已收").await;

    console.reload().await;
    console.see_text("asked", "上游停产检修").await;
    console.tap("step-grant").await;
    console.tap("step-grant-send").await;
    console
        .see_text("ladder-dates", "2027-01-04 → 延期到 2027-02-01")
        .await;
    console
        .until_true(
            "each step says under which post it was made",
            "const who = [...document.querySelectorAll(\"[data-testid='case-step-who']\")];
             return who.some(w => w.innerText.includes('柴家镇人民政府联络员'))
                 && who.some(w => w.innerText.includes('河津市河长办督办员'))",
        )
        .await;
    console.tap("step-ladder").await;
    console.select("step-ladder-approver", SUPERVISOR).await;
    console.tap("step-ladder-send").await;
    console.see_count("ladder", 0).await;

    // And the 承办人 finds it as his own.
    let named = Phone::new(PHONE);
    let handler = named.open().await;
    steps::arrive_as(&handler, &server, HANDLER, "责任人").await;
    handler.tap("home-tasks").await;
    handler.see_text("task-assignee", "我承办").await;
    handler.see_text("task-due", "天").await;
    for open in [handler, unit, console] {
        open.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patrol_that_does_not_count_says_so_to_its_chief() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, "xz-hejin").await;
    page.tap("home-patrol").await;
    page.tap("patrol-end").await;
    page.tap("patrol-save").await;
    page.see_text("receipt-text", "平台已收").await;
    page.tap("saved-home").await;

    let desk = Phone::new(DESK);
    let console = at_the_desk(&desk, &server).await;
    console.tap("console-open").await;
    console.see_text("patrol-counts", "没有裁定").await;
    console.tap("ruling-open").await;
    console.tap("ruling-send").await;
    console.see("ruling-wrong").await;
    console.fill("ruling-reason", "轨迹是乘车的").await;
    console.tap("ruling-send").await;
    console.see_text("patrol-counts", "不予计次").await;
    console.see_text("ruling", "柴玉梅").await;

    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.see_text("outbox-not-counted", "不予计次").await;
    page.tap("outbox-row").await;
    page.see_text("not-counted", "轨迹是乘车的").await;
    page.see_text("not-counted", "河津市河长办督办员").await;

    console.tap("ruling-open").await;
    console.fill("ruling-reason", "核实为步行").await;
    console.tap("ruling-send").await;
    console.see_text("patrol-counts", "恢复计次").await;
    console.see_count("ruling", 2).await;
    page.tap("back").await;
    page.tap("sync-now").await;
    page.see_count("outbox-not-counted", 0).await;
    page.close().await;
    console.close().await;
}
