//! Every screen by the rules of WCAG 2.2 AA, as axe finds them, in each of the three looks.

use crate::{steps, walk};
use domain::case::Step;
use domain::register::{Day, DeadlineClass, UnitId};
use tempfile::TempDir;
use xunhe_tests::browser::{DESK, PHONE, Phone};
use xunhe_tests::page::Page;
use xunhe_tests::pen::{self, Pen, Where};
use xunhe_tests::photos;
use xunhe_tests::server::Server;

/// 普通, 大字版, 强光模式: the switch to touch before, if any.
const LOOKS: [Option<&str>; 3] = [None, Some("large"), Some("sunlight")];

async fn check(page: &Page, screen: &str, look: Option<&str>) {
    let found = page.violations().await;
    assert!(found.is_empty(), "{screen}, {look:?}: {found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_of_the_phone_can_be_used_by_everybody() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    page.goto(&server.url()).await;
    page.see("sign-in-submit").await;
    check(&page, "sign-in", None).await;
    // The check itself: a picture without words is found.
    page.run("const i = new Image(); i.src = '/icons/icon-192.png'; i.id = 'mute'; document.body.append(i);")
        .await;
    let found = page.violations().await;
    assert!(
        found.iter().any(|v| v.starts_with("image-alt")),
        "{found:?}"
    );
    page.run("document.getElementById('mute').remove()").await;
    steps::arrive(&page, &server, "xz-hejin").await;
    steps::record_cleanup(&page, &[&photo], &[&photo]).await;
    page.see_text("receipt-photo", "照片已收 1/1").await;
    check(&page, "saved", None).await;
    page.tap("saved-home").await;
    for look in LOOKS {
        page.tap("tab-settings").await;
        if let Some(switch) = look {
            page.tap(switch).await;
        }
        check(&page, "settings", look).await;
        page.tap("tab-outbox").await;
        page.see("outbox-row").await;
        check(&page, "outbox", look).await;
        page.tap("outbox-row").await;
        page.see("proof").await;
        page.tap("proof").await;
        check(&page, "record", look).await;
        page.tap("back").await;
        page.tap("tab-home").await;
        check(&page, "home", look).await;
        page.tap("home-outfalls").await;
        page.see("outfall-row").await;
        check(&page, "outfalls", look).await;
        page.tap("outfall-row").await;
        page.see("outfall-card").await;
        check(&page, "outfall", look).await;
        page.tap("back").await;
        page.tap("back").await;
        page.tap("home-discharge").await;
        page.see("save").await;
        page.tap("save").await;
        page.see("field-error").await;
        check(&page, "discharge with errors", look).await;
        page.tap("back").await;
        page.tap("home-patrol").await;
        page.see("patrol-lacking").await;
        check(&page, "patrol", look).await;
        page.tap("patrol-dark").await;
        page.see("dark").await;
        check(&page, "patrol, dark", look).await;
        page.tap("dark").await;
        page.tap("patrol-end").await;
        page.see("patrol-short").await;
        check(&page, "patrol's end", look).await;
        page.tap("patrol-not-yet").await;
        page.tap("back").await;
        if let Some(switch) = look {
            page.tap("tab-settings").await;
            page.tap(switch).await;
        }
    }
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_of_a_case_can_be_used_by_everybody() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path());
    urged_case(&server).await;
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive_as(&page, &server, "zrr-hejin", "责任人").await;
    page.see_text("home-tasks", "1 件要办").await;
    for look in LOOKS {
        page.tap("tab-settings").await;
        if let Some(switch) = look {
            page.tap(switch).await;
        }
        page.tap("tab-home").await;
        page.see_text("home-tasks", "1 件要办").await;
        check(&page, "home with tasks", look).await;
        page.tap("home-tasks").await;
        page.see("task-row").await;
        check(&page, "tasks", look).await;
        page.tap("task-row").await;
        // Every form of the case open at once, one of them with an error.
        for form in ["step-answer", "step-return", "step-ask-extension"] {
            page.tap(form).await;
            page.see(&format!("{form}-send")).await;
        }
        page.tap("step-return-send").await;
        page.see("step-wrong").await;
        check(&page, "case with its forms", look).await;
        page.tap("step-progress").await;
        page.see("save").await;
        check(&page, "progress", look).await;
        page.tap("back").await;
        page.tap("step-apply-closure").await;
        page.tap("save").await;
        page.see("field-error").await;
        check(&page, "closure with an error", look).await;
        page.tap("back").await;
        page.tap("back").await;
        if let Some(switch) = look {
            page.tap("tab-settings").await;
            page.tap(switch).await;
        }
    }
    page.close().await;
}

