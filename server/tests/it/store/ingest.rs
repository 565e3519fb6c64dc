use super::kit::{DEVICE, Kit, Said, arrival};
use crate::support::Pen;
use crate::support::pen::{id_of, now, record_of};
use domain::entry::Entry;
use domain::ids::DeviceId;
use domain::time::WallMs;
use domain::wire::EntryStatus::{Accepted, Duplicate, Quarantined, Refused};
use xunhe_server::store::{Batch, Refusal};

fn pen() -> Pen {
    Pen::new("wgy-yongji")
}

pub(super) async fn an_entry_is_kept_byte_for_byte(kit: Kit) {
    let mut entry = pen().cleanup(vec![]);
    entry.sig = Some("c2ln".to_owned());
    let held = kit.take(&[&entry]).await;
    assert_eq!(
        (held[0].status, held[0].waiting, held[0].forked),
        (Accepted, false, false)
    );
    let record = kit.store.record(record_of(&entry)).await.unwrap().unwrap();
    assert_eq!(record.entries[0].entry, entry);
    assert_eq!(record.entries[0].hash, entry.hash());
}

pub(super) async fn the_same_entry_again_is_a_duplicate_with_the_first_time(kit: Kit) {
    let entry = pen().cleanup(vec![]);
    let first = kit.take_at(&[&entry, &entry], WallMs(1_000)).await;
    assert_eq!([first[0].status, first[1].status], [Accepted, Duplicate]);
    kit.store.raise_epoch(1, "a test", now()).await.unwrap();
    let later = kit.take_at(&[&entry], WallMs(9_000)).await;
    assert_eq!(later[0].status, Duplicate);
    assert_eq!(
        later[0].held, first[0].held,
        "what a receipt says never changes"
    );
    assert_eq!(
        kit.store.feed_heads().await.unwrap()[0].seq,
        1,
        "and has one effect"
    );
}

pub(super) async fn one_id_with_other_bytes_keeps_both(kit: Kit) {
    let mut pen = pen();
    let first = pen.cleanup(vec![]);
    let id = id_of(&first);
    let other = pen.version(id, id.as_record(), vec![]);
    kit.take(&[&first]).await;
    let held = kit.take(&[&other]).await;
    assert_eq!(
        (held[0].status, held[0].reason.as_deref()),
        (Refused, Some("id_reused"))
    );
    let record = kit.store.record(record_of(&first)).await.unwrap().unwrap();
    assert_eq!(record.entries.len(), 1);
    let head = domain::entry::LogHead { seq: 2, ..pen.head };
    assert!(
        kit.store
            .gaps(&pen.person, &[head])
            .await
            .unwrap()
            .is_empty(),
        "its place is explained"
    );
}

/// The engine rejects the third entry of a log.
const POISON: Said = Said {
    sqlite: "CREATE TRIGGER poison BEFORE INSERT ON entry WHEN NEW.seq = 3
        BEGIN SELECT RAISE(ABORT, 'poison'); END",
    postgres: "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'poison'; END $$;
        CREATE TRIGGER poison BEFORE INSERT ON entry FOR EACH ROW WHEN (NEW.seq = 3)
        EXECUTE FUNCTION poison()",
};
const ANTIDOTE: Said = Said {
    sqlite: "DROP TRIGGER poison",
    postgres: "DROP TRIGGER poison ON entry",
};

pub(super) async fn a_poison_entry_blocks_no_other(kit: Kit) {
    let mut pen = pen();
    let entries: Vec<Entry> = (0..5).map(|_| pen.cleanup(vec![])).collect();
    kit.by_hand(POISON).await.unwrap();
    let held = kit.take(&entries.iter().collect::<Vec<_>>()).await;
    let statuses: Vec<_> = held.iter().map(|h| h.status).collect();
    assert_eq!(statuses, [Accepted, Accepted, Refused, Accepted, Accepted]);
    assert_eq!(held[2].reason.as_deref(), Some("not_stored"));
    assert_eq!(held[2].held, None);
    assert!(held[3].waiting && !held[4].waiting);
    kit.by_hand(ANTIDOTE).await.unwrap();
    assert_eq!(
        kit.take(&[&entries[2]]).await[0].status,
        Accepted,
        "sent again it is taken"
    );
}

