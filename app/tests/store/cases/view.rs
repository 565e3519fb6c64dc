use crate::phone::Phone;
use crate::sample::{NOW, draft_id, photo, receipt, remark, row, unsealed};
use domain::entry::Kind;
use domain::feed::{Block, BlockHash};
use domain::ids::EntryId;
use domain::register::DivisionId;
use domain::sync::{Change, Finding, Inspection, KeepRule};
use domain::time::WallMs;
use domain::wire::{BlockDigest, PulledRow, ShardDigest};
use xunhe_app::store::LocalStore;

fn shard() -> DivisionId {
    "yongji".parse().unwrap()
}

/// What a server that holds just these rows says of its first block.
fn digest(rows: &[PulledRow]) -> ShardDigest {
    let mut block = BlockHash::default();
    for row in rows {
        block.row(row.seq, &row.entry.as_ref().unwrap().hash());
    }
    let (count, hash) = block.finish();
    ShardDigest {
        shard: shard(),
        through: 100,
        blocks: vec![BlockDigest { no: 0, count, hash }],
    }
}

async fn differing(tab: &LocalStore, theirs: Vec<ShardDigest>) -> Vec<Block> {
    match tab.inspect(&Inspection::Differing(theirs)).await.unwrap() {
        Finding::Differing(blocks) => blocks,
        other => panic!("{other:?}"),
    }
}

async fn apply(tab: &LocalStore, change: Change) {
    assert!(tab.apply(None, &[change], NOW).await.unwrap());
}

fn pulled(after: Option<&str>, rows: Vec<PulledRow>, cursor: &str) -> Change {
    Change::Pulled {
        after: after.map(Into::into),
        rows,
        cursor: cursor.into(),
        reset: false,
    }
}

pub(crate) async fn a_block_that_differs_is_put_right(phone: &Phone) {
    let tab = phone.tab().await;
    let saved = tab
        .submit(&unsealed(&tab, 1, &[]), None, NOW)
        .await
        .unwrap();
    let id = saved.entry.entry_id;
    let own = tab.entries(&[id]).await.unwrap().unwrap().remove(0);
    let own = row(4, id.as_record(), Some(own));
    let (kept, ghost, missed) = (
        remark(5, id, Kind::Comment),
        remark(6, id, Kind::Comment),
        remark(7, id, Kind::Comment),
    );
    let rows = vec![own.clone(), kept.clone(), ghost.clone()];
    apply(&tab, pulled(None, rows.clone(), "c1")).await;
    assert_eq!(differing(&tab, vec![digest(&rows)]).await, []);

    let theirs = vec![own, kept, missed];
    let block = Block {
        shard: shard(),
        no: 0,
    };
    let only = std::slice::from_ref(&block);
    assert_eq!(differing(&tab, vec![digest(&theirs)]).await, only);
    // A shard of which the server holds nothing differs, too.
    assert_eq!(differing(&tab, vec![]).await, only);
    let repaired = Change::Repaired {
        block,
        through: 100,
        rows: theirs.clone(),
    };
    apply(&tab, repaired).await;
    assert_eq!(differing(&tab, vec![digest(&theirs)]).await, []);
    assert!(tab.queue().await.unwrap().sweep_owed);
    apply(&tab, Change::Sweep { at_most: 1 }).await;
    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    let feed = |e: &xunhe_app::store::LocalEntry| e.feed.as_ref().unwrap().seq;
    let seqs: Vec<_> = record.entries.iter().map(feed).collect();
    assert_eq!(seqs, [4, 5, 7]);
    assert_eq!(tab.queue().await.unwrap().cursor.as_deref(), Some("c1"));
    let checked = Change::Checked { at: WallMs(99) };
    apply(&tab, checked).await;
    assert_eq!(tab.queue().await.unwrap().checked, Some(WallMs(99)));
}

