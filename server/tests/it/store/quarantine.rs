use super::kit::{Kit, phone};
use crate::support::Pen;
use crate::support::pen::{id_of, record_of};
use domain::access::{PathRange, Scope};
use domain::case::{Stage, Step, Verdict};
use domain::entry::{Entry, Kind};
use domain::feed::FeedOp;
use domain::ids::EntryId;
use domain::record::{Fields, Vetting, VettingRuling};
use domain::register::{DeadlineClass, DivisionId, PostId};
use domain::wire::EntryStatus;
use uuid::Uuid;
use xunhe_server::store::{Held, StoredRecord};

const ACCEPTED: VettingRuling = VettingRuling::Accepted;
const SET_ASIDE: VettingRuling = VettingRuling::SetAside;

/// A post that the pens of these cases do not hold.
fn not_theirs() -> Option<PostId> {
    "yongji-wgy2".parse().ok()
}

fn reason(held: &Held) -> (EntryStatus, Option<&str>) {
    (held.status, held.reason.as_deref())
}

async fn stored(kit: &Kit, entry: &Entry) -> StoredRecord {
    kit.store.record(record_of(entry)).await.unwrap().unwrap()
}

/// A reach of this county alone.
const REACH: &str = "ssh-chengbei";

fn county(id: &str) -> DivisionId {
    id.parse().unwrap()
}

/// Why the entry does not count yet.
async fn doubted(kit: &Kit, entry: &Entry) -> Option<String> {
    let record = stored(kit, entry).await;
    let mut all = record.entries.into_iter();
    all.find(|e| e.entry == *entry).unwrap().quarantine
}

/// How often a phone is told the entry, and whether it counts, told last.
async fn told(kit: &Kit, pen: &Pen, shard: &DivisionId, entry: &Entry) -> (usize, Option<bool>) {
    let (rows, _) = kit.store.since(&phone(pen), shard, 0, 100).await.unwrap();
    let rows: Vec<_> = rows
        .iter()
        .filter(|r| r.entry.as_ref() == Some(entry))
        .collect();
    (rows.len(), rows.last().map(|r| !r.quarantined))
}

pub(super) async fn what_is_accepted_counts_from_then_on_and_is_told_again(kit: Kit) {
    let [(reach, shard), _] = kit.two_places();
    let mut pen = Pen::new("wgy-yongji").on(&reach);
    let report = pen.cleanup(vec![]);
    pen.post = not_theirs();
    let second = pen.version(EntryId::new(Uuid::now_v7()), record_of(&report), vec![]);
    let held = kit.take(&[&report, &second]).await;
    let doubt = (EntryStatus::Quarantined, Some("post_not_held"));
    assert_eq!(reason(&held[1]), doubt);
    let before = stored(&kit, &report).await;
    assert!(before.row.quarantined && before.row.versions == 1);

    let ruled = kit.vet(&second, ACCEPTED).await;
    assert_eq!(reason(&ruled), (EntryStatus::Accepted, None));
    let after = stored(&kit, &report).await;
    assert!(!after.row.quarantined && after.row.versions == 2);
    assert_eq!(doubted(&kit, &second).await, None);
    assert_eq!(told(&kit, &pen, &shard, &second).await, (2, Some(true)));
    assert_eq!(told(&kit, &pen, &shard, &report).await.0, 1);
    // Sent again it is what it was, with the receipt that it had.
    let again = kit.take(&[&second]).await.remove(0);
    assert_eq!(
        (again.status, again.held),
        (EntryStatus::Duplicate, held[1].held.clone())
    );
    // And the next version finds the one before counted.
    pen.post = None;
    let third = pen.version(EntryId::new(Uuid::now_v7()), record_of(&report), vec![]);
    kit.take(&[&third]).await;
    assert_eq!(stored(&kit, &report).await.row.versions, 3);
}

