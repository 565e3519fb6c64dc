//! 台账 as Excel opens them.

use crate::support::pen::{id_of, record_of};
use crate::support::{Pen, Reply, TestServer};
use calamine::{Data, Reader, Xlsx};
use domain::case::Step;
use domain::entry::{Entry, Kind};
use domain::ids::EntryId;
use domain::patrol::{Lacking, PatrolFinish, PatrolStart, Tick};
use domain::record::{Fields, Finding, Outcome, ProblemCode};
use domain::register::DeadlineClass;
use std::io::Cursor;
use uuid::Uuid;

/// The cells of the only sheet, row by row.
fn cells(reply: &Reply) -> Vec<Vec<String>> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(reply.body.clone())).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let text = |cell: &Data| cell.to_string();
    range
        .rows()
        .map(|row| row.iter().map(text).collect())
        .collect()
}

fn write(pen: &mut Pen, fields: &Fields) -> Entry {
    let id = EntryId::new(Uuid::now_v7());
    let written = fields.write().unwrap();
    pen.write(id, id.as_record(), fields.kind(), written, Vec::new())
}

fn problem(note: &str) -> Fields {
    Fields::Finding(Finding {
        problem: ProblemCode("SL-03".to_owned()),
        photos: Vec::new(),
        after: Vec::new(),
        no_photo_reason: Some("天黑".to_owned()),
        outcome: Outcome::HandedUp,
        note: Some(note.to_owned()),
    })
}

#[tokio::test]
async fn a_problem_stands_in_its_ledger_with_what_was_done() {
    let server = TestServer::start().await;
    let inspector = server.client("wgy-hejin").await;
    let desk = server.client("hzb-hejin").await;
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    // Whatever a cell begins with, it must stay text.
    let report = write(&mut pen, &problem("=1+1 桥下"));
    let fixed = pen.cleanup(Vec::new());
    inspector.push(&[&report, &fixed]).await;
    let mut pen = Pen::new("hzb-hejin");
    let mut basis = id_of(&report);
    let steps = [
        Step::Accept {
            class: DeadlineClass::SevenDays,
            note: None,
        },
        Step::HandOver {
            lead: "chaijia".parse().unwrap(),
            assisting: vec!["sthj-hejin".parse().unwrap()],
            assignee: None,
            due: "2099-12-31".parse().unwrap(),
            demand: None,
        },
    ];
    for step in steps {
        pen.basis = Some(basis);
        let fields = Fields::Step(step).write().unwrap();
        basis = EntryId::new(Uuid::now_v7());
        let entry = pen.write(basis, record_of(&report), Kind::Step, fields, Vec::new());
        desk.push(&[&entry]).await;
    }

    let ledger = desk.get("/api/v1/ledgers/problems?division=hejin").await;
    assert!(
        ledger
            .header("content-disposition")
            .unwrap()
            .contains(".xlsx")
    );
    let rows = cells(&ledger);
    assert_eq!(rows[0][0], "河湖问题台账");
    assert!(
        rows[1][0].contains("单位：河津市") && rows[1][0].contains("25"),
        "{:?}",
        rows[1]
    );
    assert_eq!(rows[2][..4], ["序号", "编号", "发现时间", "发现人"]);
    assert_eq!(
        rows.len(),
        4,
        "what was done on the spot is no problem: {rows:?}"
    );
    let row = &rows[3];
    assert_eq!(row[0], "1");
    assert!(row[1].starts_with("HEJIN-"), "{row:?}");
    assert_eq!(row[5], "汾河柴家镇段（演示）");
    assert_eq!((row[7].as_str(), row[8].as_str()), ("乱堆", "=1+1 桥下"));
    assert_eq!(
        (row[10].as_str(), row[11].as_str()),
        ("柴家镇人民政府", "市生态环境局河津分局")
    );
    assert_eq!(
        (row[12].as_str(), row[15].as_str(), row[16].as_str()),
        ("2099-12-31", "待签收", "否")
    );

    let rows = cells(&desk.get("/api/v1/ledgers/cleanups").await);
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[3][9], "待整改后照片");

    // Another county's desk has neither in its ledger, and last year's is empty.
    let other = server.client("hzb-yongji").await;
    assert_eq!(cells(&other.get("/api/v1/ledgers/problems").await).len(), 3);
    let past = "/api/v1/ledgers/problems?from=2025-01-01&to=2025-01-31";
    assert_eq!(cells(&desk.get(past).await).len(), 3);
}

