//! I-14: the feed of every shard is numbered without a gap and chained; I-3: it names nothing
//! twice without a reason.

use super::held::{all, sha256};
use domain::feed::row_hash;
use sqlx::{Row as _, SqliteConnection};
use std::collections::BTreeMap;

pub(super) async fn check(db: &mut SqliteConnection) -> Result<(), String> {
    let mut heads = BTreeMap::new();
    for row in all(
        db,
        "SELECT shard, seq, entry_hash, row_hash FROM feed ORDER BY shard, seq",
    )
    .await?
    {
        let (shard, seq): (String, i64) = (row.get("shard"), row.get("seq"));
        let before = heads.get(&shard).copied();
        let (last, previous) = before.map_or((0, None), |(seq, hash)| (seq, Some(hash)));
        if seq != last + 1 {
            return Err(format!("the feed of {shard} goes from {last} to {seq}"));
        }
        let chained = row_hash(previous.as_ref(), &sha256(row.get("entry_hash"))?);
        if chained != sha256(row.get("row_hash"))? {
            return Err(format!("the chain of {shard} breaks at {seq}"));
        }
        heads.insert(shard, (seq, chained));
    }
    for row in all(db, "SELECT shard, seq, row_hash FROM shard").await? {
        let (shard, seq): (String, i64) = (row.get("shard"), row.get("seq"));
        let head = heads.remove(&shard);
        if head != Some((seq, sha256(row.get("row_hash"))?)) {
            return Err(format!("the head of {shard} is not the end of its feed"));
        }
    }
    if let Some((shard, _)) = heads.pop_first() {
        return Err(format!("the feed of {shard} has no head"));
    }
    let lost = all(
        db,
        "SELECT entry_id FROM entry e WHERE NOT EXISTS
            (SELECT 1 FROM feed f WHERE f.entry_id = e.entry_id AND f.op = 'put')",
    )
    .await?;
    if !lost.is_empty() {
        return Err(format!("{} entries are in no feed", lost.len()));
    }
    // An entry comes into one feed again when its record moves or is handed to a unit, or when a
    // step of it is judged later: all of them change who must hear of it.
    let twice = all(
        db,
        "SELECT f.entry_id FROM feed f WHERE f.op = 'put'
            AND NOT EXISTS (SELECT 1 FROM feed o WHERE o.record_id = f.record_id
                AND o.op <> 'put')
            AND NOT EXISTS (SELECT 1 FROM verdict v JOIN entry s USING (entry_id)
                WHERE s.record_id = f.record_id)
         GROUP BY f.shard, f.entry_id HAVING count(*) > 1",
    )
    .await?;
    if !twice.is_empty() {
        return Err(format!("{} entries are in a feed twice", twice.len()));
    }
    Ok(())
}
