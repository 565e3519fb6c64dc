use crate::phone::Phone;
use crate::sample::{NOW, photo, receipt, statement_of, unsealed};
use domain::ids::{ServerId, UploadId};
use domain::sync::{Change, ParkReason};
use domain::time::WallMs;
use xunhe_app::store::{LocalStore, Saved};

const SERVER: ServerId = ServerId::new([1; 16]);

async fn saved(tab: &LocalStore) -> Saved {
    let one = photo(tab, 1, b"before").await;
    let two = photo(tab, 2, b"after").await;
    let entry = unsealed(tab, 1, &[one, two]);
    tab.submit(&entry, None, NOW).await.unwrap()
}

fn text_held(saved: &Saved) -> Change {
    Change::EntryHeld {
        entry_id: saved.entry.entry_id,
        receipt: receipt("text"),
        received_ms: WallMs(42),
        quarantined: None,
    }
}

fn blob_held(saved: &Saved, which: usize) -> Change {
    Change::BlobHeld {
        key: saved.blobs[which].key,
        receipt: receipt("photos"),
    }
}

pub(crate) async fn receipts_make_it_received(phone: &Phone) {
    let tab = phone.tab().await;
    let saved = saved(&tab).await;
    let upload = UploadId::new([7; 16]);
    let key = saved.blobs[0].key;
    let begun = Change::Upload {
        key,
        upload: Some(upload),
    };
    let met = Change::Met {
        server_id: SERVER,
        epoch: 1,
    };
    tab.apply(&[met, text_held(&saved), begun], NOW)
        .await
        .unwrap();

    let queue = phone.tab().await.queue().await.unwrap();
    assert_eq!(queue.entries, vec![]);
    assert_eq!(queue.blobs.len(), 2);
    assert_eq!(queue.blobs[0].upload, Some(upload));
    assert_eq!((queue.received, queue.server), (0, Some((SERVER, 1))));

    let both = [blob_held(&saved, 0), blob_held(&saved, 1)];
    let in_order = Change::InOrder { at: WallMs(99) };
    tab.apply(&both, NOW).await.unwrap();
    tab.apply(&[in_order], NOW).await.unwrap();
    let queue = phone.tab().await.queue().await.unwrap();
    assert_eq!((queue.blobs.len(), queue.received), (0, 1));
    assert_eq!(queue.last_sync, Some(WallMs(99)));

    let record = tab
        .record(saved.entry.entry_id.as_record())
        .await
        .unwrap()
        .unwrap();
    let delivery = record.entries[0].delivery.clone().unwrap();
    assert!(delivery.is_complete());
    assert_eq!(delivery.received_ms, Some(WallMs(42)));
    let kept = tab.receipt(delivery.receipt.unwrap()).await.unwrap();
    assert_eq!(kept, Some(receipt("text")));
    assert_eq!(
        delivery.blobs[1].receipt,
        Some(statement_of(&receipt("photos")))
    );
    assert_eq!(tab.unfinished().await.unwrap(), vec![]);
}

pub(crate) async fn a_restored_server_gets_everything_again(phone: &Phone) {
    let tab = phone.tab().await;
    let saved = saved(&tab).await;
    let all = [
        Change::Met {
            server_id: SERVER,
            epoch: 1,
        },
        text_held(&saved),
        blob_held(&saved, 0),
        blob_held(&saved, 1),
        Change::Pulled {
            rows: vec![],
            cursor: "far".into(),
            reset: false,
        },
    ];
    tab.apply(&all, NOW).await.unwrap();
    assert_eq!(tab.queue().await.unwrap().cursor.as_deref(), Some("far"));

    let again = Change::Reoffer {
        server_id: SERVER,
        epoch: 2,
    };
    tab.apply(&[again], NOW).await.unwrap();
    let queue = phone.tab().await.queue().await.unwrap();
    assert_eq!(queue.entries, vec![saved.entry.clone()]);
    assert_eq!(queue.blobs, saved.blobs);
    assert_eq!((queue.received, queue.server), (0, Some((SERVER, 2))));
    assert_eq!(queue.cursor, None);
}

pub(crate) async fn the_tray_keeps_what_was_refused(phone: &Phone) {
    let tab = phone.tab().await;
    let saved = saved(&tab).await;
    let refused = ParkReason::Refused("unknown_person".into());
    let parked = Change::EntryParked {
        entry_id: saved.entry.entry_id,
        reason: refused.clone(),
    };
    let lost = Change::BlobParked {
        key: saved.blobs[1].key,
        reason: ParkReason::MissingHere,
    };
    tab.apply(&[parked, lost], NOW).await.unwrap();
    let queue = phone.tab().await.queue().await.unwrap();
    assert_eq!(queue.entries[0].parked, Some(refused));
    assert_eq!(queue.blobs[0].parked, None);
    assert_eq!(queue.blobs[1].parked, Some(ParkReason::MissingHere));
    let open = tab.unfinished().await.unwrap();
    assert_eq!(open[0].record_id, saved.entry.entry_id.as_record());
    // Received after all, by another phone of the same person or after a repair.
    tab.apply(&[text_held(&saved)], NOW).await.unwrap();
    assert_eq!(tab.queue().await.unwrap().entries, vec![]);
}
