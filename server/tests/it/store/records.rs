use super::kit::{Kit, Said};
use crate::support::Pen;
use crate::support::pen::{id_of, jpeg, now, photo, record_of};
use domain::access::{PathRange, Scope};
use domain::case::{Stage, Step, Verdict};
use domain::entry::Entry;
use domain::ids::EntryId;
use domain::record::Fields;
use domain::register::DeadlineClass;
use domain::wire::RecordFilter;
use uuid::Uuid;
use xunhe_server::store::{Batch, HeldBlobRow, MapLayer, Search};

fn own(pen: &Pen) -> Scope {
    Scope {
        person: Some(pen.person.clone()),
        ..Scope::default()
    }
}

pub(super) async fn a_record_is_folded_as_on_the_phone(kit: Kit) {
    let mut pen = Pen::new("wgy-yongji");
    let report = pen.cleanup(vec![]);
    let record = record_of(&report);
    let second = pen.version(EntryId::new(Uuid::now_v7()), record, vec![]);
    let remark = pen.comment(record, "已转告");
    kit.take(&[&report, &second, &remark]).await;
    let stored = kit.store.record(record).await.unwrap().unwrap();
    let checked: Vec<_> = stored
        .entries
        .iter()
        .map(|e| e.entry.clone().check().unwrap())
        .collect();
    let folded = domain::record::fold(record, &checked).unwrap();
    let current = &folded.current().unwrap().fields;
    let row = &stored.row;
    assert_eq!((row.versions, row.comments), (2, 1));
    assert_eq!(
        row.problem.as_deref(),
        current.problem().map(|p| p.0.as_str())
    );
    assert_eq!(
        row.outcome.as_deref(),
        current.outcome().map(domain::record::Outcome::as_str)
    );
    assert_eq!(row.words.as_deref(), Fields::words(current));
    assert!(!row.quarantined);
}

pub(super) async fn scope_is_a_subtree_not_a_prefix(kit: Kit) {
    let [(here, shard), (there, _)] = kit.two_places();
    let mut pen = Pen::new("wgy-yongji").on(&here);
    let mine = pen.cleanup(vec![]);
    pen.reach = Some(there.parse().unwrap());
    let other = pen.cleanup(vec![]);
    kit.take(&[&mine, &other]).await;
    let list = async |scope: Scope, filter: RecordFilter| {
        let page = kit
            .store
            .records(&scope, &filter, &Search::default())
            .await
            .unwrap();
        assert_eq!(page.total, page.rows.len() as u64);
        let mut ids: Vec<_> = page.rows.into_iter().map(|r| r.record_id).collect();
        ids.sort();
        ids
    };
    let sorted = |entries: &[&Entry]| {
        let mut ids: Vec<_> = entries.iter().map(|e| record_of(e)).collect();
        ids.sort();
        ids
    };
    let path = kit.rules.0.tree().path(&shard).unwrap();
    let (from, to) = path.range();
    let ranges = vec![PathRange {
        from: from.to_owned(),
        to,
    }];
    let county = Scope {
        ranges,
        ..Scope::default()
    };
    assert_eq!(
        list(county, RecordFilter::default()).await,
        sorted(&[&mine])
    );
    assert_eq!(
        list(own(&pen), RecordFilter::default()).await,
        sorted(&[&mine, &other])
    );
    assert_eq!(list(Scope::default(), RecordFilter::default()).await, []);
    let reaches = [there.parse().unwrap()].into();
    let reach = Scope {
        reaches,
        ..Scope::default()
    };
    assert_eq!(
        list(reach, RecordFilter::default()).await,
        sorted(&[&other])
    );
    let division = RecordFilter {
        division: Some(shard),
        ..RecordFilter::default()
    };
    assert_eq!(list(own(&pen), division).await, sorted(&[&mine]));
    let kind = RecordFilter {
        kind: Some("finding".to_owned()),
        ..RecordFilter::default()
    };
    assert_eq!(list(own(&pen), kind).await, []);
    let stranger = Scope {
        person: Some("wgy-hejin".parse().unwrap()),
        ..Scope::default()
    };
    assert_eq!(list(stranger, RecordFilter::default()).await, []);
}

