use super::kit::{Kit, arrival, phone};
use crate::support::Pen;
use crate::support::pen::{now, record_of};
use domain::entry::Entry;
use domain::feed::{FeedOp, row_hash};
use domain::ids::EntryId;
use domain::register::DivisionId;
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;
use xunhe_server::store::Batch;

async fn heads(kit: &Kit) -> Vec<(DivisionId, u64)> {
    let heads = kit.store.feed_heads().await.unwrap();
    heads.into_iter().map(|h| (h.shard, h.seq)).collect()
}

pub(super) async fn numbers_have_no_gaps_and_rows_are_chained(kit: Kit) {
    let [(reach, shard), _] = kit.two_places();
    let mut pen = Pen::new("wgy-yongji").on(&reach);
    let entries: Vec<Entry> = (0..7).map(|_| pen.cleanup(vec![])).collect();
    kit.take(&entries[..3].iter().collect::<Vec<_>>()).await;
    kit.take(&entries[2..].iter().collect::<Vec<_>>()).await;
    let rows = kit.store.chain(&shard, 0, 100).await.unwrap();
    let mut previous = None;
    for ((expected, entry), (seq, hash, row)) in (1..).zip(&entries).zip(rows.clone()) {
        assert_eq!((seq, hash), (expected, entry.hash()));
        assert_eq!(row, row_hash(previous.as_ref(), &hash));
        previous = Some(row);
    }
    assert_eq!(rows.len(), 7);
    let head = &kit.store.feed_heads().await.unwrap()[0];
    assert_eq!((head.seq, head.row_hash), (7, previous));
}

pub(super) async fn a_boundary_record_is_in_both_feeds(kit: Kit) {
    let (reach, shards) = kit.boundary();
    let mut pen = Pen::new("wgy-yongji").on(&reach);
    let report = pen.cleanup(vec![]);
    kit.take(&[&report]).await;
    let wanted: Vec<_> = shards.into_iter().map(|s| (s, 1)).collect();
    assert_eq!(heads(&kit).await, wanted);
    // A remark says nothing of places and goes where its record is.
    pen.reach = None;
    kit.take(&[&pen.comment(record_of(&report), "已清")]).await;
    assert!(heads(&kit).await.iter().all(|(_, seq)| *seq == 2));
    let record = kit.store.record(record_of(&report)).await.unwrap().unwrap();
    assert_eq!(record.entries[0].feed, wanted);
}

pub(super) async fn a_record_that_moves_leaves_one_feed_and_enters_the_other(kit: Kit) {
    let [(from, old), (to, new)] = kit.two_places();
    let mut pen = Pen::new("wgy-yongji").on(&from);
    let report = pen.cleanup(vec![]);
    let remark = pen.comment(record_of(&report), "看错了河段");
    pen.reach = Some(to.parse().unwrap());
    let moved = pen.version(EntryId::new(Uuid::now_v7()), record_of(&report), vec![]);
    kit.take(&[&report, &remark]).await;
    kit.take(&[&moved]).await;
    let ops = async |shard: &DivisionId| {
        let (rows, _) = kit.store.since(&phone(&pen), shard, 0, 100).await.unwrap();
        rows.into_iter()
            .map(|r| (r.op, r.entry_hash))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ops(&old).await,
        [
            (FeedOp::Put, report.hash()),
            (FeedOp::Put, remark.hash()),
            (FeedOp::LeaveScope, moved.hash()),
        ]
    );
    let all = [&report, &remark, &moved].map(|e| (FeedOp::Put, e.hash()));
    assert_eq!(ops(&new).await, all);
}

pub(super) async fn a_remark_that_overtook_its_record_is_brought_along(kit: Kit) {
    let [(reach, shard), _] = kit.two_places();
    let mut pen = Pen::new("wgy-yongji").on(&reach);
    let report = pen.cleanup(vec![]);
    let remark = pen.comment(record_of(&report), "先到");
    kit.take(&[&remark]).await;
    let (rows, through) = kit.store.since(&phone(&pen), &shard, 0, 100).await.unwrap();
    assert_eq!((rows.len(), through), (0, 1), "nobody's yet");
    kit.take(&[&report]).await;
    let (rows, through) = kit
        .store
        .since(&phone(&pen), &shard, through, 100)
        .await
        .unwrap();
    let entries: Vec<_> = rows.into_iter().filter_map(|r| r.entry).collect();
    assert_eq!((entries, through), (vec![remark, report], 2));
}

/// Many writers and a reader that follows with a cursor: every row is seen once, in order.
pub(super) async fn readers_beside_writers_miss_nothing(kit: Kit) {
    const WRITERS: usize = 6;
    const EACH: usize = 15;
    let [(reach, shard), _] = kit.two_places();
    let kit = Arc::new(kit);
    let person = Pen::new("wgy-yongji");
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let (kit, mut pen) = (Arc::clone(&kit), Pen::new("wgy-yongji").on(&reach));
            tokio::spawn(async move {
                for _ in 0..EACH {
                    let arrivals = vec![arrival(&pen.cleanup(vec![]))];
                    let batch = Batch {
                        arrivals,
                        now: now(),
                        ..Batch::default()
                    };
                    kit.store.ingest(&batch, &kit.rules).await.unwrap();
                }
            })
        })
        .collect();
    let (mut seen, mut cursor) = (Vec::new(), 0);
    while seen.len() < WRITERS * EACH {
        let done = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let (rows, through) = kit
            .store
            .since(&phone(&person), &shard, cursor, 5)
            .await
            .unwrap();
        let found = rows.len();
        seen.extend(rows.into_iter().map(|r| r.seq));
        cursor = through;
        assert!(
            !done || found > 0 || seen.len() == WRITERS * EACH,
            "rows were skipped: {seen:?}"
        );
        tokio::task::yield_now().await;
    }
    let unique: BTreeSet<_> = seen.iter().copied().collect();
    assert_eq!(seen, unique.into_iter().collect::<Vec<_>>());
    assert_eq!(seen, (1..=(WRITERS * EACH) as u64).collect::<Vec<_>>());
}