pub(crate) async fn a_later_row_takes_the_place_of_an_earlier_one(phone: &Phone) {
    let tab = phone.tab().await;
    let on = EntryId::new(draft_id(50).raw());
    let early = remark(6, on, Kind::Comment);
    let late = PulledRow {
        seq: 9,
        quarantined: true,
        ..early.clone()
    };
    let last = digest(std::slice::from_ref(&late));
    apply(&tab, pulled(None, vec![early.clone(), late], "c1")).await;
    assert_eq!(differing(&tab, vec![last.clone()]).await, []);
    // The earlier one, told once more, changes nothing.
    apply(&tab, pulled(Some("c1"), vec![early], "c2")).await;
    assert_eq!(differing(&tab, vec![last]).await, []);
    let record = tab.record(on.as_record()).await.unwrap().unwrap();
    assert!(record.entries[0].feed.as_ref().unwrap().quarantined);
}

pub(crate) async fn the_slower_of_two_tabs_pulls_again(phone: &Phone) {
    let (tab, slow) = (phone.tab().await, phone.tab().await);
    let on = EntryId::new(draft_id(50).raw());
    let rows = vec![remark(6, on, Kind::Comment)];
    apply(&tab, pulled(None, rows.clone(), "c1")).await;
    let late = [pulled(None, rows, "c0")];
    assert!(!slow.apply(None, &late, NOW).await.unwrap());
    assert_eq!(slow.queue().await.unwrap().cursor.as_deref(), Some("c1"));
}

pub(crate) async fn a_record_in_another_shard_stays(phone: &Phone) {
    let tab = phone.tab().await;
    let on = EntryId::new(draft_id(50).raw());
    let here = remark(6, on, Kind::Comment);
    let there = PulledRow {
        shard: "yanhu".parse().unwrap(),
        seq: 3,
        ..here.clone()
    };
    apply(&tab, pulled(None, vec![here.clone(), there.clone()], "c1")).await;
    apply(
        &tab,
        pulled(Some("c1"), vec![row(8, on.as_record(), None)], "c2"),
    )
    .await;
    assert!(tab.record(on.as_record()).await.unwrap().is_some());
    let gone = PulledRow {
        shard: there.shard,
        ..row(8, on.as_record(), None)
    };
    apply(&tab, pulled(Some("c2"), vec![gone], "c3")).await;
    assert!(tab.record(on.as_record()).await.unwrap().is_none());
    assert_eq!(differing(&tab, vec![]).await, [], "and its places went");
}

pub(crate) async fn only_received_and_unneeded_photos_go(phone: &Phone) {
    let tab = phone.tab().await;
    let one = photo(&tab, 1, b"before").await;
    let two = photo(&tab, 2, b"after").await;
    let saved = tab
        .submit(&unsealed(&tab, 1, &[one, two]), None, NOW)
        .await
        .unwrap();
    let text = Change::EntryHeld {
        entry_id: saved.entry.entry_id,
        receipt: receipt("text"),
        received_ms: WallMs(42),
        quarantined: None,
    };
    let held = Change::BlobHeld {
        key: saved.blobs[0].key,
        receipt: receipt("photo"),
        received_ms: WallMs(43),
    };
    assert!(tab.apply(None, &[text, held], NOW).await.unwrap());
    let rule = |in_backup_before| KeepRule {
        aged_before: WallMs(0),
        in_backup_before: WallMs(in_backup_before),
        crowded: true,
    };
    let removable = async |rule| match tab.inspect(&Inspection::Removable(rule)).await.unwrap() {
        Finding::Removable(found) => found.photos,
        other => panic!("{other:?}"),
    };
    assert_eq!(removable(rule(43)).await, [], "not in the backup");
    let found = removable(rule(44)).await;
    assert_eq!(found.len(), 1, "the other one is unsent");
    assert_eq!((found[0].key, found[0].size), (saved.blobs[0].key, 6));
    // Asked for more than the rule lets go: the store looks again.
    let go = |rule| Change::LetGo {
        photos: saved.blobs.iter().map(|b| b.key).collect(),
        rule,
    };
    apply(&tab, go(rule(43))).await;
    assert!(tab.find_photo(one.sha256).await.unwrap().is_some());
    apply(&tab, go(rule(44))).await;
    assert!(tab.find_photo(one.sha256).await.unwrap().is_none());
    assert!(tab.find_photo(two.sha256).await.unwrap().is_some());
    assert_eq!(removable(rule(44)).await, []);
    assert_eq!(tab.usage().await.unwrap().photo_bytes, 5);
}
