//! Clearing away photos that nothing refers to: of deleted drafts, and of intakes that were cut
//! off half way.

use super::super::StoreError;
use super::super::disk::Read;
use super::super::schema::Table;
use super::rows::{OutboxRow, PhotoRow};
use super::{LocalStore, rows};
use domain::hash::Sha256;
use domain::record::Draft;
use domain::time::WallMs;
use serde::Deserialize;
use std::cell::Cell;
use std::collections::BTreeSet;

/// How much lies in the store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Complete photos, copies included.
    pub photos: u32,
    /// Their bytes.
    pub photo_bytes: u64,
}

#[derive(Deserialize)]
pub(super) struct DraftOnly {
    draft: Draft,
}

/// An intake younger than this may still be under way in another tab.
const UNDER_WAY_MS: i64 = 60 * 60 * 1_000;

impl LocalStore {
    /// Deletes photos that neither a draft nor an own entry refers to, and intakes that were cut
    /// off more than an hour ago. Returns how many.
    pub async fn delete_unreferenced(&self, now: WallMs) -> Result<u32, StoreError> {
        let deleted = Cell::new(0);
        let reads = [
            Read::all(Table::Draft),
            Read::all(Table::Outbox),
            Read::all(Table::Photo),
        ];
        let tables = [Table::Draft, Table::Outbox, Table::Photo, Table::Chunk];
        self.strictly(&tables, &reads, &|found| {
            let wanted = referenced(
                &rows::read_all::<DraftOnly>(Table::Draft, &found[0])?,
                rows::read_all(Table::Outbox, &found[1])?.iter(),
            );
            let photos: Vec<PhotoRow> = rows::read_all(Table::Photo, &found[2])?;
            let idle = |p: &PhotoRow| now.0.saturating_sub(p.begun_ms.0).abs() > UNDER_WAY_MS;
            let gone = photos
                .into_iter()
                .filter(|p| idle(p) && p.done.is_none_or(|done| !wanted.contains(&done.sha256)));
            let mut writes = Vec::new();
            deleted.set(0);
            for photo in gone {
                writes.extend(photo.remove());
                deleted.set(deleted.get() + 1);
            }
            Ok(writes)
        })
        .await?;
        Ok(deleted.get())
    }

    /// How much lies in the store.
    pub async fn usage(&self) -> Result<Usage, StoreError> {
        let found = self.look(Read::all(Table::Photo)).await?;
        let photos: Vec<PhotoRow> = rows::read_all(Table::Photo, &found)?;
        let done = photos.iter().filter_map(|p| p.done);
        Ok(done.fold(Usage::default(), |sum, d| Usage {
            photos: sum.photos + 1,
            photo_bytes: sum.photo_bytes + d.size,
        }))
    }
}

/// Photos that a draft or an own entry refers to; an erased entry refers to none.
pub(super) fn referenced<'a>(
    drafts: &[DraftOnly],
    outbox: impl Iterator<Item = &'a OutboxRow>,
) -> BTreeSet<Sha256> {
    let sent = outbox.filter(|o| !o.erased).flat_map(|o| &o.blobs);
    drafted(drafts).chain(sent.map(|b| b.blob.sha256)).collect()
}

/// What drafts refer to.
pub(super) fn drafted(drafts: &[DraftOnly]) -> impl Iterator<Item = Sha256> + '_ {
    let photos = drafts.iter().flat_map(|d| &d.draft.photos);
    photos.flat_map(|p| std::iter::once(p.sha256).chain(p.derived.iter().map(|copy| copy.sha256)))
}