pub(super) async fn what_is_set_aside_never_counts_and_is_told(kit: Kit) {
    let shard = county("yongji");
    let mut pen = Pen::new("wgy-yongji").on(REACH);
    pen.post = not_theirs();
    let report = pen.handed_up();
    kit.take(&[&report]).await;
    assert_eq!(stored(&kit, &report).await.row.stage, Stage::Registered);
    kit.vet(&report, SET_ASIDE).await;
    let after = stored(&kit, &report).await;
    assert_eq!(
        (after.row.stage, after.row.quarantined),
        (Stage::Rejected, false)
    );
    assert_eq!(told(&kit, &pen, &shard, &report).await, (1, Some(false)));
    let (rows, _) = kit.store.since(&phone(&pen), &shard, 0, 100).await.unwrap();
    let last = rows.last().unwrap().entry.clone().unwrap().check().unwrap();
    let vetting = Vetting::of(&last).expect("the ruling is told");
    assert_eq!((vetting.entry, vetting.ruling), (id_of(&report), SET_ASIDE));
    // Nobody takes it up any more.
    let mut desk = Pen::new("hzb-yongji");
    desk.basis = Some(id_of(&report));
    let accept = desk.step(record_of(&report), &ACCEPT);
    kit.take(&[&accept]).await;
    let late = stored(&kit, &report).await;
    let said = late.entries.iter().find(|e| e.entry == accept).unwrap();
    assert_eq!(said.verdict, Some(Verdict::Stale));
    // What the desk took up before it ruled goes on by its own steps.
    let under_way = pen.handed_up();
    desk.basis = Some(id_of(&under_way));
    let accept = desk.step(record_of(&under_way), &ACCEPT);
    kit.take(&[&under_way, &accept]).await;
    kit.vet(&under_way, SET_ASIDE).await;
    let stage = stored(&kit, &under_way).await.row.stage;
    assert_eq!(stage, Stage::Accepted);
}

const ACCEPT: Step = Step::Accept {
    class: DeadlineClass::SevenDays,
    note: None,
};

pub(super) async fn the_first_ruling_about_an_entry_holds(kit: Kit) {
    let [(reach, shard), _] = kit.two_places();
    let mut pen = Pen::new("wgy-yongji").on(&reach);
    pen.post = not_theirs();
    let (one, two) = (pen.cleanup(vec![]), pen.cleanup(vec![]));
    kit.take(&[&one, &two]).await;
    for (entry, first, then) in [(&one, ACCEPTED, SET_ASIDE), (&two, SET_ASIDE, ACCEPTED)] {
        kit.vet(entry, first.clone()).await;
        kit.vet(entry, then).await;
        let counts = first == ACCEPTED;
        assert_eq!(doubted(&kit, entry).await.is_none(), counts);
        assert!(!stored(&kit, entry).await.row.quarantined);
        let times = if counts { 2 } else { 1 };
        assert_eq!(told(&kit, &pen, &shard, entry).await, (times, Some(counts)));
        let doubt = kit.store.doubt(id_of(entry)).await.unwrap().unwrap();
        assert_eq!(
            doubt.ruled_by,
            Some(stored(&kit, entry).await.entries[1].entry_id)
        );
    }
    // A ruling about what nobody doubted changes nothing.
    pen.post = None;
    let sound = pen.cleanup(vec![]);
    kit.take(&[&sound]).await;
    kit.vet(&sound, SET_ASIDE).await;
    assert_eq!(doubted(&kit, &sound).await, None);
    assert_eq!(kit.store.doubt(id_of(&sound)).await.unwrap(), None);
}

pub(super) async fn only_the_server_rules(kit: Kit) {
    let mut pen = Pen::new("wgy-yongji").on(&kit.two_places()[0].0);
    pen.post = not_theirs();
    let report = pen.cleanup(vec![]);
    kit.take(&[&report]).await;
    pen.post = None;
    let fields = Fields::Vetting(Vetting {
        entry: id_of(&report),
        ruling: ACCEPTED,
        reason: "自己说属实".into(),
        by: "hzb-yongji".parse().unwrap(),
    });
    let written = fields.write().unwrap();
    let id = EntryId::new(Uuid::now_v7());
    let forged = pen.write(id, record_of(&report), Kind::Vetting, written, vec![]);
    let held = kit.take(&[&forged]).await.remove(0);
    let doubt = (EntryStatus::Quarantined, Some("not_permitted"));
    assert_eq!(reason(&held), doubt);
    // Not even if somebody believes it.
    kit.vet(&forged, ACCEPTED).await;
    assert_eq!(
        doubted(&kit, &report).await.as_deref(),
        Some("post_not_held")
    );
}

