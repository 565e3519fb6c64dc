//! More would leave the phone than goes without a word: it asks, and goes when the person says so.

use crate::steps;
use std::path::Path;
use tempfile::TempDir;
use xunhe_tests::browser::{PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::pen::{Pen, Where};
use xunhe_tests::server::Server;

/// A township's river chief, and the inspector of the same reach.
const CHIEF: &str = "xz-hejin";
const REPORTER: &str = "wgy-hejin";

/// More than go without a word.
const MANY: usize = 105;

/// How many entries the person's store holds.
async fn holds(page: &Page, wanted: usize) {
    let script = format!(
        "const name = 'xunhe-person-{CHIEF}'; const open = indexedDB.open(name);
         open.onsuccess = () => {{ const db = open.result;
             const count = db.transaction('entry').objectStore('entry').count();
             count.onsuccess = () => {{ db.close(); done(count.result === {wanted}); }}; }};"
    );
    page.until_true_soon(&format!("{wanted} entries are on the phone"), &script)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_others_leave_only_when_the_person_says_so() {
    let data = TempDir::new().unwrap();
    let mut server = Server::start(data.path());
    let mut pen = Pen::of(&server.url(), REPORTER, &server.password).await;
    for _ in 0..MANY {
        let place = Where {
            reach: "fh-chaijia".parse().ok(),
            ..Where::default()
        };
        pen.problem("SL-03", place);
    }
    pen.send().await;
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    page.goto(&server.url()).await;
    steps::sign_in(&page, &server, CHIEF).await;
    page.see("home-cleanup").await;
    holds(&page, MANY).await;

    // By mistake the registers say that this person has no post any more.
    server.kill();
    steps::end_posts(data.path(), CHIEF);
    server.restart();
    page.tap("tab-outbox").await;
    page.tap("sync-now").await;
    page.tap("tab-home").await;
    page.see_text("leaving", "105 条别人的记录").await;
    if let Some(shots) = std::env::var_os("XUNHE_SHOTS") {
        page.screenshot(&Path::new(&shots).join("leaving.png"))
            .await;
    }
    let found = page.violations().await;
    assert!(found.is_empty(), "{found:#?}");
    holds(&page, MANY).await;
    page.tap("leaving-allow").await;
    page.see_count("leaving", 0).await;
    holds(&page, 0).await;
    page.close().await;
}
