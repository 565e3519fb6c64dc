use crate::phone::Phone;
use crate::sample::{NOW, photo, receipt, statement_of, unsealed};
use domain::ids::{ServerId, UploadId};
use domain::sync::{Change, ParkReason};
use domain::time::WallMs;
use domain::wire::{Gap, Seen};
use xunhe_app::store::{LocalStore, Saved};

const SERVER: ServerId = ServerId::new([1; 16]);
const MET: Option<(ServerId, u64)> = Some((SERVER, 1));

async fn saved(tab: &LocalStore) -> Saved {
    let one = photo(tab, 1, b"before").await;
    let two = photo(tab, 2, b"after").await;
    let entry = unsealed(tab, 1, &[one, two]);
    tab.submit(&entry, None, NOW).await.unwrap()
}

async fn recorded(tab: &LocalStore, under: Option<(ServerId, u64)>, changes: &[Change]) {
    assert!(tab.apply(under, changes, NOW).await.unwrap());
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
        received_ms: WallMs(43),
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
    recorded(&tab, None, &[met, text_held(&saved), begun]).await;

    let queue = phone.tab().await.queue().await.unwrap();
    assert_eq!(queue.entries, vec![]);
    assert_eq!(queue.blobs.len(), 2);
    assert_eq!(queue.blobs[0].upload, Some(upload));
    assert_eq!((queue.received, queue.server), (0, Some((SERVER, 1))));

    let both = [blob_held(&saved, 0), blob_held(&saved, 1)];
    let in_order = Change::InOrder { at: WallMs(99) };
    recorded(&tab, MET, &both).await;
    recorded(&tab, MET, &[in_order]).await;
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
            after: None,
            cursor: "far".into(),
            reset: false,
        },
    ];
    recorded(&tab, None, &all).await;
    assert_eq!(tab.queue().await.unwrap().cursor.as_deref(), Some("far"));

    let again = Change::Reoffer {
        server_id: SERVER,
        epoch: 2,
    };
    recorded(&tab, MET, &[again]).await;
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
    recorded(&tab, None, &[parked, lost]).await;
    let queue = phone.tab().await.queue().await.unwrap();
    assert_eq!(queue.entries[0].parked, Some(refused));
    assert_eq!(queue.blobs[0].parked, None);
    assert_eq!(queue.blobs[1].parked, Some(ParkReason::MissingHere));
    let open = tab.unfinished().await.unwrap();
    assert_eq!(open[0].record_id, saved.entry.entry_id.as_record());
    // Received after all, by another phone of the same person or after a repair.
    recorded(&tab, None, &[text_held(&saved)]).await;
    assert_eq!(tab.queue().await.unwrap().entries, vec![]);
    // A slower tab that heard no after that changes nothing; the photo may be offered again.
    let late = Change::EntryParked {
        entry_id: saved.entry.entry_id,
        reason: ParkReason::MissingHere,
    };
    let again = Change::Unparked {
        entry_id: saved.entry.entry_id,
    };
    recorded(&tab, None, &[late, again]).await;
    let queue = tab.queue().await.unwrap();
    assert_eq!((queue.entries.len(), queue.blobs.len()), (0, 2));
    assert!(queue.blobs.iter().all(|b| b.parked.is_none()));
}

pub(crate) async fn what_the_server_lacks_is_unsent_again(phone: &Phone) {
    let tab = phone.tab().await;
    let saved = saved(&tab).await;
    let log_id = tab.log_id();
    let two = tab
        .submit(&unsealed(&tab, 2, &[]), None, NOW)
        .await
        .unwrap();
    let all = [
        text_held(&saved),
        text_held(&two),
        blob_held(&saved, 0),
        blob_held(&saved, 1),
    ];
    recorded(&tab, None, &all).await;
    assert_eq!(tab.queue().await.unwrap().received, 2);

    let gap = Gap {
        log_id,
        from: 2,
        to: 9,
    };
    recorded(&tab, None, &[Change::Gaps(vec![gap])]).await;
    assert_eq!(tab.queue().await.unwrap().entries, [two.entry]);
    let lacking = Change::Lacking {
        texts: vec![saved.entry.entry_id],
        photos: vec![saved.blobs[1].key],
    };
    recorded(&tab, None, &[lacking]).await;
    let queue = tab.queue().await.unwrap();
    assert_eq!(queue.entries.len(), 2);
    assert_eq!(queue.blobs, [saved.blobs[1].clone()]);
}

pub(crate) async fn another_servers_tab_writes_nothing(phone: &Phone) {
    let (tab, slow) = (phone.tab().await, phone.tab().await);
    let saved = saved(&tab).await;
    let met = |epoch| Change::Met {
        server_id: SERVER,
        epoch,
    };
    recorded(&tab, None, &[met(1)]).await;
    let late = [text_held(&saved)];
    assert!(!slow.apply(None, &late, NOW).await.unwrap());
    assert!(!slow.apply(Some((SERVER, 2)), &late, NOW).await.unwrap());
    assert_eq!(tab.queue().await.unwrap().entries.len(), 1);
    assert!(slow.apply(MET, &late, NOW).await.unwrap());
    assert_eq!(tab.queue().await.unwrap().entries.len(), 0);
}

pub(crate) async fn an_announcement_says_what_was_seen(phone: &Phone) {
    let tab = phone.tab().await;
    assert_eq!(tab.seen().await.unwrap(), None);
    let saved = saved(&tab).await;
    let met = Change::Met {
        server_id: SERVER,
        epoch: 1,
    };
    let long = Change::BlobHeld {
        key: saved.blobs[0].key,
        receipt: receipt(&"x".repeat(Seen::RECEIPT_BYTES + 1)),
        received_ms: WallMs(43),
    };
    recorded(&tab, None, &[met, text_held(&saved), long]).await;
    let seen = tab.seen().await.unwrap().unwrap();
    assert_eq!(seen.epoch, 1);
    assert_eq!(seen.receipt, Some(receipt("text")), "the one that is short");
}
