//! 台账 as Excel opens them.

use crate::support::pen::{id_of, now, record_of};
use crate::support::{Pen, TestServer, Workbook};
use calamine::{Data, DataType as _};
use domain::case::Step;
use domain::entry::{Entry, Kind};
use domain::ids::EntryId;
use domain::patrol::{Lacking, PatrolFinish, PatrolStart, Tick};
use domain::record::{Fields, Finding, Outcome, ProblemCode};
use domain::register::{Day, DeadlineClass};
use uuid::Uuid;

pub(super) fn write(pen: &mut Pen, fields: &Fields) -> Entry {
    let id = EntryId::new(Uuid::now_v7());
    let written = fields.write().unwrap();
    pen.write(id, id.as_record(), fields.kind(), written, Vec::new())
}

pub(super) fn problem(note: &str) -> Fields {
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
            assignee: "zrr-hejin".parse().ok(),
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
    let book = Workbook::of(&ledger);
    let texts = book.texts();
    assert_eq!(texts[0][0], "河湖问题台账");
    for said in [
        "填报单位：河津市河长制办公室",
        "范围：河津市",
        "-25　　共 1 条，其中补报 0 条",
    ] {
        assert!(texts[1][0].contains(said), "{}", texts[1][0]);
    }
    let rows = book.rows();
    assert_eq!(
        rows.len(),
        1,
        "what was done on the spot is no problem: {texts:?}"
    );
    let row = &rows[0];
    assert_eq!(row["序号"], Data::Float(1.0));
    assert!(row["编号"].to_string().starts_with("HEJIN-"), "{row:?}");
    for (name, words) in [
        ("发现 河段、区划", "汾河柴家镇段（演示）\n柴家镇"),
        ("问题 类型", "乱堆"),
        ("问题 描述", "=1+1 桥下"),
        ("问题 整改前照片", "无：天黑"),
        ("交办 牵头单位", "柴家镇人民政府"),
        ("交办 配合单位", "市生态环境局河津分局"),
        ("交办 承办人", "任建平（演示）"),
        ("状态", "待签收"),
        ("备注", ""),
    ] {
        assert_eq!(row[name].to_string(), words, "{name}");
    }
    // Excel sums and sorts what is a number or a day.
    assert_eq!(row["超期天数"], Data::Float(0.0));
    assert_eq!(row["期限 延期次数"], Data::Float(0.0));
    for name in ["期限 首次期限", "期限 现期限"] {
        let due = serial("2099-12-31".parse().unwrap());
        assert_eq!(day(&row[name]), Some(due), "{name}");
    }
    assert!(day(&row["发现 日期"]).is_some() && day(&row["交办 日期"]).is_some());
    assert_eq!(row["销号 日期"], Data::Empty);
    let foot = book.foot();
    assert!(foot[0].starts_with("注："), "{foot:?}");
    assert!(
        foot[1].contains("填报人") && foot[1].contains("审核人"),
        "{foot:?}"
    );
    let page = book.part("xl/worksheets/sheet1.xml");
    let landscape = "<pageSetup paperSize=\"9\" fitToHeight=\"0\" orientation=\"landscape\"";
    assert!(
        page.contains(landscape) && page.contains(FITS),
        "one page wide: {page}"
    );
    assert!(page.contains("ySplit=\"4\"") && page.contains("第 &amp;P 页，共 &amp;N 页"));
    let names = book.part("xl/workbook.xml");
    assert!(
        names.contains("_xlnm.Print_Titles") && names.contains("$3:$4"),
        "{names}"
    );

    let book = Workbook::of(&desk.get("/api/v1/ledgers/cleanups").await);
    assert_eq!(book.rows().len(), 1);
    assert_eq!(book.rows()[0]["处理情况"].to_string(), "待整改后照片");

    // Another county's desk has neither in its ledger, and last year's is empty.
    let other = server.client("hzb-yongji").await;
    let path = "/api/v1/ledgers/problems";
    assert!(Workbook::of(&other.get(path).await).rows().is_empty());
    let past = format!("{path}?from=2025-01-01&to=2025-01-31");
    let past = Workbook::of(&desk.get(&past).await);
    assert!(past.rows().is_empty() && past.foot()[1].contains("填报人"));
}

/// Fits a page each way, unless told otherwise.
const FITS: &str = "<pageSetUpPr fitToPage=\"1\"/>";

/// A day as Excel counts it.
fn serial(day: Day) -> f64 {
    let zero: Day = "1899-12-30".parse().unwrap();
    f64::from(i32::try_from(zero.days_until(day)).unwrap())
}

