//! The whole loop: a chief on patrol without a network, the desk, the unit that puts it right
//! without a network, the desk again, and the three ledgers.

use crate::steps::{self, DRAWN};
use crate::walk::{FENHE, walk};
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::photos::{self, Photo};
use xunhe_tests::quick::Quick;
use xunhe_tests::server::Server;

/// 柴家镇级河长.
const CHIEF: &str = "xz-hejin";
/// 河津市河长办.
const SUPERVISOR: &str = "hzb-hejin";
/// 柴家镇人民政府经办.
const HANDLER: &str = "zrr-hejin";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_chief_finds_on_patrol_is_put_right_and_stands_in_the_ledgers() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = |name: &str, size| photos::jpeg(files.path(), &format!("{name}.jpg"), size);
    let heap = [photo("rubbish", 2), photo("clean", 3)];
    let pipe = ["pipe", "water", "far"].map(|name| photo(name, 2));
    let (closing, closed) = (photo("closing", 2), photo("closed", 3));

    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, CHIEF).await;
    server.kill();
    patrol(&page, &server, &heap, &pipe).await;
    server.restart();
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.tap("tab-home").await;
    page.see_text("status-line", "0 条待上传").await;

    let desk = Phone::new(DESK);
    let console = desk.open().await;
    console.goto(&format!("{}/console/", server.url())).await;
    steps::sign_in(&console, &server, SUPERVISOR).await;
    hand_over(&console).await;

    let field = Phone::new(PHONE);
    let handler = field.open().await;
    steps::arrive_as(&handler, &server, HANDLER, "责任人").await;
    handler.see_text("home-tasks", "1 件要办").await;
    handler.kept_photos(3).await;
    server.kill();
    put_right(&handler, &closing, &closed).await;
    server.restart();
    handler.tap("saved-home").await;
    handler.tap("tab-outbox").await;
    handler.tap("sync-now").await;
    handler.see_text("receipt-photo", "照片已收 2/2").await;

    close(&console).await;
    // And the chief hears what became of it.
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.tap_saying("outbox-row", "疑似违法排污").await;
    page.see_text("case-stage", "已销号").await;
    for open in [page, console, handler] {
        open.close().await;
    }
    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    reports_name_their_patrol(&api).await;
    ledgers(&api).await;
}

/// Offline: a walk along the line, a clean-up done on the spot, a discharge handed up, the end.
async fn patrol(page: &Page, server: &Server, heap: &[Photo; 2], pipe: &[Photo; 3]) {
    page.stand_at(&server.url(), FENHE.0, FENHE.1).await;
    page.reload().await;
    page.tap("home-patrol").await;
    page.see_text("patrol-lacking", "还差").await;
    walk(page, server, FENHE, 0..4).await;

    Quick::Cleanup.record(page, &[&heap[0]], &[&heap[1]]).await;
    page.tap("saved-home").await;
    page.tap("home-patrol").await;
    walk(page, server, FENHE, 4..7).await;

    let pipe: Vec<&Photo> = pipe.iter().collect();
    Quick::Discharge.record(page, &pipe, &[]).await;
    page.tap("saved-home").await;
    page.tap("home-patrol").await;
    page.tap("patrol-end").await;
    page.tap_saying("tick", "垃圾").await;
    page.tap_saying("tick", "排污口异常").await;
    page.tap("patrol-save").await;
    page.see_text("saved-confirmation", "已存手机").await;
    page.tap("saved-home").await;
    page.see_text("status-line", "没有连上平台").await;
}

/// By keyboard, in the one view of the queue.
async fn hand_over(console: &Page) {
    console.see_count("console-row", 3).await;
    console.tap("tray-registered").await;
    console.see_count("console-row", 1).await;
    console.key("j").await;
    console.see_text("case-stage", "待受理").await;
    console.see_count("console-photo", 3).await;
    console.key("a").await;
    console.tap("step-accept-send").await;
    console.see_text("case-stage", "待交办").await;
    console.key("a").await;
    console.select("step-hand-over-lead", "chaijia").await;
    console.fill("step-hand-over-words", "封堵并恢复").await;
    console.tap("step-hand-over-send").await;
    console.see_text("case-stage", "待签收").await;
}

