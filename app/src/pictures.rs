//! Small pictures of what was handed to this person's units, fetched ahead: at the bank there may
//! be no network to fetch them with.

use crate::api;
use crate::device::{clock, random};
use crate::store::{LocalStore, RecordEntries};
use domain::entry::BlobRole;
use std::cell::Cell;

thread_local! {
    static UNDER_WAY: Cell<bool> = const { Cell::new(false) };
}

/// Fetches what is missing, one after the other; stops at the first that does not come. Bytes
/// that hash to something else are another picture and are not found by this one's name.
pub async fn fetch_ahead(store: &LocalStore, records: &[RecordEntries]) {
    if UNDER_WAY.replace(true) {
        return;
    }
    for record in records {
        if !fetch(store, record).await {
            break;
        }
    }
    UNDER_WAY.set(false);
}

async fn fetch(store: &LocalStore, record: &RecordEntries) -> bool {
    for entry in record.entries.iter().filter(|e| e.delivery.is_none()) {
        let header = entry.entry.header();
        let small = (0..).zip(&header.blobs);
        for (index, blob) in small.filter(|(_, b)| b.role == BlobRole::Thumb) {
            if store.find_photo(blob.sha256).await.ok().flatten().is_some() {
                continue;
            }
            let bytes = api::picture(record.record_id, header.entry_id, index).await;
            let Ok(bytes) = bytes else { return false };
            let kept = store
                .put_photo(random::bytes(), clock::wall(), &bytes)
                .await;
            if kept.is_err() {
                return false;
            }
        }
    }
    true
}
