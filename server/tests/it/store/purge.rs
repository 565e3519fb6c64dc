//! Erased by law: what goes, what stays, and who hears of it.

use super::kit::{DEVICE, Kit, own_log, phone};
use crate::support::Pen;
use crate::support::pen::{id_of, jpeg, now, photo, record_of};
use domain::entry::{BlobRef, BlobRole, Entry, Kind};
use domain::feed::row_hash;
use domain::ids::EntryId;
use domain::record::{Fields, Purge, PurgeGround};
use domain::register::ReachId;
use domain::time::WallMs;
use domain::wire::EntryStatus::{Accepted, Duplicate, Quarantined};
use uuid::Uuid;
use xunhe_server::own_log::Note;
use xunhe_server::store::{Appended, Batch, Chunk, PhoneScope, Refusal, Upload, Which};

fn pen() -> Pen {
    Pen::new("wgy-yongji").on("ssh-chengbei")
}

pub(super) async fn a_purge_takes_effect_in_the_transaction_that_keeps_it(kit: Kit) {
    let bytes = jpeg(1, 5_000);
    let mut pen = pen();
    let report = pen.cleanup(vec![photo(&bytes)]);
    let remark = pen.comment(record_of(&report), "岸边还有");
    let before = kit.take(&[&report, &remark]).await;
    kit.deliver(&pen, &bytes, 0).await;
    let held = kit.purge(record_of(&report), &[id_of(&report)]).await;
    assert_eq!(held.status, Accepted);

    let record = kit.store.record(record_of(&report)).await.unwrap().unwrap();
    let erased = record.entry(id_of(&report)).unwrap();
    assert_eq!(erased.entry.header, report.header);
    assert_eq!(erased.entry.body, "");
    assert_eq!(record.entry(id_of(&remark)).unwrap().entry, remark);
    let row = &record.row;
    assert_eq!((row.words.as_deref(), row.problem.as_deref()), (None, None));
    assert_eq!((row.blobs_named, row.blobs_held, row.comments), (0, 0, 1));

    // Receipt and chain say what they said.
    let hashes = [report.hash(), remark.hash()];
    let again = kit.store.held_entries(&pen.person, &hashes).await.unwrap();
    let said: Vec<_> = before.into_iter().filter_map(|h| h.held).collect();
    assert_eq!(again, said);
    let head = &kit.store.feed_heads().await.unwrap()[0];
    let mut previous = None;
    for (_, entry, row) in kit.store.chain(&head.shard, 0, 10).await.unwrap() {
        assert_eq!(row, row_hash(previous.as_ref(), &entry));
        previous = Some(row);
    }
    assert_eq!((head.seq, head.row_hash), (3, previous));

    // A phone hears of it as of any entry, also of a record too old to be given to it today.
    let colleague = PhoneScope {
        person: "xz-yongji".parse().unwrap(),
        reaches: vec!["ssh-chengbei".parse::<ReachId>().unwrap()],
        since_ms: WallMs(i64::MAX),
        units: Vec::new(),
        watched: Vec::new(),
    };
    let (rows, _) = kit
        .store
        .since(&colleague, &head.shard, 0, 10)
        .await
        .unwrap();
    let told = rows[0].entry.clone().unwrap().check().unwrap();
    assert_eq!(rows.len(), 1);
    let purge = Purge::of(&told).unwrap();
    assert_eq!(purge.entries, [id_of(&report)]);
    // Whoever begins anew gets the header and sees that there was something.
    let (rows, _) = kit
        .store
        .since(&phone(&pen), &head.shard, 0, 10)
        .await
        .unwrap();
    let view = kit.store.scope_rows(&phone(&pen)).await.unwrap();
    let view = view.into_iter().find(|s| s.shard == head.shard).unwrap();
    let pulled: Vec<_> = rows.iter().map(|r| (r.seq, r.entry_hash)).collect();
    assert_eq!(view.rows, pulled, "its view is that of the server");
    let first = rows[0].entry.clone().unwrap().check_kept().unwrap();
    assert!(first.is_erased() && first.hash() == report.hash());
}