/// Offline: what was reported is seen, signed for, worked on, and closure is applied for.
async fn put_right(handler: &Page, closing: &Photo, closed: &Photo) {
    handler.reload().await;
    handler.tap("home-tasks").await;
    handler.tap("task-row").await;
    handler.see_text("case-stage", "待签收").await;
    handler
        .until_true("what others photographed is seen without a network", DRAWN)
        .await;
    handler.tap("step-sign").await;
    handler.see_text("case-stage", "整改中").await;
    handler.tap("step-progress").await;
    handler.fill("note", "已找到管口，正在封堵").await;
    handler.tap("save").await;
    handler.tap("saved-look").await;
    handler.tap("step-apply-closure").await;
    for (tiles, photo) in (1..).zip([closing, closed]) {
        handler.choose("photo-after", &photo.path).await;
        handler.see_count("photo-tile", tiles).await;
    }
    handler.fill("note", "已封堵，水已清").await;
    handler.tap("save").await;
    handler.see_text("saved-confirmation", "已存手机").await;
}

/// The desk hears of it by itself, looks at before and after, and closes.
async fn close(console: &Page) {
    console.see_text("case-stage", "待复核").await;
    console.see_count("console-photo", 5).await;
    console.see("compare").await;
    console.key("c").await;
    console.tap("step-close-send").await;
    console.see_text("case-stage", "已销号").await;
}

async fn reports_name_their_patrol(api: &Api) {
    let list = api.records().await;
    let patrol = list.rows.iter().find(|r| r.kind == "patrol_start");
    let patrol = patrol.unwrap().record_id;
    let reports = (0..3).filter(|row| list.rows[*row].record_id != patrol);
    for row in reports {
        let view = api.record(&list, row).await;
        let first = view.entries[0].entry.clone().check().unwrap();
        let (body, _) = first.body().unwrap();
        assert_eq!(body.patrol, Some(patrol), "{}", view.row.kind);
    }
}

/// What was told to three people on three devices, as a county office files it.
async fn ledgers(api: &Api) {
    let problems = api.ledger("problems").await;
    assert_eq!(problems.len(), 1, "{problems:?}");
    let told = [
        "发现·发现人",
        "发现·河段、区划",
        "问题·类型",
        "交办·牵头单位",
    ];
    let [who, reach, what, unit] = problems.cells(0, told);
    assert_eq!((who, unit), ("贺新民（演示）", "柴家镇人民政府"));
    assert_eq!(
        (reach, what),
        ("汾河柴家镇段（演示）\n柴家镇", "疑似违法排污(直排)")
    );
    let told = ["整改·整改情况", "销号·复核人", "状态", "超期天数"];
    let told = problems.cells(0, told);
    assert_eq!(told, ["已封堵，水已清", "柴玉梅（演示）", "已销号", "0"]);
    let pictures = problems.cells(0, ["问题·整改前照片", "整改·整改后照片"]);
    assert_eq!(pictures, ["共3张", "共2张"]);
    let days = ["发现·日期", "交办·日期", "整改·办结日期", "销号·日期"];
    let days = problems
        .cells(0, days)
        .map(|day| day.parse::<u32>().unwrap());
    assert!(days.is_sorted(), "days as Excel counts them: {days:?}");

    let cleanups = api.ledger("cleanups").await;
    assert_eq!(cleanups.len(), 1, "{cleanups:?}");
    let [who, kind, outcome] = cleanups.cells(0, ["处理人", "问题（垃圾）类型", "处理情况"]);
    assert_eq!(
        (who, kind, outcome),
        ("贺新民（演示）", "垃圾堆放", "当场处理完")
    );
    let photos = cleanups.cells(0, ["处理前照片", "处理后照片"]);
    assert_eq!(photos, ["", ""], "one picture each needs no count");

    let patrols = api.ledger("patrols").await;
    assert_eq!(patrols.len(), 1, "{patrols:?}");
    let [who, post, found] = patrols.cells(0, ["巡河人", "岗位", "发现情况"]);
    assert_eq!((who, post), ("贺新民（演示）", "柴家镇级河长（乡级）"));
    assert_eq!(found, "漂浮物、垃圾、排污口异常、污水直排");
    let [metres, share, enough] = patrols.cells(0, ["里程（米）", "占河段（%）", "是否达到要求"]);
    let (metres, share): (u32, u32) = (metres.parse().unwrap(), share.parse().unwrap());
    assert!((70..=90).contains(&metres), "seven steps of 12 m: {metres}");
    assert!(
        (1..=5).contains(&share),
        "beside an overview line: {share} %"
    );
    assert!(enough.starts_with("未达"), "{enough}");
}
