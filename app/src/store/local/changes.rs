//! What the engine wants recorded, all of it in one strict transaction.

use super::super::StoreError;
use super::super::disk::{Read, Rows, Write};
use super::super::schema::Table;
use super::news::News;
use super::rows::{Held, OutboxBlob, OutboxRow, outbox_row};
use super::{LocalStore, facts, room, rows, view};
use domain::hash::Sha256;
use domain::ids::{EntryId, ServerId};
use domain::order::{Set, add, add_to, sort_by_key};
use domain::receipt::Receipt;
use domain::sync::{BlobKey, Change, KeepRule};
use domain::time::WallMs;
use domain::wire::{Gap, Seen};
use litemap::LiteMap;
use std::cell::Cell;

/// What became of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// All of it is in the store; else nothing.
    pub written: bool,
    /// Something was erased by law: less waits than before.
    pub erased: bool,
}

impl LocalStore {
    /// Writes what the engine wants recorded; after an error nothing of it is. Nothing is written
    /// either where another tab was faster: the store is under another server than `under`, was
    /// pulled into meanwhile, or holds more to remove than was asked about.
    pub async fn apply(
        &self,
        under: Option<(ServerId, u64)>,
        changes: &[Change],
        now: WallMs,
    ) -> Result<Applied, StoreError> {
        let news = News::of(changes);
        let erased = self.erase(under, &news.orders()).await?;
        let wish = Wish::of(changes);
        let mut reads = vec![facts::ask(facts::SERVER)];
        let mut split = |more: Vec<Read>| {
            reads.extend(more);
            reads.len()
        };
        let news_end = split(news.reads());
        let outbox_end = split(wish.outbox());
        let sweep_end = split(
            wish.sweep
                .map_or_else(Vec::new, |_| view::sweep_reads().into()),
        );
        split(
            wish.let_go
                .map_or_else(Vec::new, |(keys, _)| room::reads(keys)),
        );
        let mut tables = vec![Table::Meta, Table::Entry, Table::Outbox, Table::Receipt];
        if wish.let_go.is_some() {
            tables.extend([Table::Draft, Table::Photo, Table::Chunk]);
        }
        let written = Cell::new(false);
        self.strictly(&tables, &reads, &|found| {
            written.set(false);
            if facts::told(&found[0])? != under {
                return Ok(Vec::new());
            }
            let Some(mut writes) = news.writes(&found[1..news_end], now)? else {
                return Ok(Vec::new());
            };
            if let Some(at_most) = wish.sweep {
                let Some(swept) = view::sweep(&found[outbox_end..sweep_end], at_most)? else {
                    return Ok(Vec::new());
                };
                writes.extend(swept);
            }
            let mut own = Own::read(&found[news_end..outbox_end])?;
            for change in changes {
                own.take(change)?;
            }
            if let Some((keys, rule)) = wish.let_go {
                let gone = room::let_go(keys, rule, &mut own.rows, &found[sweep_end..])?;
                own.writes.extend(gone);
            }
            writes.extend(own.finish()?);
            written.set(true);
            Ok(writes)
        })
        .await?;
        let written = written.get();
        Ok(Applied { written, erased })
    }
}

/// What changes want read besides the news.
#[derive(Default)]
struct Wish<'a> {
    named: Set<EntryId>,
    /// The whole outbox.
    everything: bool,
    sweep: Option<u32>,
    let_go: Option<(&'a [BlobKey], KeepRule)>,
}

impl<'a> Wish<'a> {
    fn of(changes: &'a [Change]) -> Self {
        let mut wish = Self::default();
        for change in changes {
            match change {
                Change::EntryHeld { entry_id, .. }
                | Change::EntryParked { entry_id, .. }
                | Change::Unparked { entry_id } => {
                    wish.named.insert(*entry_id, ());
                }
                Change::Upload { key, .. }
                | Change::BlobHeld { key, .. }
                | Change::BlobParked { key, .. } => {
                    wish.named.insert(key.entry_id, ());
                }
                Change::Lacking { texts, photos } => {
                    add_to(&mut wish.named, texts.iter().copied());
                    add_to(&mut wish.named, photos.iter().map(|key| key.entry_id));
                }
                Change::Reoffer { .. } | Change::Gaps(_) => wish.everything = true,
                Change::LetGo { photos, rule } => {
                    wish.everything = true;
                    wish.let_go = Some((photos, *rule));
                }
                Change::Sweep { at_most } => wish.sweep = Some(*at_most),
                Change::Pulled { .. }
                | Change::Repaired { .. }
                | Change::Checked { .. }
                | Change::Met { .. }
                | Change::InOrder { .. } => {}
            }
        }
        wish
    }

    fn outbox(&self) -> Vec<Read> {
        if self.everything {
            return vec![Read::all(Table::Outbox)];
        }
        let one = |id: &EntryId| Read::one(Table::Outbox, id.to_string());
        self.named.keys().map(one).collect()
    }
}

/// The own entries that changes are about.
struct Own {
    before: LiteMap<EntryId, OutboxRow>,
    rows: LiteMap<EntryId, OutboxRow>,
    receipts: Set<Sha256>,
    writes: Vec<Write>,
}

impl Own {
    fn read(found: &[Rows]) -> Result<Self, StoreError> {
        let mut all = LiteMap::new();
        for found in found {
            let rows: Vec<OutboxRow> = rows::read_all(Table::Outbox, found)?;
            add(&mut all, rows.into_iter().map(|row| (row.entry_id, row)));
        }
        Ok(Self {
            before: all.clone(),
            rows: all,
            receipts: Set::new(),
            writes: Vec::new(),
        })
    }