pub(super) async fn a_record_erased_whole_stays_where_it_was(kit: Kit) {
    let mut pen = pen();
    let report = pen.handed_up();
    kit.take(&[&report]).await;
    let before = kit.store.record(record_of(&report)).await.unwrap().unwrap();
    kit.purge(record_of(&report), &[id_of(&report)]).await;
    let after = kit.store.record(record_of(&report)).await.unwrap().unwrap();
    assert_eq!(after.divisions, before.divisions);
    let place = |r: &xunhe_server::store::StoredRecord| {
        let row = &r.row;
        (row.number.clone(), row.reach.clone(), row.division.clone())
    };
    assert_eq!(place(&after), place(&before));
    // What others add later still finds it.
    let remark = pen.comment(record_of(&report), "收到");
    assert_eq!(kit.take(&[&remark]).await[0].status, Accepted);
}

pub(super) async fn bytes_go_with_the_last_who_delivered_them(kit: Kit) {
    let (shared, own) = (jpeg(1, 2_000), jpeg(2, 2_000));
    let (mut mine, mut theirs) = (pen(), Pen::new("wgy2-yongji").on("yxq-qingtou"));
    let one = mine.cleanup(vec![photo(&shared), photo(&own)]);
    let two = theirs.cleanup(vec![photo(&shared)]);
    let again = mine.cleanup(vec![photo(&own)]);
    kit.take(&[&one, &two, &again]).await;
    for (pen, bytes) in [(&mine, &shared), (&mine, &own), (&theirs, &shared)] {
        kit.deliver(pen, bytes, 0).await;
    }
    kit.purge(record_of(&one), &[id_of(&one)]).await;
    assert!(!kit.holds(&mine, &shared).await, "mine is gone");
    assert!(kit.holds(&theirs, &shared).await, "theirs is not");
    assert!(
        kit.holds(&mine, &own).await,
        "another report of mine names it"
    );
    assert!(kit.store.blobs_to_erase().await.unwrap().is_empty());

    kit.purge(record_of(&again), &[id_of(&again)]).await;
    let list = kit.store.blobs_to_erase().await.unwrap();
    assert_eq!(list, [photo(&own).sha256]);
    kit.store.blob_erased(list[0]).await.unwrap();
    assert!(kit.store.blobs_to_erase().await.unwrap().is_empty());
    assert_eq!(kit.store.erasures().await.unwrap(), 1);
}

pub(super) async fn bytes_that_come_too_late_do_not_count(kit: Kit) {
    let bytes = jpeg(1, 2_000);
    let (mut mine, mut theirs) = (pen(), Pen::new("wgy2-yongji").on("yxq-qingtou"));
    let (one, two) = (
        mine.cleanup(vec![photo(&bytes)]),
        theirs.cleanup(vec![photo(&bytes)]),
    );
    kit.take(&[&one, &two]).await;
    kit.deliver(&mine, &bytes, 0).await;
    // Theirs are put, and then the same bytes are erased for another entry.
    let before = kit.store.erasures().await.unwrap();
    kit.purge(record_of(&one), &[id_of(&one)]).await;
    kit.deliver(&theirs, &bytes, before).await;
    assert!(!kit.holds(&theirs, &bytes).await, "about to be erased");
    kit.store.blob_erased(photo(&bytes).sha256).await.unwrap();
    kit.deliver(&theirs, &bytes, before).await;
    assert!(
        !kit.holds(&theirs, &bytes).await,
        "put before they were erased"
    );
    let now = kit.store.erasures().await.unwrap();
    kit.deliver(&theirs, &bytes, now).await;
    assert!(kit.holds(&theirs, &bytes).await, "put again since");
    // Of an entry that was purged meanwhile nothing counts, and the bytes go.
    kit.deliver(&mine, &jpeg(9, 2_000), now).await;
    assert!(!kit.holds(&mine, &jpeg(9, 2_000)).await);
    let list = kit.store.blobs_to_erase().await.unwrap();
    assert_eq!(list, [photo(&jpeg(9, 2_000)).sha256]);
}

