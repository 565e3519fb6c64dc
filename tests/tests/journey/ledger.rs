//! 台账 from the desk: for which days, and the file that Excel opens.

use crate::steps::{self, INSPECTOR, SUPERVISOR};
use domain::register::{Day, LedgerPeriod, Period};
use domain::time::WallMs;
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::ledger::cells;
use xunhe_tests::photos;
use xunhe_tests::server::Server;

fn today() -> Day {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = WallMs(i64::try_from(since.as_millis()).unwrap());
    Day::in_china(now).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_takes_its_ledger_with_the_pictures() {
    let [data, files, saved] = [(); 3].map(|()| TempDir::new().unwrap());
    let mut server = Server::start(data.path());
    let before = photos::jpeg(files.path(), "before.jpg", 2);
    let after = photos::jpeg(files.path(), "after.jpg", 3);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, INSPECTOR).await;
    steps::record_cleanup(&page, &[&before], &[&after]).await;
    page.see_text("receipt-photo", "照片已收 2/2").await;
    page.close().await;

    let desk = Phone::new(DESK);
    let page = desk.open().await;
    page.save_files_to(saved.path()).await;
    page.goto(&format!("{}/console/ledgers", server.url()))
        .await;
    steps::sign_in(&page, &server, SUPERVISOR).await;
    page.tap("desk-ledgers").await;
    let kind = LedgerPeriod::ToThe25th;
    let now = kind.holding(today()).unwrap();
    let said = |Period { from, to }| format!("{from} 至 {to}");
    page.see_text("ledger-period", &said(now)).await;
    page.see_text("ledger-closing", "截止").await;
    page.tap("ledger-cleanups").await;
    page.see_text("ledger-taken", "清理台账").await;
    let name = format!("清理台账{}至{}.xlsx", now.from, now.to);
    let bytes = page.saved_file(&saved.path().join(name)).await;
    // What the phone made small, before and after.
    for picture in ["xl/media/image1.jpeg", "xl/media/image2.jpeg"] {
        let named = bytes.windows(picture.len());
        assert!(
            named.into_iter().any(|w| w == picture.as_bytes()),
            "{picture}"
        );
    }
    let cells = cells(bytes);
    assert!(
        cells[1][0].contains("填报单位：永济市河长制办公室"),
        "{:?}",
        cells[1]
    );
    assert_eq!(cells[3][9], "垃圾堆放");

    // 盐湖 hands in by months; last month is a touch away.
    page.select("ledger-division", "yanhu").await;
    let month = LedgerPeriod::Month.holding(today()).unwrap();
    page.see_text("ledger-period", &said(month)).await;
    page.tap("ledger-before").await;
    let last = LedgerPeriod::Month.before(month).unwrap();
    page.see_text("ledger-period", &said(last)).await;

    // Days of one's own begin as those; none that run backwards are asked for.
    page.tap("ledger-free").await;
    page.set("ledger-to", &month.to.to_string()).await;
    let both = Period {
        from: last.from,
        to: month.to,
    };
    page.see_text("ledger-period", &said(both)).await;
    page.set("ledger-to", "2020-01-01").await;
    page.see("ledger-wrong").await;
    let off = "return document.querySelector(\"[data-testid='ledger-patrols']\").disabled";
    page.until_true("nothing can be asked for", off).await;

    // A slow line shows that something is under way, and can be given up.
    page.tap("ledger-now").await;
    page.delay(60_000).await;
    page.tap("ledger-problems").await;
    page.see_text("ledger-making", "问题台账").await;
    page.until_true("one at a time", off).await;
    page.tap("ledger-cancel").await;
    page.see_count("ledger-making", 0).await;
    page.delay(0).await;

    // Without the server it says so, and the page goes on.
    server.kill();
    page.tap("ledger-patrols").await;
    page.see_text("ledger-failed", "没有导出").await;
    server.restart();
    page.tap("ledger-patrols").await;
    page.see_text("ledger-taken", "巡河台账").await;
    page.close().await;
}
