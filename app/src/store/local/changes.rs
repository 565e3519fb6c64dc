//! What the engine wants recorded, all of it in one strict transaction.

use super::super::StoreError;
use super::super::disk::{Read, Rows, Write};
use super::super::schema::{Mark, Table};
use super::erase::Order;
use super::rows::{EntryRow, FeedRow, Held, OutboxBlob, OutboxRow, entry_row, outbox_row};
use super::{LocalStore, facts, rows};
use domain::entry::CheckedEntry;
use domain::feed::FeedOp;
use domain::hash::Sha256;
use domain::ids::{EntryId, RecordId};
use domain::receipt::Receipt;
use domain::record::Purge;
use domain::sync::{BlobKey, Change};
use domain::time::WallMs;
use domain::wire::PulledRow;
use std::collections::{BTreeMap, BTreeSet};

impl LocalStore {
    /// Writes what the engine wants recorded; after an error nothing of it is. Says whether
    /// something was erased by law: then less is waiting than the engine knows of.
    pub async fn apply(&self, changes: &[Change], now: WallMs) -> Result<bool, StoreError> {
        let named: BTreeSet<EntryId> = changes.iter().filter_map(entry_of).collect();
        let news = News::of(changes);
        let orders = news.orders();
        self.erase(&orders).await?;
        let everything = changes.iter().any(|c| matches!(c, Change::Reoffer { .. }));
        let outbox_reads: Vec<Read> = if everything {
            vec![Read::all(Table::Outbox)]
        } else {
            named
                .iter()
                .map(|id| Read::one(Table::Outbox, id.to_string()))
                .collect()
        };
        let mut reads = vec![facts::ask(facts::ARRIVALS)];
        reads.extend(news.reads());
        let split = reads.len();
        reads.extend(outbox_reads);
        let tables = [Table::Meta, Table::Entry, Table::Outbox, Table::Receipt];
        self.strictly(&tables, &reads, &|found| {
            let (known, outbox) = found.split_at(split);
            let mut writes = record(changes, outbox)?;
            writes.extend(news.writes(known, now)?);
            Ok(writes)
        })
        .await?;
        Ok(!orders.is_empty())
    }
}

/// The own entry that a change is about.
fn entry_of(change: &Change) -> Option<EntryId> {
    match change {
        Change::EntryHeld { entry_id, .. } | Change::EntryParked { entry_id, .. } => {
            Some(*entry_id)
        }
        Change::Upload { key, .. }
        | Change::BlobHeld { key, .. }
        | Change::BlobParked { key, .. } => Some(key.entry_id),
        Change::Pulled { .. }
        | Change::Reoffer { .. }
        | Change::Met { .. }
        | Change::InOrder { .. } => None,
    }
}

/// Everything but news from the feed.
fn record(changes: &[Change], outbox: &[Rows]) -> Result<Vec<Write>, StoreError> {
    let mut own: BTreeMap<EntryId, OutboxRow> = BTreeMap::new();
    for rows in outbox {
        for row in rows::read_all::<OutboxRow>(Table::Outbox, rows)? {
            own.insert(row.entry_id, row);
        }
    }
    let mut writes = Vec::new();
    let mut receipts = BTreeSet::new();
    let mut keep = |receipt: &Receipt, writes: &mut Vec<Write>| {
        let name = Sha256::of(receipt.statement.as_bytes());
        if receipts.insert(name) {
            let row = rows::row(name.to_string(), receipt, Vec::new())?;
            writes.push(Write::Put(Table::Receipt, row));
        }
        Ok::<_, StoreError>(name)
    };
    for change in changes {
        match change {
            Change::EntryHeld {
                entry_id,
                receipt,
                received_ms,
                quarantined,
            } => {
                let receipt = keep(receipt, &mut writes)?;
                if let Some(row) = own.get_mut(entry_id) {
                    row.parked = None;
                    row.held = Some(Held {
                        receipt,
                        received_ms: *received_ms,
                        quarantined: quarantined.clone(),
                    });
                }
            }
            Change::EntryParked { entry_id, reason } => {
                if let Some(row) = own.get_mut(entry_id) {
                    row.parked = Some(reason.clone());
                }
            }
            Change::Upload { key, upload } => with_blob(&mut own, key, |b| b.upload = *upload),
            Change::BlobHeld { key, receipt } => {
                let receipt = keep(receipt, &mut writes)?;
                with_blob(&mut own, key, |b| {
                    (b.held, b.upload, b.parked) = (Some(receipt), None, None);
                });
            }
            Change::BlobParked { key, reason } => {
                with_blob(&mut own, key, |b| b.parked = Some(reason.clone()));
            }
            Change::Reoffer { server_id, epoch } => {
                own.values_mut().for_each(reoffer);
                writes.push(facts::set(facts::SERVER, &(server_id, epoch))?);
                // The feed of the restored server may be shorter: read it from its beginning.
                writes.push(Write::Delete(Table::Meta, facts::CURSOR.to_owned()));
            }
            Change::Met { server_id, epoch } => {
                writes.push(facts::set(facts::SERVER, &(server_id, epoch))?);
            }
            Change::InOrder { at } => writes.push(facts::set(facts::LAST_SYNC, at)?),
            Change::Pulled { .. } => {}
        }
    }
    for row in own.values() {
        writes.push(Write::Put(Table::Outbox, outbox_row(row)?));
    }
    Ok(writes)
}

