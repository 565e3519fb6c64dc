use crate::api;
use crate::store::RecordEntries;
use crate::ui::StoredPhoto;
use crate::words::{Key, t};
use domain::entry::BlobRole;
use domain::hash::Sha256;
use domain::ids::EntryId;
use domain::order::sort_by_key;
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
        let copies = copies_of(&record, of);
        let best = copies.first();
        let remote = best.map(|(_, entry, index)| api::photo_url(record.record_id, *entry, *index));
        let show = copies.iter().map(|(sha256, ..)| *sha256).collect();
        view! {
            <StoredPhoto show remote alt=t(caption) caption=t(caption) testid="detail-photo" />
        }
    };
    photos.iter().map(tile).collect_view()
}

/// The marked copy is large enough to look at; the thumbnail is what remains without one.
fn copies_of(record: &RecordEntries, of: &Sha256) -> Vec<(Sha256, EntryId, u32)> {
    let all = record.entries.iter().flat_map(|e| {
        let header = e.entry.header();
        (0..)
            .zip(&header.blobs)
            .map(|(index, blob)| (header.entry_id, index, blob))
    });
    let mut copies: Vec<_> = all.filter(|(.., blob)| blob.of == Some(*of)).collect();
    sort_by_key(&mut copies, |(.., blob)| blob.role != BlobRole::Marked);
    let named = copies.into_iter();
    named
        .map(|(entry, index, blob)| (blob.sha256, entry, index))
        .collect()
}