/// A case that was handed over, signed for and urged.
async fn urged_case(server: &Server) {
    let (url, password) = (server.url(), &server.password);
    let mut reporter = Pen::of(&url, "wgy-hejin", password).await;
    let mut desk = Pen::of(&url, "hzb-hejin", password).await;
    let mut unit = Pen::of(&url, "zrr-hejin", password).await;
    let lead: UnitId = "chaijia".parse().unwrap();
    let today = Day::in_china(pen::now()).unwrap();
    let place = Where {
        reach: "fh-chaijia".parse().ok(),
        division: "hejin-102".parse().ok(),
        fix: Some(walk::FENHE),
    };
    let report = reporter.problem("SL-03", place);
    reporter.send().await;
    let case = report.as_record();
    let accept = Step::Accept {
        class: DeadlineClass::SevenDays,
        note: None,
    };
    let hand_over = Step::HandOver {
        lead: lead.clone(),
        assisting: Vec::new(),
        assignee: None,
        due: today.plus_days(7).unwrap(),
        demand: Some("三日内清理完毕".to_owned()),
    };
    let accepted = desk.step(case, report, &accept);
    let handed = desk.step(case, accepted, &hand_over);
    desk.send().await;
    let signed = unit.step(case, handed, &Step::Sign { unit: lead.clone() });
    unit.send().await;
    let urge = Step::Urge {
        unit: lead,
        text: "请报进展".to_owned(),
    };
    desk.step(case, signed, &urge);
    desk.send().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_of_the_desk_can_be_used_by_everybody() {
    let (data, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = Server::start(data.path());
    let photo = photos::jpeg(files.path(), "photo.jpg", 2);
    let phone = Phone::new(PHONE);
    let page = phone.open().await;
    steps::arrive(&page, &server, "wgy-hejin").await;
    page.tap("home-discharge").await;
    page.tap("kind-PW-01").await;
    page.choose("photo-before", &photo.path).await;
    page.see_count("photo-tile", 1).await;
    page.tap("save").await;
    page.see_text("receipt-photo", "照片已收 1/1").await;
    page.close().await;

    let desk = Phone::new(DESK);
    let page = desk.open().await;
    page.goto(&format!("{}/console/", server.url())).await;
    page.see("sign-in-submit").await;
    check(&page, "sign-in", None).await;
    steps::sign_in(&page, &server, "hzb-hejin").await;
    page.see("console-row").await;
    page.see_text("queue-record", "待受理").await;
    page.until_true("the ground of the map is drawn", MAP_DRAWN)
        .await;
    check(&page, "queue with map and record", None).await;
    page.key("?").await;
    page.see_text("keys", "销号").await;
    page.tap("desk-ledgers").await;
    page.see("ledger-problems").await;
    check(&page, "ledgers", None).await;
    page.driver().back().await.unwrap();
    page.tap("desk-quarantine").await;
    page.until_true("nothing waits", "return !!document.querySelector('.empty')")
        .await;
    check(&page, "quarantine, empty", None).await;
    page.driver().back().await.unwrap();
    page.tap("desk-phones").await;
    page.see("silent-person").await;
    check(&page, "silent phones", None).await;
    page.driver().back().await.unwrap();
    page.tap("desk-imports").await;
    page.see("import-choose").await;
    check(&page, "imports", None).await;
    page.driver().back().await.unwrap();
    page.tap("console-open").await;
    page.see_text("case-stage", "待受理").await;
    check(&page, "record", None).await;
    page.tap("step-accept").await;
    page.tap("step-accept-send").await;
    page.see_text("case-stage", "待交办").await;
    page.tap("step-hand-over").await;
    page.tap("step-hand-over-send").await;
    page.see_text("step-wrong", "还有没选的").await;
    check(&page, "hand-over with an error", None).await;
    page.close().await;
}

const MAP_DRAWN: &str = "return !!document.querySelector('river-map canvas')";
