//! For which days a ledger is: by the setting of the office, the server's clock, and what came
//! late.

use super::ledgers::{problem, write};
use crate::support::pen::{now, record_of};
use crate::support::{Pen, TestServer, Workbook};
use domain::register::{Closing, Day, DivisionId, LedgerPeriod, Period};
use domain::time::WallMs;
use domain::wire::LedgerPeriods;

fn today() -> Day {
    Day::in_china(now()).unwrap()
}

#[tokio::test]
async fn each_office_has_its_own_period() {
    let server = TestServer::start().await;
    let (hejin, yanhu, city) = (
        server.client("hzb-hejin").await,
        server.client("hzb-yanhu").await,
        server.client("hzb-yc").await,
    );
    let [to_25th, month] = [LedgerPeriod::ToThe25th, LedgerPeriod::Month];
    for (client, asked, division, kind) in [
        (&hejin, "", Some("hejin"), to_25th),
        (&yanhu, "", Some("yanhu"), month),
        (&city, "", Some("yc"), to_25th),
        (&city, "?division=yanhu", Some("yanhu"), month),
        (&city, "?division=yanhu-102", Some("yanhu-102"), month),
        (&city, "?division=yongji", Some("yongji"), to_25th),
    ] {
        let said: LedgerPeriods = client.get(&format!("/api/v1/ledgers{asked}")).await.json();
        assert_eq!(said.division.as_ref().map(DivisionId::as_str), division);
        assert_eq!(said.today, today());
        assert_eq!(Some(said.now), kind.holding(today()), "{division:?}");
        assert_eq!(Some(said.before), kind.before(said.now));
        // What the ledger itself takes when no days are named, and what the desk says of it.
        let ledger = client.get(&format!("/api/v1/ledgers/patrols{asked}")).await;
        let Period { from, to } = said.now;
        let line = &Workbook::of(&ledger).texts()[1][0];
        assert!(line.contains(&format!("期间：{from} 至 {to}")), "{line}");
        let left = said.today.days_until(to);
        let soon = matches!(Closing::on(said.today, said.now), Closing::Soon(_));
        assert_eq!(soon, left <= 5);
    }
    let stranger = server.stranger().get("/api/v1/ledgers").await;
    assert_eq!(stranger.said(), (401, "sign_in_required".to_owned()));
}

#[tokio::test]
async fn what_was_recorded_before_the_period_is_marked_to_the_millisecond() {
    let server = TestServer::start().await;
    for (inspector, desk, reach) in [
        ("wgy-hejin", "hzb-hejin", "fh-chaijia"),
        ("wgy-yanhu", "hzb-yanhu", "ssh-beixiang"),
    ] {
        let (phone, desk) = (server.client(inspector).await, server.client(desk).await);
        let said: LedgerPeriods = desk.get("/api/v1/ledgers").await.json();
        let begins = said.now.from.begins();
        let mut pen = Pen::new(inspector).on(reach);
        pen.clock = Some(WallMs(begins.0 - 1));
        let late = pen.handed_up();
        pen.clock = Some(begins);
        let fresh = pen.handed_up();
        phone.push(&[&late, &fresh]).await;

        let book = Workbook::of(&desk.get("/api/v1/ledgers/problems").await);
        let line = &book.texts()[1][0];
        assert!(line.contains("共 2 条，其中补报 1 条"), "{line}");
        let mut marked: Vec<String> = book.rows().iter().map(|r| r["备注"].to_string()).collect();
        marked.sort();
        assert_eq!(marked, ["", "补报"], "{}", record_of(&late));

        // It was recorded in the days before, and those are not opened again.
        let Period { from, to } = said.before;
        let path = format!("/api/v1/ledgers/problems?from={from}&to={to}");
        assert!(Workbook::of(&desk.get(&path).await).rows().is_empty());
    }
}

#[tokio::test]
async fn one_strange_record_costs_nobody_the_ledger() {
    let server = TestServer::start().await;
    let (phone, desk) = (
        server.client("wgy-hejin").await,
        server.client("hzb-hejin").await,
    );
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    for note in [
        "\u{0}\u{1b}[31m\u{FFFF}红",
        &"长".repeat(40_000),
        "_x0041_<b>&amp;",
    ] {
        let report = write(&mut pen, &problem(note));
        phone.push(&[&report]).await;
    }
    // A phone whose battery was out for years.
    pen.clock = Some(WallMs(-3_000_000_000_000));
    phone.push(&[&pen.handed_up()]).await;
    let book = Workbook::of(&desk.get("/api/v1/ledgers/problems").await);
    let rows = book.rows();
    let said: Vec<String> = rows.iter().map(|r| r["问题 描述"].to_string()).collect();
    assert_eq!(said[0], "[31m红");
    assert!(said[1].ends_with("（全文见平台）") && said[1].chars().count() < 1_100);
    assert_eq!(said[2], "_x0041_<b>&amp;");
    assert_eq!(rows[3]["发现 日期"].to_string(), "1874-12-08");
}