pub(super) async fn blobs_count_only_for_who_delivered_them(kit: Kit) {
    let bytes = jpeg(1, 1_000);
    let blob = photo(&bytes);
    let (mut mine, mut theirs) = (Pen::new("wgy-yongji"), Pen::new("wgy2-yongji"));
    let (one, two) = (
        mine.cleanup(vec![blob.clone()]),
        theirs.cleanup(vec![blob.clone()]),
    );
    let held = kit.take(&[&one, &two]).await;
    assert_eq!(held[0].missing, [blob.sha256]);
    let row = HeldBlobRow {
        sha256: blob.sha256,
        person: mine.person.clone(),
        size: blob.size,
        media_type: "image/jpeg".to_owned(),
        erasures: 0,
        upload: None,
    };
    let batch = Batch {
        blobs: vec![row.clone(), row],
        now: now(),
        ..Batch::default()
    };
    kit.store.ingest(&batch, &kit.rules).await.unwrap();
    let counts = async |entry: &Entry| {
        let row = kit
            .store
            .record(record_of(entry))
            .await
            .unwrap()
            .unwrap()
            .row;
        (row.blobs_held, row.blobs_named)
    };
    assert_eq!(counts(&one).await, (1, 1));
    assert_eq!(counts(&two).await, (0, 1));
    let held = kit.take(&[&one, &two]).await;
    assert_eq!((held[0].blobs.len(), held[0].missing.len()), (1, 0));
    assert_eq!((held[1].blobs.len(), held[1].missing.len()), (0, 1));
    assert_eq!(
        kit.store
            .held_blobs(&theirs.person, &[blob.sha256])
            .await
            .unwrap(),
        []
    );
    assert_eq!(
        kit.store
            .held_blobs(&mine.person, &[blob.sha256])
            .await
            .unwrap()
            .len(),
        1
    );
}

pub(super) async fn a_case_is_seen_by_the_units_that_have_it(kit: Kit) {
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    let report = pen.handed_up();
    let case = record_of(&report);
    let mut desk = Pen::new("hzb-hejin").on("fh-chaijia");
    desk.basis = Some(id_of(&report));
    let class = DeadlineClass::SevenDays;
    let accept = desk.step(case, &Step::Accept { class, note: None });
    desk.basis = Some(id_of(&accept));
    let hand_over = desk.step(
        case,
        &Step::HandOver {
            lead: "chaijia".parse().unwrap(),
            assisting: vec!["sthj-hejin".parse().unwrap()],
            assignee: None,
            due: "2026-12-31".parse().unwrap(),
            demand: None,
        },
    );
    let of_unit = |unit: &str| Scope {
        units: [unit.parse().unwrap()].into(),
        ..Scope::default()
    };
    let seen = async |unit: &str| {
        let (scope, filter) = (of_unit(unit), RecordFilter::default());
        kit.store
            .records(&scope, &filter, &Search::default())
            .await
            .unwrap()
            .total
    };
    // The handing over overtakes the acceptance: nothing is judged, nobody has the case.
    kit.take(&[&report, &hand_over]).await;
    assert_eq!(seen("chaijia").await, 0);
    kit.take(&[&accept]).await;
    assert_eq!((seen("chaijia").await, seen("sthj-hejin").await), (1, 1));
    assert_eq!(seen("slj-yongji").await, 0);
    let stored = kit.store.record(case).await.unwrap().unwrap();
    let judged: Vec<_> = stored
        .entries
        .iter()
        .filter_map(|e| Some((e.entry_id, e.verdict.clone()?)))
        .collect();
    let wanted = [&accept, &hand_over].map(|e| (id_of(e), Verdict::Applied));
    assert_eq!(judged, wanted, "in the order in which they count");
    assert_eq!(stored.row.stage, Stage::HandedOver);
    assert_eq!(
        stored.row.lead.as_ref().map(ToString::to_string),
        Some("chaijia".into())
    );
    let overdue = RecordFilter {
        due_before: Some("2027-01-01".parse().unwrap()),
        stage: "handed_over,in_hand".to_owned(),
        ..RecordFilter::default()
    };
    let page = kit
        .store
        .records(&of_unit("chaijia"), &overdue, &Search::default())
        .await;
    assert_eq!(page.unwrap().total, 1);
}

