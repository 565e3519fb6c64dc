//! 巡河 without a network: the page killed on the way, a finding recorded, the end too short.

use crate::steps;
use domain::entry::Kind;
use domain::patrol::read_track;
use domain::record::Fields;
use tempfile::TempDir;
use xunhe_tests::api::Api;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::photos;
use xunhe_tests::server::Server;

/// 柴家镇级河长.
const CHIEF: &str = "xz-hejin";
const SUPERVISOR: &str = "hzb-hejin";

/// Beside the drawn line of the reach, which is good to 1 km.
const BANK: (f64, f64) = (35.5472, 110.6980);

/// Steps of 12 m to the west, as fast as a bicycle: one a second.
async fn walk(page: &Page, server: &Server, bank: (f64, f64), steps: std::ops::Range<u32>) {
    for step in steps {
        let before = metres(page).await;
        let east = bank.1 - f64::from(step + 1) * 12.0 / 90_600.0;
        page.until_true(
            "a second has passed on the way",
            "window.stepped ??= performance.now(); return performance.now() - window.stepped > 1000",
        )
        .await;
        page.run("window.stepped = performance.now();").await;
        page.stand_at(&server.url(), bank.0, east).await;
        page.until_true(
            "the step is counted",
            &format!("return +document.querySelector(\"[data-testid='patrol-metres']\").textContent > {before}"),
        )
        .await;
    }
}

async fn metres(page: &Page) -> u32 {
    let text = page.text("patrol-metres").await.unwrap_or_default();
    text.parse().unwrap_or(0)
}

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
    page.stand_at(&server.url(), BANK.0, BANK.1).await;
    page.goto(&server.url()).await;

    // One tap.
    page.tap("home-patrol").await;
    page.see_text("patrol-lacking", "还差").await;
    walk(&page, &server, BANK, 0..4).await;
    let before = metres(&page).await;
    assert!((30..=60).contains(&before), "four steps of 12 m: {before}");

    // The page is killed. What was walked is still there, and the patrol goes on.
    phone.kill_renderer();
    phone.kill_browser();
    drop(page);
    let page = phone.open().await;
    page.stand_at(&server.url(), BANK.0, BANK.1 - 48.0 / 90_600.0)
        .await;
    page.goto(&server.url()).await;
    page.see_text("home-patrol", "正在巡河").await;
    page.tap("home-patrol").await;
    assert!(
        metres(&page).await + 13 >= before,
        "at most the last fix is lost"
    );
    walk(&page, &server, BANK, 4..7).await;

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
    let (mut fixes, mut finish, mut track_at) = (0, None, None);
    for (place, entry) in view.entries.iter().enumerate() {
        match entry.entry.clone().check().unwrap().body().unwrap().1 {
            Fields::Track(part) => {
                fixes += part.fixes;
                track_at = Some(place);
            }
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
    let bytes = api.blob(&view, track_at.unwrap(), 0).await;
    let read = read_track(&bytes).unwrap();
    assert_eq!(u32::try_from(read.len()).unwrap(), fixes);

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
async fn a_reach_without_a_line_falls_back_to_minutes_and_metres() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path());
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    // 涑水河 has no line in the data; a village chief of 永济 walks it.
    steps::arrive(&page, &server, "cz-yongji").await;
    page.tap("home-patrol").await;
    page.see_text("patrol-share", "无河段线").await;
    walk(&page, &server, steps::BANK, 0..3).await;
    page.tap("patrol-pause").await;
    page.see_text("patrol-pause", "继续").await;
    page.tap("patrol-end").await;
    let short = page.text("patrol-short").await.unwrap();
    assert!(short.contains("米") && !short.contains('%'), "{short}");
    page.tap("patrol-save").await;
    page.see_text("receipt-text", "平台已收").await;

    let api = Api::sign_in(&server.url(), "hzb-yongji", &server.password).await;
    let rows = api.ledger("patrols").await;
    let row = &rows[3];
    assert_eq!(row[6], "涑水河涑水社区段（演示）");
    assert_eq!(
        (row[10].as_str(), row[12].as_str()),
        ("无河段线", "未见异常")
    );
    assert!(row[13].starts_with("未达"), "{row:?}");
    page.close().await;
}

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
