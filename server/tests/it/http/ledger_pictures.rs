//! Pictures in a ledger: the very bytes that phones sent, in the cells they belong to.

use crate::support::pen::{id_of, jpeg, now, photo, record_of, thumb};
use crate::support::{Client, Pen, TestServer, Workbook};
use calamine::DataType as _;
use domain::access::Scope;
use domain::case::Step;
use domain::entry::{BlobRef, Entry, Kind};
use domain::ids::EntryId;
use domain::record::{Cleanup, Comment, Fields, Finding, Outcome, ProblemCode};
use domain::register::{Day, DeadlineClass, LedgerPeriod, Registers};
use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use std::slice::from_ref;
use uuid::Uuid;
use xunhe_server::blobs::Vault;
use xunhe_server::export::{self, About, Gathered, Heading, Ledger, Limits};
use xunhe_server::store::Store as _;
use xunhe_server::store::sqlite::SqliteStore;

/// A real small copy, told apart by its colour.
fn small(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new(&mut bytes)
        .write_image(&[shade; 32 * 24 * 3], 32, 24, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

/// A picture that can be drawn and is no small copy.
fn huge() -> Vec<u8> {
    let noise = jpeg(7, 480 * 360 * 3);
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90)
        .write_image(&noise, 480, 360, ExtendedColorType::Rgb8)
        .unwrap();
    assert!(
        (257 * 1_024..500_000).contains(&bytes.len()),
        "{}",
        bytes.len()
    );
    bytes
}

/// A photo that never left the phone, and how an entry names its small copy.
fn taken(seed: u8, copy: &[u8]) -> [BlobRef; 2] {
    let original = photo(&jpeg(seed, 2_000));
    let copy = thumb(&original, copy);
    [original, copy]
}

fn write(pen: &mut Pen, fields: &Fields, blobs: &[[BlobRef; 2]]) -> Entry {
    let id = EntryId::new(Uuid::now_v7());
    pen.write(
        id,
        id.as_record(),
        fields.kind(),
        fields.write().unwrap(),
        blobs.concat(),
    )
}

fn cleanup(before: &[[BlobRef; 2]], after: &[[BlobRef; 2]]) -> Fields {
    let originals = |all: &[[BlobRef; 2]]| all.iter().map(|[o, _]| o.sha256).collect();
    Fields::Cleanup(Cleanup {
        rubbish: ProblemCode("LJ-01".to_owned()),
        before: originals(before),
        after: originals(after),
        no_photo_reason: None,
        amount: None,
        outcome: Outcome::FixedOnSpot,
        campaign: None,
        note: None,
    })
}

fn finding(seen: &[BlobRef; 2], outcome: Outcome) -> Fields {
    Fields::Finding(Finding {
        problem: ProblemCode("SL-03".to_owned()),
        photos: vec![seen[0].sha256],
        after: Vec::new(),
        no_photo_reason: None,
        outcome,
        note: None,
    })
}

async fn upload(client: &Client, entry: &Entry, bytes: &[u8]) {
    let reply = client.begin(id_of(entry), bytes, bytes).await;
    client.assert_held(&reply, bytes).await;
}

#[tokio::test]
async fn a_problem_shows_what_it_was_and_what_became_of_it() {
    let server = TestServer::start().await;
    let inspector = server.client("wgy-hejin").await;
    let (desk, handler) = (
        server.client("hzb-hejin").await,
        server.client("zrr-hejin").await,
    );
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    let (seen, done) = (small(40), small(200));
    // One without pictures stands above, so that rows cannot be right by chance.
    inspector.push(&[&pen.handed_up()]).await;
    let before = taken(1, &seen);
    let report = write(&mut pen, &finding(&before, Outcome::HandedUp), &[before]);
    inspector.push(&[&report]).await;
    upload(&inspector, &report, &seen).await;

    let after = taken(2, &done);
    let unit = || "chaijia".parse().unwrap();
    let steps = [
        Step::Accept {
            class: DeadlineClass::SevenDays,
            note: None,
        },
        Step::HandOver {
            lead: unit(),
            assisting: Vec::new(),
            assignee: None,
            due: "2099-12-31".parse().unwrap(),
            demand: None,
        },
        Step::ApplyClosure {
            unit: unit(),
            text: "已清完".to_owned(),
            after: vec![after[0].sha256],
        },
        Step::Close { note: None },
    ];
    let (mut office, mut works) = (Pen::new("hzb-hejin"), Pen::new("zrr-hejin"));
    let mut basis = id_of(&report);
    for step in steps {
        let of_unit = step.unit().is_some();
        let (pen, client) = if of_unit {
            (&mut works, &handler)
        } else {
            (&mut office, &desk)
        };
        pen.basis = Some(basis);
        basis = EntryId::new(Uuid::now_v7());
        let blobs = if of_unit { after.to_vec() } else { Vec::new() };
        let fields = Fields::Step(step).write().unwrap();
        let entry = pen.write(basis, record_of(&report), Kind::Step, fields, blobs);
        client.push(&[&entry]).await;
        if of_unit {
            upload(client, &entry, &done).await;
        }
    }

    let book = Workbook::of(&desk.get("/api/v1/ledgers/problems").await);
    let rows = book.rows();
    assert_eq!(rows.len(), 2);
    let row = &rows[1];
    assert_eq!(row["状态"].to_string(), "已销号");
    assert_eq!(row["整改 整改情况"].to_string(), "已清完");
    assert_eq!(row["销号 复核人"].to_string(), "柴玉梅（演示）");
    assert!(row["整改 办结日期"].is_datetime() && row["销号 日期"].is_datetime());

    let hung = book.hung();
    let places = [("问题 整改前照片", &seen), ("整改 整改后照片", &done)];
    assert_eq!(hung.len(), places.len());
    for (hung, (column, bytes)) in hung.iter().zip(places) {
        let cell = (book.first() + 1, book.column(column));
        assert_eq!(
            (hung.from, hung.to),
            (cell, cell),
            "{column}: inside its cell"
        );
        assert_eq!(hung.bytes, *bytes, "{column}: the very bytes");
    }
    assert_eq!(book.media().len(), 2);

    // Without pictures the cells say how many there are.
    let book = Workbook::of(&desk.get("/api/v1/ledgers/problems?photos=0").await);
    assert_eq!(book.media().len(), 0);
    assert_eq!(book.rows()[1]["问题 整改前照片"].to_string(), "1张");
}

#[tokio::test]
async fn what_cannot_be_shown_is_said() {
    let server = TestServer::start().await;
    let (phone, desk) = (
        server.client("wgy-hejin").await,
        server.client("hzb-hejin").await,
    );
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    let (first, second) = (small(10), small(90));

    // Three taken, the first one's copy lost: the second one's is shown.
    let three = [taken(1, &small(1)), taken(2, &first), taken(3, &small(3))];
    let report = write(&mut pen, &cleanup(&three, &[]), &three);
    phone.push(&[&report]).await;
    upload(&phone, &report, &first).await;
    // Nothing has come yet; on the other side a copy that is no picture.
    let (late, broken) = (taken(4, &small(4)), jpeg(9, 500));
    let bad = taken(5, &broken);
    let report = write(
        &mut pen,
        &cleanup(from_ref(&late), from_ref(&bad)),
        &[late.clone(), bad],
    );
    let [late, _] = late;
    phone.push(&[&report]).await;
    upload(&phone, &report, &broken).await;
    // Somebody else's picture, called a copy of what has not come.
    let mut office = Pen::new("hzb-hejin");
    let forged = small(222);
    let blobs = vec![late.clone(), thumb(&late, &forged)];
    let remark = Fields::Comment(Comment::read("补图").unwrap());
    let id = EntryId::new(Uuid::now_v7());
    let remark = remark.write().unwrap();
    let remark = office.write(id, record_of(&report), Kind::Comment, remark, blobs);
    desk.push(&[&remark]).await;
    upload(&desk, &remark, &forged).await;
    // The original came, and its phone made no copy; what calls itself one is far too large.
    let (whole, huge) = (jpeg(6, 2_000), huge());
    let original = photo(&whole);
    let large = thumb(&original, &huge);
    let fields = cleanup(&[[original.clone(), large.clone()]], &[]);
    let report = write(&mut pen, &fields, &[[original, large]]);
    phone.push(&[&report]).await;
    upload(&phone, &report, &whole).await;
    upload(&phone, &report, &huge).await;
    // Put right on the spot without being a clean-up.
    let seen = taken(8, &second);
    let report = write(&mut pen, &finding(&seen, Outcome::FixedOnSpot), &[seen]);
    phone.push(&[&report]).await;
    upload(&phone, &report, &second).await;

    let book = Workbook::of(&desk.get("/api/v1/ledgers/cleanups").await);
    let rows = book.rows();
    let said = |row: usize| {
        let cell = |name: &str| rows[row][name].to_string();
        [cell("类别"), cell("处理前照片"), cell("处理后照片")]
    };
    assert_eq!(said(0), ["清理", "共3张", ""]);
    assert_eq!(said(1), ["清理", "照片未到", "见平台"]);
    assert_eq!(said(2), ["清理", "见平台", ""]);
    assert_eq!(said(3), ["立行立改", "", ""]);
    let hung: Vec<_> = book
        .hung()
        .into_iter()
        .map(|h| (h.from.0, h.bytes))
        .collect();
    let top = book.first();
    assert_eq!(hung, [(top, first), (top + 3, second)]);
}

#[tokio::test]
async fn a_patrol_sheet_shows_what_was_reported_on_the_way() {
    let server = TestServer::start().await;
    let (chief, desk) = (
        server.client("xz-hejin").await,
        server.client("hzb-hejin").await,
    );
    let mut pen = Pen::new("xz-hejin").on("fh-chaijia");
    pen.post = "chaijia-hz".parse().ok();
    let start = write(
        &mut pen,
        &Fields::PatrolStart(domain::patrol::PatrolStart::default()),
        &[],
    );
    let seen = small(70);
    let before = taken(1, &seen);
    pen.patrol = Some(record_of(&start));
    let report = write(&mut pen, &finding(&before, Outcome::HandedUp), &[before]);
    pen.patrol = None;
    let other = pen.handed_up();
    chief.push(&[&start, &report, &other]).await;
    upload(&chief, &report, &seen).await;

    let path = format!("/api/v1/records/{}/patrol-sheet", record_of(&start));
    let sheet = Workbook::of(&desk.get(&path).await);
    let texts = sheet.texts().concat();
    assert!(texts.contains(&"途中上报：1 件".to_owned()), "{texts:?}");
    assert!(texts.contains(&"待受理".to_owned()), "{texts:?}");
    let hung = sheet.hung();
    assert_eq!(hung.len(), 1);
    assert_eq!((hung[0].from, &hung[0].bytes), (hung[0].to, &seen));
    assert_eq!(
        sheet.texts()[hung[0].from.0][hung[0].from.1],
        "乱堆",
        "what it shows"
    );
}

#[tokio::test]
async fn a_ledger_has_limits_and_says_so() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-hejin").await;
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    let copies: Vec<Vec<u8>> = (1..=3).map(|n| small(n * 60)).collect();
    for (seed, copy) in (1..).zip(&copies) {
        let before = taken(seed, copy);
        let report = write(&mut pen, &cleanup(from_ref(&before), &[]), &[before]);
        phone.push(&[&report]).await;
        upload(&phone, &report, copy).await;
    }
    let data = server.folder.path();
    let store = SqliteStore::open(&data.join("xunhe.sqlite")).await.unwrap();
    let vault = Vault::folder(&data.join("blobs")).unwrap();
    let set = store.registers().await.unwrap().1;
    let registers = Registers::build(set).unwrap();
    let today = Day::in_china(now()).unwrap();
    let about = About {
        registers: &registers,
        period: LedgerPeriod::Month.holding(today).unwrap(),
        now: now(),
    };
    let scope = Scope {
        person: Some(pen.person.clone()),
        ..Scope::default()
    };
    let ledger = Ledger::Cleanups;
    let gather = async |rows| {
        let limits = Limits { rows, pictures: 0 };
        let gathered = export::gather(&store, &scope, ledger, about, None, limits);
        gathered.await.unwrap()
    };
    assert!(matches!(gather(2).await, Gathered::TooMany));
    let Gathered::Rows(rows) = gather(3).await else {
        panic!("three rows are not too many");
    };
    // Room for two pictures and almost a third.
    let bytes: usize = copies.iter().map(Vec::len).sum();
    let limits = Limits {
        rows: 3,
        pictures: bytes as u64 - 1,
    };
    let album = export::album(&vault, &rows, limits).await;
    let heading = Heading {
        ledger,
        unit: "河津市河长制办公室".to_owned(),
        scope: "河津市".to_owned(),
        period: about.period,
        made: about.now,
    };
    let book = Workbook::read(export::write(&heading, rows, album).unwrap());
    let hung: Vec<_> = book.hung().into_iter().map(|h| h.bytes).collect();
    assert_eq!(hung, copies[..2]);
    assert_eq!(book.rows()[2]["处理前照片"].to_string(), "未附");
    assert!(
        book.foot()[0].contains("另有 1 张未附"),
        "{:?}",
        book.foot()
    );
}