pub(super) async fn the_map_shows_what_the_list_shows(kit: Kit) {
    let mut pen = Pen::new("wgy-yongji").at(110.5, 34.9);
    let (first, second) = (pen.cleanup(vec![]), pen.cleanup(vec![]));
    // An impossible place is kept with the record and drawn nowhere.
    let mut off = Pen::new("wgy-yongji").at(110.5, 234.9);
    let odd = off.cleanup(vec![]);
    kit.take(&[&first, &second, &odd]).await;
    let filter = RecordFilter::default();
    let map = kit
        .store
        .map(&own(&pen), &filter, &Search::default())
        .await
        .unwrap();
    let mut shown: Vec<_> = map.points.iter().map(|p| p.record_id).collect();
    shown.sort();
    let mut wanted = [record_of(&first), record_of(&second)];
    wanted.sort();
    assert_eq!((shown.as_slice(), map.others), (wanted.as_slice(), 1));
    let [lon, lat] = map.points[0].at.lon_lat();
    assert!((lon - 110.5).abs() < 1e-6 && (lat - 34.9).abs() < 1e-6);
    let page = kit
        .store
        .records(&own(&pen), &filter, &Search::default())
        .await
        .unwrap();
    let placed = page.rows.iter().filter(|r| r.at.is_some()).count();
    assert_eq!(placed, 2);
    let nobody = kit
        .store
        .map(&Scope::default(), &filter, &Search::default())
        .await
        .unwrap();
    assert_eq!((nobody.points.len(), nobody.others), (0, 0));
}

pub(super) async fn a_long_list_is_not_counted_to_its_end(kit: Kit) {
    let pen = Pen::new("wgy-yongji");
    let filter = RecordFilter::default();
    kit.by_hand(MANY).await.unwrap();
    let page = kit
        .store
        .records(&own(&pen), &filter, &Search::default())
        .await
        .unwrap();
    assert_eq!(
        (page.rows.len(), page.total, page.beyond),
        (50, 10_000, true)
    );
    let map = kit
        .store
        .map(&own(&pen), &filter, &Search::default())
        .await
        .unwrap();
    assert_eq!((map.points.len(), map.others, map.beyond), (5_000, 1, true));
    let few = RecordFilter {
        problem: Some("SL-03".to_owned()),
        ..filter
    };
    let page = kit
        .store
        .records(&own(&pen), &few, &Search::default())
        .await
        .unwrap();
    assert_eq!((page.total, page.beyond), (1, false));
    let map = kit
        .store
        .map(&own(&pen), &few, &Search::default())
        .await
        .unwrap();
    assert_eq!((map.points.len(), map.others, map.beyond), (0, 1, false));
}

/// 10,001 records of one person; one has no place and another problem.
const MANY: Said = Said {
    sqlite: "INSERT INTO record (record_id, shard, number, kind, problem, author,
            recorded_ms, received_ms, comments, versions, quarantined, blobs_named, blobs_held,
            lat_e7, lon_e7)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
        SELECT randomblob(16), 'yongji', i, 'finding', iif(i = 1, 'SL-03', 'SL-04'),
            'wgy-yongji', i, i, 0, 1, 0, 0, 0, iif(i = 1, NULL, 349000000),
            iif(i = 1, NULL, 1105000000)
        FROM n",
    postgres: "INSERT INTO record (record_id, shard, number, kind, problem, author,
            recorded_ms, received_ms, comments, versions, quarantined, blobs_named, blobs_held,
            lat_e7, lon_e7)
        SELECT uuid_send(gen_random_uuid()), 'yongji', i, 'finding',
            CASE WHEN i = 1 THEN 'SL-03' ELSE 'SL-04' END, 'wgy-yongji', i, i, 0, 1, false, 0, 0,
            CASE WHEN i > 1 THEN 349000000 END, CASE WHEN i > 1 THEN 1105000000 END
        FROM generate_series(1, 10001) AS i",
};

pub(super) async fn map_layers_are_replaced_as_a_whole(kit: Kit) {
    let layer = |name: &str, data: &str| MapLayer {
        name: name.to_owned(),
        source: "test".to_owned(),
        data: serde_json::from_str(data).unwrap(),
    };
    assert!(kit.store.map_layers().await.unwrap().is_empty());
    let text = r#"{"type":"FeatureCollection","features":[ ]}"#;
    let layers = [layer("waters", text), layer("boundaries", text)];
    kit.store.put_map_layers(&layers).await.unwrap();
    kit.store
        .put_map_layers(&[layer("rivers", text)])
        .await
        .unwrap();
    let held = kit.store.map_layers().await.unwrap();
    assert_eq!((held.len(), held[0].name.as_str()), (1, "rivers"));
    assert_eq!(held[0].data.get(), text, "as it was given");
}