#[tokio::test]
async fn a_patrol_stands_in_its_ledger_with_what_is_missing() {
    let server = TestServer::start().await;
    let chief = server.client("xz-hejin").await;
    let mut pen = Pen::new("xz-hejin").on("fh-chaijia");
    pen.post = "chaijia-hz".parse().ok();
    let start = write(&mut pen, &Fields::PatrolStart(PatrolStart::default()));
    let finish = Fields::PatrolFinish(PatrolFinish {
        parts: 0,
        seconds: 540,
        metres: 660,
        percent: None,
        gaps: 1,
        found: vec![Tick::Dumping, Tick::Board],
        rule: Some("demo".to_owned()),
        lacking: Lacking {
            seconds: 660,
            metres: 340,
            percent: 0,
        },
        explanation: Some("河堤施工".to_owned()),
        note: None,
    });
    let id = EntryId::new(Uuid::now_v7());
    let end = pen.write(
        id,
        record_of(&start),
        Kind::PatrolFinish,
        finish.write().unwrap(),
        Vec::new(),
    );
    let answer = chief.push(&[&start, &end]).await;
    assert!(
        answer.results.iter().all(|r| r.reason.is_none()),
        "{answer:?}"
    );
    let desk = server.client("hzb-hejin").await;
    let rows = cells(&desk.get("/api/v1/ledgers/patrols").await);
    let row = &rows[3];
    assert_eq!(row[4], "柴家镇级河长（乡级）");
    assert_eq!(
        row[7..12],
        [
            "9",
            "660",
            "无河段线",
            "乱堆、公示牌缺损",
            "未达（差340米、11分钟）"
        ]
    );
    assert_eq!(row[12], "河堤施工");

    // 巡河记录表: the same patrol on a page of its own.
    let path = format!("/api/v1/records/{}/patrol-sheet", record_of(&start));
    let form: Vec<String> = cells(&desk.get(&path).await).concat();
    let after = |name: &str| {
        let at = form.iter().position(|c| c == name).unwrap();
        form[at + 1].as_str()
    };
    assert_eq!(form[0], "巡河记录表");
    assert_eq!(after("岗位"), "柴家镇级河长（乡级）");
    assert_eq!((after("里程"), after("占河段")), ("660 米", "无河段线"));
    assert_eq!((after("乱堆"), after("乱采")), ("√ 发现", "未见异常"));
    assert_eq!(after("说明"), "河堤施工");
    let other = server.client("hzb-yongji").await;
    assert_eq!(other.get(&path).await.status, 404, "another county's");

    // What a supervisor ruled stands in both.
    let mut pen = Pen::new("hzb-hejin");
    let ruled = pen.ruling(record_of(&start), false, "轨迹是乘车的");
    desk.push(&[&ruled]).await;
    let rows = cells(&desk.get("/api/v1/ledgers/patrols").await);
    assert_eq!(rows[3][11], "不予计次：轨迹是乘车的");
    let form: Vec<String> = cells(&desk.get(&path).await).concat();
    assert!(form.iter().any(|c| c == "不予计次：轨迹是乘车的"));
}

#[tokio::test]
async fn a_ledger_that_is_none_and_days_that_are_none_are_said() {
    let server = TestServer::start().await;
    let desk = server.client("hzb-hejin").await;
    let said = desk.get("/api/v1/ledgers/poems").await.said();
    assert_eq!(said, (404, "not_found".to_owned()));
    let reversed = desk
        .get("/api/v1/ledgers/problems?from=2026-02-01&to=2026-01-01")
        .await;
    assert_eq!(reversed.said(), (400, "period_reversed".to_owned()));
    assert_eq!(
        desk.get("/api/v1/ledgers/problems?from=yesterday")
            .await
            .status,
        400
    );
    assert_eq!(
        server
            .stranger()
            .get("/api/v1/ledgers/problems")
            .await
            .status,
        401
    );
}
