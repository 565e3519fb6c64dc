//! Making room: the bytes of photos that the server holds and has in a backup may go. Thumbnails
//! stay, so that a record can still be recognised without a network.

use super::super::StoreError;
use super::super::disk::{Read, Rows, Write};
use super::super::schema::Table;
use super::clean::{DraftOnly, drafted};
use super::rows::{OutboxRow, PhotoRow};
use super::{LocalStore, photos, rows};
use domain::entry::BlobRole;
use domain::hash::Sha256;
use domain::ids::EntryId;
use domain::sync::{BlobKey, KeepRule, RemovablePhoto, RemovablePhotos};
use std::collections::{BTreeMap, BTreeSet};

/// What the rule lets go, oldest entry first. Bytes that a draft or an unsent record also needs
/// stay.
fn removable<'a>(
    outbox: impl Iterator<Item = &'a OutboxRow> + Clone,
    drafts: &[DraftOnly],
    rule: KeepRule,
) -> Vec<RemovablePhoto> {
    let blobs = outbox.clone().flat_map(|row| &row.blobs);
    let unsent = blobs.filter(|b| b.held.is_none()).map(|b| b.blob.sha256);
    let needed: BTreeSet<Sha256> = unsent.chain(drafted(drafts)).collect();
    let mut found = Vec::new();
    for row in outbox.filter(|row| row.held.is_some() && !row.erased) {
        let may = row.blobs.iter().filter(|b| {
            let received = b.held.and(b.received_ms);
            received.is_some_and(|at| rule.lets_go(at))
                && !b.let_go
                && b.blob.role != BlobRole::Thumb
                && !needed.contains(&b.blob.sha256)
        });
        found.extend(may.map(|b| RemovablePhoto {
            key: BlobKey {
                entry_id: row.entry_id,
                sha256: b.blob.sha256,
            },
            entry: row.hash,
            size: b.blob.size,
        }));
    }
    found
}

/// What letting photos go reads, besides the outbox: the drafts, then each photo.
pub(super) fn reads(keys: &[BlobKey]) -> Vec<Read> {
    let photos = keys.iter().map(|key| photos::by_hash(key.sha256));
    std::iter::once(Read::all(Table::Draft))
        .chain(photos)
        .collect()
}

/// Looks again at each whether the rule lets it go, notes that in its outbox row and removes its
/// bytes.
pub(super) fn let_go(
    keys: &[BlobKey],
    rule: KeepRule,
    own: &mut BTreeMap<EntryId, OutboxRow>,
    found: &[Rows],
) -> Result<Vec<Write>, StoreError> {
    let Some((drafts, photos)) = found.split_first() else {
        return Ok(Vec::new());
    };
    let drafts: Vec<DraftOnly> = rows::read_all(Table::Draft, drafts)?;
    let may = removable(own.values(), &drafts, rule);
    let mut writes = Vec::new();
    for (key, rows) in keys.iter().zip(photos) {
        if !may.iter().any(|photo| photo.key == *key) {
            continue;
        }
        let blobs = own.values_mut().flat_map(|row| &mut row.blobs);
        for blob in blobs.filter(|b| b.blob.sha256 == key.sha256) {
            blob.let_go = true;
        }
        for photo in rows::read_all::<PhotoRow>(Table::Photo, rows)? {
            writes.extend(photo.remove());
        }
    }
    Ok(writes)
}

impl LocalStore {
    /// Which photos the rule lets go.
    pub(super) async fn removable(&self, rule: KeepRule) -> Result<RemovablePhotos, StoreError> {
        let reads = [Read::all(Table::Outbox), Read::all(Table::Draft)];
        let found = self.disk.look(&reads).await?;
        let outbox: Vec<OutboxRow> = rows::read_all(Table::Outbox, &found[0])?;
        let drafts: Vec<DraftOnly> = rows::read_all(Table::Draft, &found[1])?;
        let mut photos = removable(outbox.iter(), &drafts, rule);
        let in_all = u32::try_from(photos.len()).unwrap_or(u32::MAX);
        photos.truncate(RemovablePhotos::MOST);
        Ok(RemovablePhotos { photos, in_all })
    }
}