    /// Everything but the news, sweeping and letting go.
    fn take(&mut self, change: &Change) -> Result<(), StoreError> {
        match change {
            Change::EntryHeld {
                entry_id,
                receipt,
                received_ms,
                quarantined,
            } => {
                let receipt = self.keep(receipt)?;
                if let Some(row) = self.rows.get_mut(entry_id) {
                    row.parked = None;
                    row.held = Some(Held {
                        receipt,
                        received_ms: *received_ms,
                        quarantined: quarantined.clone(),
                    });
                }
            }
            // What was received stays received, whatever another tab heard.
            Change::EntryParked { entry_id, reason } => {
                let row = self.rows.get_mut(entry_id);
                if let Some(row) = row.filter(|row| row.held.is_none()) {
                    row.parked = Some(reason.clone());
                }
            }
            Change::Unparked { entry_id } => {
                if let Some(row) = self.rows.get_mut(entry_id) {
                    row.parked = None;
                    row.blobs.iter_mut().for_each(|b| b.parked = None);
                }
            }
            Change::Upload { key, upload } => self.with_blob(key, |b| b.upload = *upload),
            Change::BlobHeld {
                key,
                receipt,
                received_ms,
            } => {
                let receipt = self.keep(receipt)?;
                self.with_blob(key, |b| {
                    (b.held, b.upload, b.parked) = (Some(receipt), None, None);
                    b.received_ms = Some(*received_ms);
                });
            }
            Change::BlobParked { key, reason } => self.with_blob(key, |b| {
                if b.held.is_none() {
                    b.parked = Some(reason.clone());
                }
            }),
            Change::Lacking { texts, photos } => {
                for id in texts {
                    if let Some(row) = self.rows.get_mut(id).filter(|row| !row.erased) {
                        row.held = None;
                    }
                }
                for key in photos {
                    self.with_blob(key, unsend);
                }
            }
            Change::Gaps(gaps) => self.reopen(gaps),
            Change::Reoffer { server_id, epoch } => {
                self.rows.iter_mut().map(|(_, row)| row).for_each(reoffer);
                self.write(facts::SERVER, &(server_id, epoch))?;
                // The feed of the restored server may be shorter: read it from its beginning.
                for gone in [facts::CURSOR, facts::WITNESS] {
                    self.writes
                        .push(Write::Delete(Table::Meta, gone.to_owned()));
                }
            }
            Change::Met { server_id, epoch } => self.write(facts::SERVER, &(server_id, epoch))?,
            Change::InOrder { at } => self.write(facts::LAST_SYNC, at)?,
            Change::Checked { at } => self.write(facts::CHECKED, at)?,
            Change::Pulled { .. }
            | Change::Repaired { .. }
            | Change::Sweep { .. }
            | Change::LetGo { .. } => {}
        }
        Ok(())
    }

    fn write<T: serde::Serialize>(&mut self, name: &str, value: &T) -> Result<(), StoreError> {
        self.writes.push(facts::set(name, value)?);
        Ok(())
    }

    /// Keeps a receipt, once for all that it names; a short one also as witness of the epoch.
    fn keep(&mut self, receipt: &Receipt) -> Result<Sha256, StoreError> {
        let name = Sha256::of(receipt.statement.as_bytes());
        if self.receipts.insert(name, ()).is_none() {
            let row = rows::row(name.to_string(), receipt, Vec::new())?;
            self.writes.push(Write::Put(Table::Receipt, row));
            if receipt.statement.len() <= Seen::RECEIPT_BYTES {
                self.write(facts::WITNESS, &name)?;
            }
        }
        Ok(name)
    }

    fn with_blob(&mut self, key: &BlobKey, then: impl FnOnce(&mut OutboxBlob)) {
        let row = self.rows.get_mut(&key.entry_id);
        let blobs = row.map(|row| row.blobs.iter_mut());
        if let Some(blob) = blobs.and_then(|mut all| all.find(|b| b.blob.sha256 == key.sha256)) {
            then(blob);
        }
    }

    /// What a server misses of the log is unsent again. The log is gapless and every entry of it
    /// has its outbox row for good, so the order in which they came tells their places.
    fn reopen(&mut self, gaps: &[Gap]) {
        let mut log: Vec<_> = self.rows.iter_mut().map(|(_, row)| row).collect();
        sort_by_key(&mut log, |row| row.arrival);
        for (seq, row) in (1..).zip(log) {
            // Where a text is lost, its photos are as well.
            if gaps.iter().any(|gap| (gap.from..=gap.to).contains(&seq)) {
                reoffer(row);
            }
        }
    }

    fn finish(self) -> Result<Vec<Write>, StoreError> {
        let mut writes = self.writes;
        for (id, row) in &self.rows {
            if self.before.get(id) != Some(row) {
                writes.push(Write::Put(Table::Outbox, outbox_row(row)?));
            }
        }
        Ok(writes)
    }
}

/// Received before, and unsent again. What lies in the tray stays there, and of what was erased by
/// law there is nothing to offer.
fn reoffer(row: &mut OutboxRow) {
    if row.erased {
        return;
    }
    row.held = None;
    row.blobs.iter_mut().for_each(unsend);
}

fn unsend(blob: &mut OutboxBlob) {
    (blob.held, blob.received_ms, blob.upload) = (None, None, None);
}
