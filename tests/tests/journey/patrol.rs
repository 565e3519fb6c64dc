//! 巡河: the page killed on the way, a finding recorded, a pause, a dark screen, the end too
//! short.

use crate::steps;
use crate::walk::{FENHE, STEP_M, metres, place, stand, walk};
use domain::entry::Kind;
use domain::patrol::{TrackFix, read_track, stretches};
use domain::record::Fields;
use domain::wire::RecordView;
use serde_json::json;
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::photos;
use xunhe_tests::quick::Quick;
use xunhe_tests::server::Server;

/// 柴家镇级河长.
const CHIEF: &str = "xz-hejin";
const SUPERVISOR: &str = "hzb-hejin";

#[tokio::test(flavor = "multi_thread")]
async fn a_patrol_goes_on_after_the_page_was_killed_and_is_saved_however_short() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "rubbish.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, CHIEF).await;
    page.close().await;
    server.kill();
    let page = phone.open().await;
    page.stand_at(&server.url(), FENHE.0, FENHE.1).await;
    page.goto(&server.url()).await;

    // One tap.
    page.tap("home-patrol").await;
    page.see_text("patrol-lacking", "还差").await;
    walk(&page, &server, FENHE, 0..4).await;
    let before = metres(&page).await;
    assert!((30..=60).contains(&before), "four steps of 12 m: {before}");

    // The page is killed. What was walked is still there, and the patrol goes on.
    phone.kill_renderer();
    phone.kill_browser();
    drop(page);
    let page = phone.open().await;
    let (lat, lon) = place(FENHE, 4);
    page.stand_at(&server.url(), lat, lon).await;
    page.goto(&server.url()).await;
    page.see_text("home-patrol", "正在巡河").await;
    page.tap("home-patrol").await;
    assert!(
        metres(&page).await + 13 >= before,
        "at most the last fix is lost"
    );
    walk(&page, &server, FENHE, 4..7).await;

    // A clean-up on the way.
    steps::record_cleanup(&page, &[&photo], &[&photo]).await;
    page.tap("saved-home").await;
    page.tap("home-patrol").await;

    // Too short: said, explained, saved.
    page.tap("patrol-end").await;
    page.see_text("patrol-short", "未达要求").await;
    page.fill("patrol-why", "河堤施工，绕行").await;
    page.tap("tick").await;
    page.tap("patrol-save").await;
    page.see_text("saved-confirmation", "已存手机").await;
    page.tap("saved-look").await;
    page.see_text("patrol-validity", "未达要求").await;
    page.see_text("patrol-facts", "河堤施工，绕行").await;
    page.tap("back").await;

    server.restart();
    page.tap("sync-now").await;
    page.see_text("receipt-text", "平台已收").await;
    page.tap("tab-home").await;
    page.see_text("status-line", "0 条待上传").await;

    // The platform has the whole track, bit for bit readable.
    let api = Api::sign_in(&server.url(), SUPERVISOR, &server.password).await;
    let list = api.records().await;
    let row = list
        .rows
        .iter()
        .position(|r| r.kind == "patrol_start")
        .unwrap();
    let view = api.record(&list, row).await;
    let mut claimed = 0;
    let mut finish = None;
    for entry in &view.entries {
        match entry.entry.clone().check().unwrap().body().unwrap().1 {
            Fields::Track(part) => claimed += part.fixes,
            Fields::PatrolFinish(end) => finish = Some(end),
            _ => {}
        }
    }
    let finish = finish.expect("the end of the patrol");
    assert!(
        finish.metres >= 60 && !finish.lacking.is_nothing(),
        "{finish:?}"
    );
    let share = finish.percent.expect("a reach with a line");
    assert!(
        (2..=4).contains(&share),
        "beside an overview line, within its error: {share} %"
    );
    let read = track(&api, &view).await;
    assert_eq!(u32::try_from(read.len()).unwrap(), claimed);

    // And the clean-up knows on which patrol it was made.
    let row = list
        .rows
        .iter()
        .position(|r| r.kind == Kind::Cleanup.as_str())
        .unwrap();
    let cleanup = api.record(&list, row).await;
    let entry = cleanup.entries[0].entry.clone().check().unwrap();
    assert_eq!(entry.body().unwrap().0.patrol, Some(view.row.record_id));
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reach_without_a_line_falls_back_to_minutes_and_metres_and_a_pause_counts_for_nothing() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "bank.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    // 涑水河 has no line in the data; a village chief of 永济 walks it, without a network.
    steps::arrive(&page, &server, "cz-yongji").await;
    server.kill();
    page.tap("home-patrol").await;
    page.see_text("patrol-share", "无河段线").await;
    walk(&page, &server, steps::BANK, 0..3).await;

    // A lift of 600 m during a pause is neither a way nor time, and no gap.
    page.tap("patrol-pause").await;
    page.see_text("patrol-pause", "继续").await;
    let (before, clock) = (metres(&page).await, page.text("patrol-clock").await);
    stand(&page, &server, place(steps::BANK, 30)).await;
    stand(&page, &server, place(steps::BANK, 50)).await;
    assert_eq!(metres(&page).await, before);
    assert_eq!(page.text("patrol-clock").await, clock);
    page.tap("patrol-pause").await;
    page.see_text("patrol-pause", "暂停").await;
    stand(&page, &server, place(steps::BANK, 51)).await;
    walk(&page, &server, steps::BANK, 51..53).await;

    Quick::Finding.record(&page, &[&photo], &[]).await;
    page.tap("saved-home").await;
    page.tap("home-patrol").await;
    page.tap("patrol-end").await;
    let short = page.text("patrol-short").await.unwrap();
    assert!(short.contains("米") && !short.contains('%'), "{short}");
    page.tap("patrol-save").await;
    page.see_text("receipt-text", "待上传").await;
    server.restart();
    page.tap("saved-home").await;
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.see_text("receipt-photo", "照片已收 1/1").await;
    page.tap("tab-home").await;
    page.see_text("status-line", "0 条待上传").await;
    page.close().await;

    let api = Api::sign_in(&server.url(), "hzb-yongji", &server.password).await;
    let list = api.records().await;
    let of_kind = |kind: &str| list.rows.iter().position(|r| r.kind == kind).unwrap();
    let patrol = api.record(&list, of_kind("patrol_start")).await;
    let finding = api.record(&list, of_kind("finding")).await;
    let first = finding.entries[0].entry.clone().check().unwrap();
    let (body, _) = first.body().unwrap();
    assert_eq!(body.patrol, Some(patrol.row.record_id));
    let fixes = track(&api, &patrol).await;
    assert_eq!(fixes.iter().filter(|f| f.resumed).count(), 1, "{fixes:?}");
    // On the map: two ways, and nothing between them.
    let drawn = stretches(&fixes);
    assert_eq!(drawn.len(), 2, "{drawn:?}");
    assert!(drawn.iter().all(|way| !way.gap), "{drawn:?}");

    let sheet = api.ledger("patrols").await;
    let [reach, share, found] = sheet.cells(0, ["河段", "占河段（%）", "发现情况"]);
    assert_eq!(reach, "涑水河涑水社区段（演示）");
    assert_eq!((share, found), ("无河段线", "未见异常"));
    let [walked, enough] = sheet.cells(0, ["里程（米）", "是否达到要求"]);
    let walked: u32 = walked.parse().unwrap();
    let five = 5 * STEP_M;
    assert!((five - 6..=five + 6).contains(&walked), "{walked} m");
    assert!(enough.starts_with("未达"), "{enough}");
}

