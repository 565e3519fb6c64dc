use crate::api;
use crate::store::RecordEntries;
use crate::ui::StoredPhoto;
use crate::words::{Key, t};
use domain::entry::BlobRole;
use domain::hash::Sha256;
use domain::ids::EntryId;
use leptos::prelude::*;

/// Photos of a record: from this phone, or from the server where others took them.
#[component]
pub(super) fn Gallery(
    /// The record.
    record: RecordEntries,
    /// The originals.
    photos: Vec<Sha256>,
    /// What they show.
    caption: Key,
) -> impl IntoView {
    let tile = |of: &Sha256| {
        let copy = copy_of(&record, of);
        let remote = copy.map(|(_, entry, index)| api::photo_url(record.record_id, entry, index));
        let show = copy.map(|(sha256, ..)| sha256);
        view! {
            <StoredPhoto show remote alt=t(caption) caption=t(caption) testid="detail-photo" />
        }
    };
    photos.iter().map(tile).collect_view()
}

/// The marked copy is large enough to look at; the thumbnail is what remains without one.
fn copy_of(record: &RecordEntries, of: &Sha256) -> Option<(Sha256, EntryId, u32)> {
    let all = record.entries.iter().flat_map(|e| {
        let header = e.entry.header();
        (0..)
            .zip(&header.blobs)
            .map(|(index, blob)| (header.entry_id, index, blob))
    });
    let copies = all.filter(|(.., blob)| blob.of == Some(*of));
    let best = copies.min_by_key(|(.., blob)| match blob.role {
        BlobRole::Marked => 0,
        BlobRole::Thumb => 1,
        _ => 2,
    })?;
    Some((best.2.sha256, best.0, best.1))
}
