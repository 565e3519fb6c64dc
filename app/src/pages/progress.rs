//! The two receipts of a record, in words: 已存手机 and 平台已收, for the text and each photo.

use crate::store::{Delivery, LocalEntry, RecordEntries};
use crate::ui::{Pill, Tone, say_kind};
use crate::words::{Key, fill, say_code, t};
use domain::entry::BlobRole;
use domain::sync::ParkReason;
use leptos::prelude::*;

/// Where a record stands, over all entries made on this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Progress {
    text_received: bool,
    pub(super) photos: usize,
    pub(super) photos_received: usize,
    quarantined: bool,
    tray: Tray,
}

/// Whether it lies in the 平台未收 tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tray {
    Out,
    In,
    /// Put right in another record.
    Settled,
}

impl Progress {
    pub(super) fn of(record: &RecordEntries) -> Self {
        let own = || record.entries.iter().filter_map(|e| e.delivery.as_ref());
        let photos = || {
            own()
                .flat_map(|d| &d.blobs)
                .filter(|b| b.blob.role == BlobRole::Photo)
        };
        Self {
            text_received: own().all(|d| d.received_ms.is_some()),
            photos: photos().count(),
            photos_received: photos().filter(|b| b.receipt.is_some()).count(),
            quarantined: own().any(|d| d.quarantined.is_some()),
            tray: if own().any(|d| d.settled) {
                Tray::Settled
            } else if own().any(|d| parked(d).is_some()) {
                Tray::In
            } else {
                Tray::Out
            },
        }
    }
}

/// Why something of the entry lies in the tray.
pub(super) fn parked(delivery: &Delivery) -> Option<&ParkReason> {
    if delivery.settled {
        return None;
    }
    delivery
        .parked
        .as_ref()
        .or_else(|| delivery.blobs.iter().find_map(|b| b.parked.as_ref()))
}

/// The words for it.
pub(super) fn say_parked(reason: &ParkReason) -> String {
    match reason {
        ParkReason::Refused(code) => say_code(code),
        ParkReason::MissingHere => say_code("photo_missing_here"),
    }
}

/// The receipts as pills.
#[component]
pub(super) fn Receipts(progress: Progress) -> impl IntoView {
    let (tone, word) = match progress {
        Progress {
            tray: Tray::Settled,
            ..
        } => (Tone::Info, t(Key::ReceiptSettled)),
        Progress { tray: Tray::In, .. } => (Tone::Bad, t(Key::ReceiptParked)),
        Progress {
            text_received: false,
            ..
        } => (Tone::Warn, t(Key::ReceiptOnPhone)),
        Progress {
            quarantined: true, ..
        } => (Tone::Warn, t(Key::ReceiptQuarantined)),
        _ => (Tone::Good, t(Key::ReceiptText)),
    };
    let photos = (progress.photos > 0).then(|| {
        let all = progress.photos == progress.photos_received;
        let tone = if all { Tone::Good } else { Tone::Warn };
        let key = if all {
            Key::ReceiptPhotos
        } else {
            Key::ReceiptPhotosWaiting
        };
        let counts: [(&str, &dyn std::fmt::Display); 2] = [
            ("held", &progress.photos_received),
            ("all", &progress.photos),
        ];
        view! { <Pill tone word=fill(key, &counts) testid="receipt-photo" /> }
    });
    view! {
        <span class="row">
            <Pill tone word testid="receipt-text" />
            {photos}
        </span>
    }
}

/// What a list says of a record first: kind, time, words.
pub(super) fn headline(app: crate::model::App, record: &RecordEntries) -> (String, String) {
    let folded = record.fold();
    let Some(version) = folded.as_ref().and_then(|r| r.current()) else {
        let erased = folded.as_ref().filter(|_| record.is_erased());
        return erased.map_or_else(
            || (t(Key::RecordUnknown).to_owned(), String::new()),
            |r| (say_kind(r.kind.as_str()), t(Key::RecordErased).to_owned()),
        );
    };
    let what = version.fields.problem().map_or_else(
        || say_kind(version.fields.kind().as_str()),
        |code| app.problem_name(code),
    );
    let at = crate::ui::when::short(version.body.clock.best());
    let words = version.fields.words().unwrap_or_default();
    (what, format!("{at} {words}"))
}

/// The entries of a record that were made on this phone.
pub(super) fn own(record: &RecordEntries) -> impl Iterator<Item = (&LocalEntry, &Delivery)> {
    record
        .entries
        .iter()
        .filter_map(|e| e.delivery.as_ref().map(|d| (e, d)))
}