/// Received before, and unsent again. What lies in the tray stays there, and of what was erased
/// by law there is nothing to offer.
fn reoffer(row: &mut OutboxRow) {
    if row.erased {
        return;
    }
    row.held = None;
    for blob in &mut row.blobs {
        (blob.held, blob.upload) = (None, None);
    }
}

fn with_blob(
    own: &mut BTreeMap<EntryId, OutboxRow>,
    key: &BlobKey,
    then: impl FnOnce(&mut OutboxBlob),
) {
    let row = own.get_mut(&key.entry_id);
    if let Some(blob) = row.and_then(|r| r.blobs.iter_mut().find(|b| b.blob.sha256 == key.sha256)) {
        then(blob);
    }
}

/// What a pull brought, checked before the transaction opens.
#[derive(Default)]
struct News<'a> {
    reset: bool,
    cursor: Option<&'a str>,
    puts: Vec<(&'a PulledRow, CheckedEntry)>,
    leaves: Vec<RecordId>,
}

impl<'a> News<'a> {
    fn of(changes: &'a [Change]) -> Self {
        let mut news = Self::default();
        for change in changes {
            let Change::Pulled {
                rows,
                cursor,
                reset,
            } = change
            else {
                continue;
            };
            news.reset |= reset;
            news.cursor = Some(cursor);
            for row in rows {
                match (&row.op, &row.entry) {
                    (FeedOp::Put, Some(entry)) => {
                        // What does not check is not an entry; showing it would be believing it.
                        news.puts.extend(
                            entry
                                .clone()
                                .check_kept()
                                .ok()
                                .map(|checked| (row, checked)),
                        );
                    }
                    (FeedOp::LeaveScope, _) => news.leaves.push(row.record_id),
                    (FeedOp::Put | FeedOp::Other(_), _) => {}
                }
            }
        }
        news
    }

    /// What the server erased by law.
    fn orders(&self) -> Vec<Order> {
        let said = self.puts.iter().filter(|(row, _)| !row.quarantined);
        said.filter_map(|(_, entry)| {
            let record = entry.header().record_id;
            Purge::of(entry).map(|purge| Order { record, purge })
        })
        .collect()
    }

    fn reads(&self) -> Vec<Read> {
        let mut reads = Vec::new();
        if self.reset {
            reads.push(Read::marked(Table::Entry, Mark::Foreign));
        }
        reads.extend(self.leaves.iter().map(|record| {
            Read::marked(Table::Entry, Mark::Record).starting(&format!("{record}/"))
        }));
        reads.extend(
            self.puts
                .iter()
                .map(|(_, e)| Read::one(Table::Entry, e.header().entry_id.to_string())),
        );
        reads
    }

    fn writes(&self, found: &[Rows], now: WallMs) -> Result<Vec<Write>, StoreError> {
        let Some((arrivals, found)) = found.split_first() else {
            return Ok(Vec::new());
        };
        let mut writes = Vec::new();
        let (forget, found) = found.split_at(usize::from(self.reset));
        for row in forget.iter().flat_map(|rows| &rows.rows) {
            writes.push(Write::Delete(Table::Entry, row.key.clone()));
        }
        let (left, known) = found.split_at(self.leaves.len());
        for rows in left {
            writes.extend(leave(rows)?);
        }
        let before = facts::told::<u64>(arrivals)?.unwrap_or(0);
        let mut arrival = before;
        let mut met = BTreeSet::new();
        for ((pulled, checked), rows) in self.puts.iter().zip(known) {
            let header = checked.header();
            if !met.insert(header.entry_id) {
                // A record in several shards comes once for each; the first row counts.
                continue;
            }
            let known: Option<EntryRow> = rows::read_first(Table::Entry, rows)?;
            let mut row = known.unwrap_or_else(|| {
                arrival += 1;
                EntryRow {
                    entry: checked.raw().clone(),
                    arrival,
                    own: false,
                    saved_ms: now,
                    feed: None,
                }
            });
            row.feed = Some(FeedRow {
                shard: pulled.shard.clone(),
                seq: pulled.seq,
                received_ms: pulled.received_ms,
                quarantined: pulled.quarantined,
                verdict: pulled.verdict.clone(),
                judged: pulled.judged,
                author_name: pulled.author_name.clone(),
                post_name: pulled.post_name.clone(),
                names: pulled.names.clone(),
            });
            let row = entry_row(header.entry_id, header.record_id, &row)?;
            writes.push(Write::Put(Table::Entry, row));
        }
        if arrival != before {
            writes.push(facts::set(facts::ARRIVALS, &arrival)?);
        }
        if let Some(cursor) = self.cursor {
            writes.push(facts::set(facts::CURSOR, &cursor)?);
        }
        Ok(writes)
    }
}

/// The record moved away: what others wrote in it goes, unless it is one's own record.
fn leave(entries: &Rows) -> Result<Vec<Write>, StoreError> {
    let known: Vec<EntryRow> = rows::read_all(Table::Entry, entries)?;
    if known.iter().any(|e| e.own) {
        return Ok(Vec::new());
    }
    let delete = |row: &super::super::disk::Row| Write::Delete(Table::Entry, row.key.clone());
    Ok(entries.rows.iter().map(delete).collect())
}
