use super::kit::{Kit, phone};
use crate::support::Pen;
use crate::support::pen::record_of;
use domain::entry::Entry;
use domain::feed::Block;
use domain::hash::EntryHash;
use domain::ids::EntryId;
use domain::register::DivisionId;
use uuid::Uuid;

/// What the scope of the pen's person holds in a shard.
async fn scope_rows(kit: &Kit, pen: &Pen, shard: &DivisionId) -> Vec<(u64, EntryHash)> {
    let all = kit.store.scope_rows(&phone(pen)).await.unwrap();
    let found = all.into_iter().find(|s| s.shard == *shard);
    found.map_or_else(Vec::new, |s| s.rows)
}

pub(super) async fn a_digest_names_the_last_row_of_each_entry_in_its_scope(kit: Kit) {
    let [(reach, shard), _] = kit.two_places();
    let mut pen = Pen::new("wgy-yongji").on(&reach);
    let mut other = Pen::new("wgy2-yongji").on(&reach);
    let (report, theirs) = (pen.cleanup(vec![]), other.cleanup(vec![]));
    let remark = other.comment(record_of(&report), "收到");
    kit.take(&[&report, &theirs, &remark]).await;
    let mine = [(1, report.hash()), (3, remark.hash())];
    assert_eq!(scope_rows(&kit, &pen, &shard).await, mine);
    let heads = kit.store.scope_rows(&phone(&pen)).await.unwrap();
    assert_eq!(heads[0].through, 3, "what lies outside was looked through");

    let block = |no| Block {
        shard: shard.clone(),
        no,
    };
    let (rows, through) = kit
        .store
        .scope_block(&phone(&pen), &block(0))
        .await
        .unwrap();
    let told: Vec<_> = rows.into_iter().map(|r| (r.seq, r.entry_hash)).collect();
    assert_eq!((told.as_slice(), through), (&mine[..], 3));
    let (rows, _) = kit
        .store
        .scope_block(&phone(&pen), &block(1))
        .await
        .unwrap();
    assert!(rows.is_empty());
}

pub(super) async fn a_digest_forgets_what_left_the_shard(kit: Kit) {
    let [(from, old), (to, new)] = kit.two_places();
    let mut pen = Pen::new("wgy-yongji").on(&from);
    let report = pen.cleanup(vec![]);
    pen.reach = Some(to.parse().unwrap());
    let moved: Entry = pen.version(EntryId::new(Uuid::now_v7()), record_of(&report), vec![]);
    kit.take(&[&report]).await;
    assert_eq!(scope_rows(&kit, &pen, &old).await.len(), 1);
    kit.take(&[&moved]).await;
    assert_eq!(scope_rows(&kit, &pen, &old).await, []);
    let there = scope_rows(&kit, &pen, &new).await;
    let mut hashes: Vec<_> = there.into_iter().map(|(_, hash)| hash).collect();
    hashes.sort();
    let mut both = [report.hash(), moved.hash()];
    both.sort();
    assert_eq!(hashes, both);
}