/// 受理 and then another step, by the desk of 河津.
fn decided(report: &Entry, step: &Step) -> [Entry; 2] {
    let case = record_of(report);
    let mut desk = Pen::new("hzb-hejin").on("fh-chaijia");
    desk.basis = Some(id_of(report));
    let class = DeadlineClass::SevenDays;
    let accept = desk.step(case, &Step::Accept { class, note: None });
    desk.basis = Some(id_of(&accept));
    let step = desk.step(case, step);
    [accept, step]
}

pub(super) async fn a_case_is_watched_once_a_unit_has_it(kit: Kit) {
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    let (report, other) = (pen.discharge("of-cj-1"), pen.discharge("of-cj-2"));
    let watching = Scope {
        watched: ["of-cj-1".parse().unwrap()].into(),
        ..Scope::default()
    };
    let mut phone = super::kit::phone(&Pen::new("zrr-sthj-hejin"));
    phone.watched = vec!["of-cj-1".parse().unwrap()];
    let shard = "hejin".parse().unwrap();
    let seen = async || {
        let filter = RecordFilter::default();
        let page = kit
            .store
            .records(&watching, &filter, &Search::default())
            .await
            .unwrap();
        let (rows, _) = kit.store.since(&phone, &shard, 0, 100).await.unwrap();
        (page.total, rows.len())
    };
    kit.take(&[&report, &other]).await;
    assert_eq!(seen().await, (0, 0), "nobody has it yet");
    let hand_over = Step::HandOver {
        lead: "chaijia".parse().unwrap(),
        assisting: Vec::new(),
        assignee: None,
        due: "2026-12-31".parse().unwrap(),
        demand: None,
    };
    for report in [&report, &other] {
        let [accept, hand_over] = decided(report, &hand_over);
        kit.take(&[&accept, &hand_over]).await;
    }
    let (total, rows) = seen().await;
    assert_eq!(total, 1, "the other outfall's is not watched");
    assert!(rows >= 3, "what went before comes along: {rows}");
    let stored = kit.store.record(record_of(&report)).await.unwrap().unwrap();
    assert_eq!(stored.outfall.as_ref().unwrap().as_str(), "of-cj-1");
}

pub(super) async fn what_was_sent_up_is_found(kit: Kit) {
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    let (report, other) = (pen.handed_up(), pen.handed_up());
    let up = Step::Escalate {
        to: "yc".parse().unwrap(),
        reason: "需市级协调".to_owned(),
    };
    let [accept, escalate] = decided(&report, &up);
    kit.take(&[&report, &other, &accept, &escalate]).await;
    for (asked, total) in [(Some(true), 1), (Some(false), 1), (None, 2)] {
        let filter = RecordFilter {
            escalated: asked,
            ..RecordFilter::default()
        };
        let page = kit
            .store
            .records(&own(&pen), &filter, &Search::default())
            .await
            .unwrap();
        assert_eq!(page.total, total, "{asked:?}");
    }
    let row = kit
        .store
        .record(record_of(&report))
        .await
        .unwrap()
        .unwrap()
        .row;
    assert_eq!(row.escalated.as_ref().unwrap().as_str(), "yc");
}

