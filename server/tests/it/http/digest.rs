//! Anti-entropy: what the server says of a phone's scope, block by block.

use crate::support::TestServer;
use crate::support::pen::record_of;
use crate::support::person::Person;
use domain::feed::BlockHash;
use domain::wire::{BlockRows, Digest, PulledRow};
use std::collections::BTreeMap;

/// Count and hash of the first block of each shard, of rows in ascending order.
fn first_blocks(rows: &[PulledRow]) -> BTreeMap<String, (u32, String)> {
    let mut blocks: BTreeMap<String, BlockHash> = BTreeMap::new();
    for row in rows {
        let block = blocks.entry(row.shard.to_string()).or_default();
        block.row(row.seq, &row.entry.as_ref().unwrap().hash());
    }
    let finish = |(shard, block): (String, BlockHash)| {
        let (count, hash) = block.finish();
        (shard, (count, hash.to_string()))
    };
    blocks.into_iter().map(finish).collect()
}

fn said(digest: &Digest) -> BTreeMap<String, (u32, String)> {
    let shards = digest.shards.iter();
    let blocks = shards.flat_map(|s| s.blocks.iter().map(|b| (s.shard.to_string(), *b)));
    blocks
        .inspect(|(_, block)| assert_eq!(block.no, 0))
        .map(|(shard, block)| (shard, (block.count, block.hash.to_string())))
        .collect()
}

#[tokio::test]
async fn a_digest_is_what_a_pull_brings_and_nothing_of_others() {
    let server = TestServer::start().await;
    let mut chief = Person::arrives(&server, "xz-hejin").await;
    let mut other = Person::arrives(&server, "wgy-yongji").await;
    let report = chief.report();
    let remark = chief.pen.comment(record_of(&report), "已拍照");
    chief.client.push(&[&report, &remark]).await;
    other.pen.reach = None;
    let elsewhere = other.pen.cleanup(vec![]);
    other.sends(&elsewhere).await;

    for person in [&chief, &other] {
        let digest: Digest = person.client.get("/api/v1/sync/digest").await.json();
        let pulled = person.pulls().await;
        assert_eq!(Some(digest.epoch), pulled.epoch);
        assert_eq!(said(&digest), first_blocks(&pulled.rows));
    }
    let digest: Digest = chief.client.get("/api/v1/sync/digest").await.json();
    let shard = &digest.shards[0];
    let path = |no: u64| format!("/api/v1/sync/digest/{}/{no}", shard.shard);
    let block: BlockRows = chief.client.get(&path(0)).await.json();
    assert_eq!(block.through, shard.through);
    assert_eq!(first_blocks(&block.rows), said(&digest));
    let empty: BlockRows = chief.client.get(&path(1)).await.json();
    assert_eq!(empty.rows, []);
    // The same block as another sees it: only what is in that person's scope.
    let theirs: BlockRows = other.client.get(&path(0)).await.json();
    let mine = theirs.rows.iter().filter_map(|r| r.entry.as_ref());
    assert!(mine.into_iter().all(|e| *e == elsewhere));
}

#[tokio::test]
async fn without_a_session_nothing_is_said() {
    let server = TestServer::start().await;
    let stranger = server.stranger();
    for path in ["/api/v1/sync/digest", "/api/v1/sync/digest/yongji/0"] {
        let said = stranger.get(path).await.said();
        assert_eq!(said, (401, "sign_in_required".to_owned()), "{path}");
    }
}