pub(super) async fn a_missing_predecessor_only_waits(kit: Kit) {
    let mut pen = pen();
    let (first, second) = (pen.cleanup(vec![]), pen.cleanup(vec![]));
    let held = kit.take(&[&second]).await;
    assert_eq!((held[0].status, held[0].waiting), (Accepted, true));
    kit.take(&[&first]).await;
    let record = kit.store.record(record_of(&second)).await.unwrap().unwrap();
    assert!(!record.entries[0].waiting, "it waits no longer");
}

pub(super) async fn a_forked_log_keeps_both(kit: Kit) {
    let mut pen = pen();
    let first = pen.cleanup(vec![]);
    let restored = pen.head;
    let left = pen.cleanup(vec![]);
    pen.head = restored;
    let right = pen.cleanup(vec![]);
    let held = kit.take(&[&first, &left, &right]).await;
    assert!(held.iter().all(|h| h.status == Accepted));
    assert_eq!(
        [held[0].forked, held[1].forked, held[2].forked],
        [false, true, true]
    );
}

pub(super) async fn a_log_belongs_to_one_person_and_installation(kit: Kit) {
    let mut pen = pen();
    kit.take(&[&pen.cleanup(vec![])]).await;
    let mut other = arrival(&pen.cleanup(vec![]));
    other.device = DeviceId::new([8; 16]);
    let batch = Batch {
        arrivals: vec![other],
        now: now(),
        ..Batch::default()
    };
    let held = kit.store.ingest(&batch, &kit.rules).await.unwrap().entries;
    assert_eq!(
        (held[0].status, held[0].reason.as_deref()),
        (Quarantined, Some("log_of_another"))
    );
    let mut thief = Pen::new("wgy2-yongji");
    thief.head = pen.head;
    let held = kit.take(&[&thief.cleanup(vec![])]).await;
    assert_eq!(
        (held[0].status, held[0].reason.as_deref()),
        (Quarantined, Some("log_of_another"))
    );
    assert_ne!(DEVICE, DeviceId::new([8; 16]));
}

pub(super) async fn gaps_leave_out_what_was_refused(kit: Kit) {
    let mut pen = pen();
    let entries: Vec<Entry> = (0..6).map(|_| pen.cleanup(vec![])).collect();
    kit.take(&[&entries[1], &entries[4]]).await;
    let refusal = Refusal {
        entry: entries[2].clone(),
        place: Some((pen.head.log_id, 3)),
        reason: "body_hash_mismatch".to_owned(),
        sender: pen.person.clone(),
    };
    let batch = Batch {
        refusals: vec![refusal],
        now: now(),
        ..Batch::default()
    };
    kit.store.ingest(&batch, &kit.rules).await.unwrap();
    let gaps = kit.store.gaps(&pen.person, &[pen.head]).await.unwrap();
    assert_eq!(
        gaps.iter().map(|g| (g.from, g.to)).collect::<Vec<_>>(),
        [(1, 1), (4, 4), (6, 6)]
    );
    let stranger = "wgy-hejin".parse().unwrap();
    let gaps = kit.store.gaps(&stranger, &[pen.head]).await.unwrap();
    assert_eq!(
        gaps.iter().map(|g| (g.from, g.to)).collect::<Vec<_>>(),
        [(1, 6)]
    );
}

pub(super) async fn nothing_changes_or_deletes_what_is_kept(kit: Kit) {
    let entry = pen().cleanup(vec![]);
    kit.take(&[&entry]).await;
    for sql in [
        "DELETE FROM entry",
        "UPDATE entry SET header = x'00'",
        "UPDATE entry SET body = x'00'",
        "UPDATE entry SET body = NULL, author = 'x'",
        "UPDATE entry SET quarantine = 'x'",
        "DELETE FROM feed",
        "UPDATE feed SET row_hash = x'00'",
    ] {
        assert!(kit.by_hand(sql).await.is_err(), "{sql} went through");
    }
    kit.by_hand("UPDATE entry SET body = NULL")
        .await
        .expect_err("erased, and no purge that says so");
    kit.by_hand("INSERT INTO erased (entry_no, by_entry) SELECT entry_no, entry_id FROM entry")
        .await
        .unwrap();
    for sql in ["DELETE FROM erased", "UPDATE erased SET by_entry = x'00'"] {
        assert!(kit.by_hand(sql).await.is_err(), "{sql} went through");
    }
    kit.by_hand("UPDATE entry SET body = NULL").await.unwrap();
    let record = kit.store.record(record_of(&entry)).await.unwrap().unwrap();
    let kept = &record.entries[0].entry;
    assert_eq!(
        (kept.header.as_str(), kept.body.as_str()),
        (entry.header.as_str(), "")
    );
}