pub(super) async fn what_is_looked_for_is_found(kit: Kit) {
    let [(here, _), _] = kit.two_places();
    let mut pen = Pen::new("wgy-yongji").on(&here);
    let (first, second) = (pen.handed_up(), pen.cleanup(vec![]));
    kit.take(&[&first, &second]).await;
    let rows = kit
        .store
        .records(&own(&pen), &RecordFilter::default(), &Search::default())
        .await
        .unwrap()
        .rows;
    let row = rows.iter().find(|r| r.record_id == record_of(&first));
    let row = row.unwrap().clone();
    let (shard, number) = row.number.split_once('-').unwrap();
    let number: u64 = number.parse().unwrap();
    let empty = Search::default;
    let with = |search: Search| Search {
        text: Some(search.text.unwrap_or_else(|| "nowhere".to_owned())),
        ..search
    };
    let shard = shard.to_lowercase().parse().ok();
    let other = "elsewhere".parse().ok();
    for (search, wanted) in [
        (
            Search {
                text: Some("塑料".to_owned()),
                ..empty()
            },
            1,
        ),
        (
            Search {
                text: Some("%".to_owned()),
                ..empty()
            },
            0,
        ),
        (
            Search {
                number: Some((None, number)),
                ..empty()
            },
            1,
        ),
        (
            Search {
                number: Some((shard, number)),
                ..empty()
            },
            1,
        ),
        (
            Search {
                number: Some((other, number)),
                ..empty()
            },
            0,
        ),
        (
            Search {
                persons: vec![pen.person.clone()],
                ..empty()
            },
            2,
        ),
        (
            Search {
                problems: row.problem.into_iter().collect(),
                ..empty()
            },
            1,
        ),
        (
            Search {
                reaches: row.reach.into_iter().collect(),
                ..empty()
            },
            2,
        ),
        (empty(), 0),
    ] {
        let search = with(search);
        let scope = own(&pen);
        let found = kit
            .store
            .records(&scope, &RecordFilter::default(), &search)
            .await;
        assert_eq!(found.unwrap().total, wanted, "{search:?}");
    }
}

pub(super) async fn a_patrol_knows_what_was_made_on_it(kit: Kit) {
    let mut pen = Pen::new("xz-hejin").on("fh-chaijia");
    let start = pen.cleanup(vec![]);
    let patrol = record_of(&start);
    pen.patrol = Some(patrol);
    let made = [pen.handed_up(), pen.cleanup(vec![]), pen.handed_up()];
    // Remarks name it too, and so may anybody who knows its number.
    let remark = pen.comment(record_of(&made[0]), "已转告");
    pen.patrol = None;
    let elsewhere = pen.handed_up();
    let mut other = Pen::new("wgy-hejin").on("fh-chaijia");
    other.patrol = Some(patrol);
    let foreign = other.handed_up();
    let all = [
        &start, &made[0], &made[1], &made[2], &remark, &elsewhere, &foreign,
    ];
    kit.take(&all).await;

    let found = async |limit| {
        let found = kit.store.made_on(patrol, &pen.person, limit).await;
        found.unwrap()
    };
    let wanted: Vec<_> = made.iter().map(record_of).collect();
    assert_eq!(found(50).await, wanted);
    assert_eq!(found(2).await, wanted[..2]);
    let nobody = "wgy-yongji".parse().unwrap();
    assert_eq!(kit.store.made_on(patrol, &nobody, 50).await.unwrap(), []);
}

/// Lines that are gone or wrong, divisions that lie nowhere, blobs that nobody names.
const DAMAGE: [&str; 6] = [
    "UPDATE record SET words = 'x', comments = 9, stage = 'closed'",
    "DELETE FROM record_division",
    "DELETE FROM record_shard",
    "DELETE FROM division",
    "DELETE FROM blob_ref",
    "INSERT INTO record_unit (record_id, unit) SELECT entry_id, 'nobody' FROM refused_entry
        JOIN entry USING (hash)",
];

pub(super) async fn what_is_derived_is_made_anew(kit: Kit) {
    let mut pen = Pen::new("wgy-yongji").on("ssh-chengbei");
    let bytes = jpeg(4, 900);
    let reports = [pen.cleanup(vec![photo(&bytes)]), pen.handed_up()];
    let remark = pen.comment(record_of(&reports[0]), "岸边\0还有");
    kit.take(&[&reports[0], &reports[1], &remark]).await;
    kit.deliver(&pen, &bytes, 0).await;
    let all = async || {
        let mut found = Vec::new();
        for report in &reports {
            found.push(kit.store.record(record_of(report)).await.unwrap());
        }
        let filter = RecordFilter {
            division: Some("yongji".parse().unwrap()),
            ..RecordFilter::default()
        };
        let page = kit
            .store
            .records(&own(&pen), &filter, &Search::default())
            .await;
        (found, page.unwrap())
    };
    let before = all().await;
    assert_eq!(before.1.rows.len(), 2);
    for sql in DAMAGE {
        kit.by_hand(sql).await.unwrap();
    }
    assert_ne!(all().await, before);
    let done = kit
        .store
        .rebuild(kit.rules.0.tree(), &[&kit.rules], &|_| ())
        .await
        .unwrap();
    assert_eq!((done.entries, done.records), (3, 2));
    assert_eq!(all().await, before);
}