pub(super) async fn what_was_erased_is_not_asked_for_again(kit: Kit) {
    let bytes = jpeg(1, 2_000);
    let mut pen = pen();
    let report = pen.cleanup(vec![photo(&bytes)]);
    kit.take(&[&report]).await;
    let upload = Upload {
        upload_id: domain::ids::UploadId::new([1; 16]),
        person: pen.person.clone(),
        entry_id: id_of(&report),
        sha256: photo(&bytes).sha256,
        size: 2_000,
        held: 0,
        touched_ms: now(),
    };
    let upload = kit.store.open_upload(&upload).await.unwrap();
    kit.purge(record_of(&report), &[id_of(&report)]).await;
    let again = kit.take(&[&report]).await;
    assert_eq!(again[0].status, Duplicate);
    assert!(again[0].missing.is_empty(), "no photo of it is wanted");
    let record = kit.store.record(record_of(&report)).await.unwrap().unwrap();
    assert_eq!(
        record.entries[0].entry.body, "",
        "sent again it stays erased"
    );
    let (person, id) = (&pen.person, id_of(&report));
    assert!(kit.store.is_erased(person, id).await.unwrap());
    let named = kit.store.named_blob(person, id, photo(&bytes).sha256);
    assert_eq!(named.await.unwrap(), None);
    let chunk = Chunk {
        at: 0,
        size: 10,
        object: "staging/x".to_owned(),
    };
    let appended = kit.store.append_chunk(upload.upload_id, &chunk, now());
    assert_eq!(appended.await.unwrap(), Appended::Gone);
    let stale = kit.store.stale_uploads(WallMs(1)).await.unwrap();
    assert_eq!(stale, [upload.upload_id], "what was staged goes next");
}

async fn purgeable(kit: &Kit, which: Which) -> Vec<EntryId> {
    let found = kit.store.purgeable(&which, 100).await.unwrap();
    let mut ids: Vec<_> = found.into_iter().flat_map(|f| f.entries).collect();
    ids.sort();
    ids
}

fn sorted(entries: &[&Entry]) -> Vec<EntryId> {
    let mut ids: Vec<_> = entries.iter().map(|e| id_of(e)).collect();
    ids.sort();
    ids
}

pub(super) async fn everything_of_a_person_goes_but_acts_of_office(kit: Kit) {
    let (mut mine, mut theirs) = (pen(), Pen::new("wgy2-yongji").on("ssh-chengbei"));
    let (one, two) = (mine.handed_up(), theirs.handed_up());
    let remark = mine.comment(record_of(&two), "我也看见了");
    mine.basis = Some(id_of(&one));
    let step = mine.step(
        record_of(&one),
        &domain::case::Step::Withdraw {
            reason: "看错了".to_owned(),
        },
    );
    kit.take(&[&one, &two, &remark, &step]).await;
    // Made for the same person; a hand-made header may spell the id in another way.
    let mut behalf = theirs.cleanup(vec![]);
    behalf.header = behalf.header.replace(
        "\"on_behalf_of\":null",
        "\"on_behalf_of\":{\"person\":\"wgy\\u002dyongji\",\"manner\":\"recorded\"}",
    );
    let fork = kit.take(&[&behalf]).await;
    assert!(fork[0].held.is_some());
    let person = mine.person.clone();
    let of = |steps| Which::Person {
        person: person.clone(),
        steps,
    };
    assert_eq!(
        purgeable(&kit, of(false)).await,
        sorted(&[&one, &remark, &behalf])
    );
    assert_eq!(
        purgeable(&kit, of(true)).await,
        sorted(&[&one, &remark, &behalf, &step])
    );
    let record = Which::Record {
        record: record_of(&two),
        steps: false,
    };
    assert_eq!(purgeable(&kit, record).await, sorted(&[&two, &remark]));

    kit.purge(record_of(&one), &[id_of(&one)]).await;
    assert_eq!(
        purgeable(&kit, of(false)).await,
        sorted(&[&remark, &behalf]),
        "nothing is named twice"
    );
    let refusal = Refusal {
        entry: mine.cleanup(vec![]),
        place: None,
        reason: "x".to_owned(),
        sender: person.clone(),
    };
    let batch = Batch {
        refusals: vec![refusal],
        now: now(),
        ..Batch::default()
    };
    kit.store.ingest(&batch, &kit.rules).await.unwrap();
    assert_eq!(kit.store.erase_refused(&person).await.unwrap(), 1);
    assert_eq!(kit.store.erase_refused(&person).await.unwrap(), 0);
}

