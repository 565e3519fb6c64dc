//! I-6, I-7: what a phone shows of others' work is what the server would send a new phone.

use crate::phone::wire::{Ask, Reply};
use domain::case::Verdict;
use domain::feed::FeedOp;
use domain::hash::EntryHash;
use domain::ids::RecordId;
use domain::register::PersonId;
use domain::sync::{Finding, Inspection};
use domain::wire::{AS_PERSON, Digest, PullAnswer};
use std::collections::{BTreeMap, BTreeSet};
use xunhe_app::store::LocalStore;

/// What is known of one entry.
type Known = (Option<Verdict>, Option<u64>, bool);
/// Records with their entries.
pub type View = BTreeMap<RecordId, BTreeMap<EntryHash, Known>>;

/// Asks as a phone that has nothing yet does; `take` carries a request to the server.
pub async fn sent(
    person: &PersonId,
    take: &impl AsyncFn(Ask) -> Option<Reply>,
) -> Result<View, String> {
    let (mut shards, mut cursor) = (BTreeMap::<_, View>::new(), None::<String>);
    loop {
        let path = cursor.map_or_else(|| "/sync/pull".into(), |c| format!("/sync/pull?cursor={c}"));
        let ask = Ask::new("GET", path).header(AS_PERSON, person.as_str());
        let reply = take(ask).await.ok_or("nothing answers")?;
        let answer: PullAnswer = reply
            .judged()
            .and_then(Reply::read)
            .map_err(|e| format!("a pull: {e:?}"))?;
        for row in answer.rows {
            // A record may leave one shard and stay in another.
            let view = shards.entry(row.shard).or_default();
            match (row.op, row.entry) {
                (FeedOp::Put, Some(entry)) => {
                    let known = (row.verdict, row.judged, row.quarantined);
                    let record = view.entry(row.record_id).or_default();
                    record.insert(entry.hash(), known);
                }
                (FeedOp::LeaveScope, _) => {
                    view.remove(&row.record_id);
                }
                _ => {}
            }
        }
        if !answer.more {
            return Ok(together(shards.into_values()));
        }
        cursor = Some(answer.cursor);
    }
}

fn together(shards: impl Iterator<Item = View>) -> View {
    let mut all = View::new();
    for (record, entries) in shards.flatten() {
        all.entry(record).or_default().extend(entries);
    }
    all
}

/// Compares the digests: of what the phone holds by feed and number, and the server's.
pub async fn digests(
    store: &LocalStore,
    take: &impl AsyncFn(Ask) -> Option<Reply>,
) -> Result<(), String> {
    let ask = Ask::new("GET", "/sync/digest").header(AS_PERSON, store.person().as_str());
    let reply = take(ask).await.ok_or("nothing answers")?;
    let digest: Digest = reply
        .judged()
        .and_then(Reply::read)
        .map_err(|e| format!("a digest: {e:?}"))?;
    let found = store.inspect(&Inspection::Differing(digest.shards)).await;
    match found.map_err(|e| e.to_string())? {
        Finding::Differing(blocks) if blocks.is_empty() => Ok(()),
        other => Err(format!("the digests differ: {other:?}")),
    }
}

/// Compares a phone's store with what a new phone is sent.
pub async fn compare(store: &LocalStore, fresh: &View) -> Result<(), String> {
    for (record, entries) in fresh {
        let held = store.record(*record).await.map_err(|e| e.to_string())?;
        let held = held.ok_or("a record of its scope is not on the phone")?;
        for (hash, known) in entries {
            let entry = held.entries.iter().find(|e| e.entry.hash() == *hash);
            let entry = entry.ok_or_else(|| {
                format!("entry {hash} of record {record}, in its scope, is not on the phone")
            })?;
            let feed = entry.feed.as_ref().ok_or("an entry was never pulled")?;
            let here = (feed.verdict.clone(), feed.judged, feed.quarantined);
            if here != *known {
                return Err(format!("{here:?} on the phone, {known:?} on the server"));
            }
        }
    }
    let mut before = None;
    loop {
        let page = store.records(before, 50).await.map_err(|e| e.to_string())?;
        for record in page.records {
            let own = record.entries.iter().any(|e| e.delivery.is_some());
            let here: BTreeSet<_> = record.entries.iter().map(|e| e.entry.hash()).collect();
            let sent = fresh.get(&record.record_id);
            let sent: BTreeSet<_> = sent.into_iter().flat_map(BTreeMap::keys).copied().collect();
            // What was written here stays here, whatever became of its record.
            if !own && here != sent {
                let more = record.entries.iter();
                let more: Vec<_> = more
                    .filter(|e| !sent.contains(&e.entry.hash()))
                    .map(|e| (&e.entry.header().kind, &e.feed))
                    .collect();
                return Err(format!(
                    "the phone shows {} entries of a record and is sent {}: {more:?}",
                    here.len(),
                    sent.len()
                ));
            }
        }
        before = page.next;
        if before.is_none() {
            return Ok(());
        }
    }
}
