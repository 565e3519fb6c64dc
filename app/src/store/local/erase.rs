//! 按规定清除: what the server erased by law goes from this phone, too. Headers, hashes and
//! receipts stay, so that everybody can still see that there was something.

use super::super::StoreError;
use super::super::disk::{Read, Rows, Write};
use super::super::schema::Table;
use super::clean::{DraftOnly, referenced};
use super::rows::{EntryRow, OutboxRow, PhotoRow, entry_row, outbox_row};
use super::{LocalStore, rows};
use domain::hash::Sha256;
use domain::ids::{EntryId, RecordId};
use domain::record::Purge;
use std::collections::{BTreeMap, BTreeSet};

/// What one purge orders, and of which record.
pub(super) struct Order {
    pub(super) record: RecordId,
    pub(super) purge: Purge,
}

impl LocalStore {
    /// Erases the texts that these purges name, and the photos that nothing else refers to.
    ///
    /// In a transaction of its own, before the cursor moves past the purges: a page that ends in
    /// between is given them again.
    pub(super) async fn erase(&self, orders: &[Order]) -> Result<(), StoreError> {
        let named: Vec<(&Order, EntryId)> = orders
            .iter()
            .flat_map(|order| order.purge.entries.iter().map(move |id| (order, *id)))
            .collect();
        if named.is_empty() {
            return Ok(());
        }
        let mut reads = vec![
            Read::all(Table::Draft),
            Read::all(Table::Outbox),
            Read::all(Table::Photo),
        ];
        let split = reads.len();
        reads.extend(
            named
                .iter()
                .map(|(_, id)| Read::one(Table::Entry, id.to_string())),
        );
        let tables = [
            Table::Draft,
            Table::Entry,
            Table::Outbox,
            Table::Photo,
            Table::Chunk,
        ];
        self.strictly(&tables, &reads, &|found| {
            let (all, entries) = found.split_at(split);
            let mut erasing = Erasing::read(&all[1])?;
            for ((order, _), rows) in named.iter().zip(entries) {
                erasing.entry(order, rows)?;
            }
            erasing.photos(&all[0], &all[2])
        })
        .await
    }
}

#[derive(Default)]
struct Erasing {
    outbox: BTreeMap<EntryId, OutboxRow>,
    /// Photos that the erased entries named.
    blobs: BTreeSet<Sha256>,
    writes: Vec<Write>,
}

impl Erasing {
    fn read(outbox: &Rows) -> Result<Self, StoreError> {
        let rows: Vec<OutboxRow> = rows::read_all(Table::Outbox, outbox)?;
        Ok(Self {
            outbox: rows.into_iter().map(|row| (row.entry_id, row)).collect(),
            ..Self::default()
        })
    }

    /// Erases an entry, if it is here and the purge may name it.
    fn entry(&mut self, order: &Order, found: &Rows) -> Result<(), StoreError> {
        let Some(mut row) = rows::read_first::<EntryRow>(Table::Entry, found)? else {
            return Ok(());
        };
        let Ok(checked) = row.entry.clone().check_kept() else {
            return Ok(());
        };
        let header = checked.header();
        if header.record_id != order.record || !order.purge.erases(&checked) {
            return Ok(());
        }
        let (id, record) = (header.entry_id, header.record_id);
        self.blobs.extend(header.blobs.iter().map(|b| b.sha256));
        row.entry = checked.erased().into_raw();
        let row = entry_row(id, record, &row)?;
        self.writes.push(Write::Put(Table::Entry, row));
        self.delivery(id)
    }

    /// Nothing of it is sent any more; what was received stays proven.
    fn delivery(&mut self, id: EntryId) -> Result<(), StoreError> {
        match self.outbox.remove(&id) {
            Some(mut row) if row.held.is_some() => {
                row.erased = true;
                row.parked = None;
                row.blobs.retain(|blob| blob.held.is_some());
                let row = outbox_row(&row)?;
                self.writes.push(Write::Put(Table::Outbox, row));
            }
            // The receipt got lost on its way, and there is nothing left to ask for it with. The
            // row stays: the order of the rows tells the places in the log.
            Some(mut row) => {
                (row.erased, row.parked) = (true, None);
                row.blobs.clear();
                let row = outbox_row(&row)?;
                self.writes.push(Write::Put(Table::Outbox, row));
            }
            None => {}
        }
        Ok(())
    }

    fn photos(mut self, drafts: &Rows, photos: &Rows) -> Result<Vec<Write>, StoreError> {
        let drafts: Vec<DraftOnly> = rows::read_all(Table::Draft, drafts)?;
        let wanted = referenced(&drafts, self.outbox.values());
        for photo in rows::read_all::<PhotoRow>(Table::Photo, photos)? {
            let hash = photo.done.map(|done| done.sha256);
            if hash.is_some_and(|hash| self.blobs.contains(&hash) && !wanted.contains(&hash)) {
                self.writes.extend(photo.remove());
            }
        }
        Ok(self.writes)
    }
}