/// The day in a cell, as Excel counts it.
fn day(cell: &Data) -> Option<f64> {
    let serial = cell.get_datetime()?.as_f64();
    Some(serial).filter(|s| s.fract() == 0.0)
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
    let rows = Workbook::of(&desk.get("/api/v1/ledgers/patrols").await).rows();
    let row = &rows[0];
    for (name, words) in [
        ("岗位", "柴家镇级河长（乡级）"),
        ("占河段（%）", "无河段线"),
        ("发现情况", "乱堆、公示牌缺损"),
        ("是否达到要求", "未达（差340米、11分钟）"),
        ("说明", "河堤施工"),
    ] {
        assert_eq!(row[name].to_string(), words, "{name}");
    }
    for (name, number) in [
        ("定位时长（分钟）", 9.0),
        ("里程（米）", 660.0),
        ("轨迹中断（次）", 1.0),
    ] {
        assert_eq!(row[name], Data::Float(number), "{name}");
    }
    assert!(row["开始时间"].is_datetime() && row["结束时间"].is_datetime());

    // 巡河记录表: the same patrol on a page of its own.
    let path = format!("/api/v1/records/{}/patrol-sheet", record_of(&start));
    let sheet = Workbook::of(&desk.get(&path).await);
    let form: Vec<String> = sheet.texts().concat();
    let after = |name: &str| {
        let at = form.iter().position(|c| c == name).unwrap();
        form[at + 1].as_str()
    };
    assert_eq!(form[0], "巡河记录表");
    assert_eq!(after("岗位"), "柴家镇级河长（乡级）");
    assert_eq!(
        (after("里程（米）"), after("占河段（%）")),
        ("660", "无河段线")
    );
    assert!(form.contains(&"途中上报：无".to_owned()));
    assert_eq!((after("乱堆"), after("乱采")), ("√ 发现", "未见异常"));
    assert_eq!(after("说明"), "河堤施工");
    let page = sheet.part("xl/worksheets/sheet1.xml");
    let portrait = "<pageSetup paperSize=\"9\" orientation=\"portrait\"";
    assert!(
        page.contains(portrait) && page.contains(FITS),
        "one page: {page}"
    );
    let other = server.client("hzb-yongji").await;
    assert_eq!(other.get(&path).await.status, 404, "another county's");

    // What a supervisor ruled stands in both.
    let mut pen = Pen::new("hzb-hejin");
    let ruled = pen.ruling(record_of(&start), false, "轨迹是乘车的");
    desk.push(&[&ruled]).await;
    let ledger = Workbook::of(&desk.get("/api/v1/ledgers/patrols").await);
    assert_eq!(
        ledger.rows()[0]["是否达到要求"].to_string(),
        "不予计次：轨迹是乘车的"
    );
    let form: Vec<String> = Workbook::of(&desk.get(&path).await).texts().concat();
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

#[tokio::test]
async fn days_over_are_counted_to_the_day_on_which_the_unit_was_done() {
    let server = TestServer::start().await;
    let inspector = server.client("wgy-hejin").await;
    let (desk, handler) = (
        server.client("hzb-hejin").await,
        server.client("zrr-hejin").await,
    );
    let today = Day::in_china(now()).unwrap();
    let ago = |days: i64| today.plus_days(-days).unwrap();
    let unit = || "chaijia".parse().unwrap();
    let applies = || Step::ApplyClosure {
        unit: unit(),
        text: "已清完".to_owned(),
        after: Vec::new(),
    };
    let redo = || Step::Redo {
        reason: "没清干净".to_owned(),
        due: None,
    };
    let mut reports = Pen::new("wgy-hejin").on("fh-chaijia");
    // Due when, what follows with the device's day; the days over and the day on which it was
    // done, days ago.
    let cases = [
        (3, vec![], 3.0, None),
        (0, vec![], 0.0, None),
        (3, vec![(applies(), 3)], 0.0, Some(3)),
        (3, vec![(applies(), 1)], 2.0, Some(1)),
        (3, vec![(applies(), 3), (redo(), 0)], 3.0, None),
    ];
    for (due, then, ..) in &cases {
        let report = reports.handed_up();
        inspector.push(&[&report]).await;
        let begins = [
            Step::Accept {
                class: DeadlineClass::SevenDays,
                note: None,
            },
            Step::HandOver {
                lead: unit(),
                assisting: Vec::new(),
                assignee: None,
                due: ago(*due),
                demand: None,
            },
        ];
        let begins = begins.into_iter().map(|step| (step, 5));
        let (mut office, mut works) = (Pen::new("hzb-hejin"), Pen::new("zrr-hejin"));
        let mut basis = id_of(&report);
        for (step, days) in begins.chain(then.iter().cloned()) {
            let (pen, client) = match step.unit() {
                Some(_) => (&mut works, &handler),
                None => (&mut office, &desk),
            };
            pen.basis = Some(basis);
            pen.clock = Some(ago(days).begins());
            let entry = pen.step(record_of(&report), &step);
            basis = id_of(&entry);
            client.push(&[&entry]).await;
        }
    }
    let rows = Workbook::of(&desk.get("/api/v1/ledgers/problems").await).rows();
    for (row, (due, then, over, done)) in rows.iter().zip(&cases) {
        assert_eq!(row["超期天数"], Data::Float(*over), "due {due}, {then:?}");
        let wanted = done.map(|days| serial(ago(days)));
        assert_eq!(day(&row["整改 办结日期"]), wanted, "{then:?}");
    }
    assert_eq!(rows.len(), cases.len());
}