/// The whole track of a patrol as the platform delivers it.
async fn track(api: &Api, patrol: &RecordView) -> Vec<TrackFix> {
    let mut fixes = Vec::new();
    for (place, entry) in patrol.entries.iter().enumerate() {
        let checked = entry.entry.clone().check().unwrap();
        if checked.header().kind == Kind::Track {
            fixes.extend(read_track(&api.blob(patrol, place, 0).await).unwrap());
        }
    }
    fixes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dark_screen_leads_back_and_the_phone_stays_awake() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    page.before_load(COUNT_WAKE_LOCKS).await;
    steps::arrive(&page, &server, "cz-yongji").await;
    page.tap("home-patrol").await;
    page.see_text("patrol-share", "无河段线").await;
    page.until_true("the screen is kept on", "return window.locks === 1")
        .await;

    page.tap("patrol-dark").await;
    page.see_text("dark", "点一下屏幕").await;
    let covered = page.run(COVERED).await;
    assert_eq!(covered, json!("dark"), "the whole screen is one button");
    // The way goes on behind it.
    stand(&page, &server, steps::BANK).await;
    stand(&page, &server, place(steps::BANK, 1)).await;
    page.see_text("dark", &format!("{STEP_M} 米")).await;
    page.tap("dark").await;
    page.see("patrol-end").await;
    assert_eq!(metres(&page).await, STEP_M);

    // The browser takes the lock back when the page is hidden.
    page.look_elsewhere().await;
    page.until_true("it is asked for again", "return window.locks === 2")
        .await;
    page.close().await;
}

/// Counts how often the page asked for the screen to stay on; the browser decides.
const COUNT_WAKE_LOCKS: &str = "window.locks = 0;
    const ask = WakeLock.prototype.request;
    WakeLock.prototype.request = function (kind) { window.locks += 1; return ask.call(this, kind); };";

/// What lies at every corner and in the middle of the screen, if it is one thing.
const COVERED: &str = "const w = innerWidth, h = innerHeight;
    const at = [[1, 1], [w - 2, 1], [1, h - 2], [w - 2, h - 2], [w / 2, h / 2]];
    const found = at.map(([x, y]) => document.elementFromPoint(x, y)?.closest('[data-testid]')?.dataset.testid);
    return new Set(found).size === 1 ? found[0] : found.join();";

#[tokio::test(flavor = "multi_thread")]
async fn the_outfalls_of_the_reach_are_there_without_a_network() {
    let data = TempDir::new().unwrap();
    let mut server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, CHIEF).await;
    server.kill();
    page.reload().await;
    page.tap("home-outfalls").await;
    page.see_count("outfall-row", 3).await;
    // The third has nobody who answers for it.
    page.see_count("outfall-orphan-mark", 1).await;
    page.tap("outfall-row").await;
    page.see_text("outfall-card", "市生态环境局河津分局").await;
    page.see_text("outfall-card", "柴家镇人民政府").await;
    page.close().await;
}