pub(super) async fn tracks_go_by_age_alone(kit: Kit) {
    let mut pen = pen();
    let start = pen.cleanup(vec![]);
    let mut part = |seed: u8| {
        let blob = BlobRef {
            role: BlobRole::Track,
            ..photo(&jpeg(seed, 500))
        };
        let id = EntryId::new(Uuid::now_v7());
        pen.write(
            id,
            record_of(&start),
            Kind::Track,
            domain::entry::RawFields::write(&()).unwrap(),
            vec![blob],
        )
    };
    let (old, new) = (part(1), part(2));
    kit.take_at(&[&start, &old], WallMs(1_000)).await;
    kit.take_at(&[&new], WallMs(9_000)).await;
    let before = |ms| Which::Tracks { before: WallMs(ms) };
    assert_eq!(purgeable(&kit, before(1_000)).await, []);
    assert_eq!(purgeable(&kit, before(5_000)).await, sorted(&[&old]));
    kit.purge(record_of(&start), &[id_of(&old)]).await;
    assert_eq!(purgeable(&kit, before(i64::MAX)).await, sorted(&[&new]));
}

pub(super) async fn nobody_but_the_server_erases(kit: Kit) {
    let mut pen = pen();
    let report = pen.cleanup(vec![]);
    kit.take(&[&report]).await;
    let order = Fields::Purge(Purge {
        entries: vec![id_of(&report)],
        ground: PurgeGround::Request,
        reason: None,
        outfall: None,
    });
    let id = EntryId::new(Uuid::now_v7());
    let fields = order.write().unwrap();
    let theirs = pen.write(id, record_of(&report), Kind::Purge, fields, Vec::new());
    let held = kit.take(&[&theirs]).await;
    let reason = held[0].reason.as_deref();
    assert_eq!(
        (held[0].status, reason),
        (Quarantined, Some("not_permitted"))
    );
    let record = kit.store.record(record_of(&report)).await.unwrap().unwrap();
    assert_eq!(record.entries[0].entry, report);
    // Nor does the server erase its own traces, or what is in another record.
    let other = pen.cleanup(vec![]);
    kit.take(&[&other]).await;
    kit.purge(record_of(&other), &[id_of(&report)]).await;
    let record = kit.store.record(record_of(&report)).await.unwrap().unwrap();
    assert_eq!(record.entries[0].entry, report);
}

pub(super) async fn what_the_server_writes_is_one_chain(kit: Kit) {
    let mut pen = pen();
    let reports = [
        pen.cleanup(vec![]),
        pen.cleanup(vec![]),
        pen.cleanup(vec![]),
    ];
    kit.take(&reports.iter().collect::<Vec<_>>()).await;
    let note = |report: &Entry| {
        own_log().write(Note {
            record: record_of(report),
            division: None,
            reach: None,
            fields: Fields::Purge(Purge {
                entries: vec![id_of(report)],
                ground: PurgeGround::Mistake,
                reason: None,
                outfall: None,
            }),
        })
    };
    // Two in one commit with what a phone sends, one after.
    let phones = pen.cleanup(vec![]);
    let batch = Batch {
        own: vec![note(&reports[0]).unwrap(), note(&reports[1]).unwrap()],
        arrivals: vec![super::kit::arrival(&phones)],
        now: now(),
        ..Batch::default()
    };
    let taken = kit.store.ingest(&batch, &kit.rules).await.unwrap();
    assert_eq!((taken.own.len(), taken.entries.len()), (2, 1));
    assert_eq!(taken.entries[0].held.as_ref().unwrap().hash, phones.hash());
    kit.purge(record_of(&reports[2]), &[id_of(&reports[2])])
        .await;
    let mut before = None;
    for (seq, report) in (1..).zip(&reports) {
        let record = kit.store.record(record_of(report)).await.unwrap().unwrap();
        let purge = record.entries[1].entry.clone().check().unwrap();
        let header = purge.header();
        assert!(header.is_servers() && header.kind == Kind::Purge);
        assert_eq!((header.seq, header.prev_hash), (seq, before));
        assert!(!record.entries[1].waiting && !record.entries[1].forked);
        before = Some(purge.hash());
    }
    assert_ne!(DEVICE.raw(), [3; 16]);
}