pub(super) async fn an_accepted_step_takes_effect_though_its_author_might_not(kit: Kit) {
    let [(reach, shard), _] = kit.two_places();
    let mut pen = Pen::new("wgy-yongji").on(&reach);
    let report = pen.handed_up();
    kit.take(&[&report]).await;
    pen.basis = Some(id_of(&report));
    let accept = pen.step(record_of(&report), &ACCEPT);
    let held = kit.take(&[&accept]).await.remove(0);
    let doubt = (EntryStatus::Quarantined, Some("not_permitted"));
    assert_eq!(reason(&held), doubt);
    assert_eq!(stored(&kit, &report).await.row.stage, Stage::Registered);
    kit.vet(&accept, ACCEPTED).await;
    assert_eq!(stored(&kit, &report).await.row.stage, Stage::Accepted);
    assert_eq!(told(&kit, &pen, &shard, &accept).await, (2, Some(true)));
}

pub(super) async fn an_accepted_version_moves_its_record(kit: Kit) {
    let [(here, old), (there, new)] = kit.two_places();
    let mut pen = Pen::new("wgy-yongji").on(&here);
    let report = pen.cleanup(vec![]);
    let record = record_of(&report);
    pen.reach = there.parse().ok();
    pen.post = not_theirs();
    let moved = pen.version(EntryId::new(Uuid::now_v7()), record, vec![]);
    kit.take(&[&report, &moved]).await;
    let reach = async || stored(&kit, &report).await.row.reach.unwrap().to_string();
    assert_eq!(reach().await, here);
    kit.vet(&moved, ACCEPTED).await;
    assert_eq!(reach().await, there);
    let (rows, _) = kit.store.since(&phone(&pen), &old, 0, 100).await.unwrap();
    assert_eq!(rows.last().unwrap().op, FeedOp::LeaveScope);
    assert_eq!(told(&kit, &pen, &new, &moved).await, (1, Some(true)));
    assert_eq!(told(&kit, &pen, &new, &report).await, (1, Some(true)));
}

pub(super) async fn what_waits_is_found_by_who_decides_and_not_by_its_author(kit: Kit) {
    let mut pen = Pen::new("wgy-yongji").on(REACH);
    pen.post = not_theirs();
    let reports: Vec<_> = (0..3).map(|_| pen.cleanup(vec![])).collect();
    kit.take(&reports.iter().collect::<Vec<_>>()).await;
    let over = |division: &str| {
        let path = kit.rules.0.tree().path(&county(division)).unwrap();
        let (from, to) = path.range();
        Scope {
            ranges: vec![PathRange {
                from: from.to_owned(),
                to,
            }],
            ..Scope::default()
        }
    };
    let desk = "hzb-yongji".parse().unwrap();
    let find = async |scope: &Scope, me, after, limit| {
        let found = kit.store.doubts(scope, me, after, limit).await.unwrap();
        let ids: Vec<_> = found.rows.iter().map(|(_, d)| d.entry_id).collect();
        (ids, found.rows.last().map(|(mark, _)| *mark), found.total)
    };
    let ids: Vec<_> = reports.iter().map(id_of).collect();
    let (first, mark, total) = find(&over("yongji"), &desk, 0, 2).await;
    assert_eq!((&first[..], total), (&ids[..2], 3));
    let (rest, ..) = find(&over("yongji"), &desk, mark.unwrap(), 2).await;
    assert_eq!(rest, ids[2..]);
    assert_eq!(find(&over("hejin"), &desk, 0, 9).await.2, 0);
    assert_eq!(find(&over("yongji"), &pen.person, 0, 9).await.2, 0);
    kit.vet(&reports[0], SET_ASIDE).await;
    assert_eq!(find(&over("yongji"), &desk, 0, 9).await.0, ids[1..]);
}
