//! I-6, I-7: what a phone shows of others' work is what the server would send a new phone.

use crate::phone::wire::{Ask, Reply};
use domain::case::Verdict;
use domain::feed::FeedOp;
use domain::hash::EntryHash;
use domain::ids::RecordId;
use domain::register::PersonId;
use domain::wire::{AS_PERSON, PullAnswer};
use std::collections::{BTreeMap, BTreeSet};
use xunhe_app::store::LocalStore;

/// What is known of one entry.
type Known = (Option<Verdict>, Option<u64>, bool);
/// Records with their entries.
pub type View = BTreeMap<RecordId, BTreeMap<EntryHash, Known>>;

/// Asks as a phone that has nothing yet does; `take` carries a request to the server.
pub async fn sent(
    person: &PersonId,
    take: impl AsyncFn(Ask) -> Option<Reply>,
) -> Result<View, String> {
    let (mut view, mut cursor) = (View::new(), None::<String>);
    loop {
        let path = cursor.map_or_else(|| "/sync/pull".into(), |c| format!("/sync/pull?cursor={c}"));
        let ask = Ask::new("GET", path).header(AS_PERSON, person.as_str());
        let reply = take(ask).await.ok_or("nothing answers")?;
        let answer: PullAnswer = reply
            .judged()
            .and_then(Reply::read)
            .map_err(|e| format!("a pull: {e:?}"))?;
        for row in answer.rows {
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
            return Ok(view);
        }
        cursor = Some(answer.cursor);
    }
}

/// Compares a phone's store with what a new phone is sent.
pub async fn compare(store: &LocalStore, fresh: &View) -> Result<(), String> {
    for (record, entries) in fresh {
        let held = store.record(*record).await.map_err(|e| e.to_string())?;
        let held = held.ok_or("a record of its scope is not on the phone")?;
        for (hash, known) in entries {
            let entry = held.entries.iter().find(|e| e.entry.hash() == *hash);
            let entry = entry.ok_or("an entry of its scope is not on the phone")?;
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
                return Err("the phone shows what it is not sent any more".into());
            }
        }
        before = page.next;
        if before.is_none() {
            return Ok(());
        }
    }
}
