//! 按规定清除: what the server erased goes from the phone, and the proof stays.

use crate::phone::Phone;
use crate::sample::{NOW, draft, photo, purge, receipt, remark, row, unsealed};
use domain::entry::Kind;
use domain::ids::{EntryId, ServerId};
use domain::sync::Change;
use domain::time::WallMs;
use domain::wire::PulledRow;
use xunhe_app::store::{Durability, LocalStore, Saved, StoredPhoto};

fn pulled(rows: Vec<PulledRow>) -> Change {
    Change::Pulled {
        after: None,
        rows,
        cursor: "c".into(),
        reset: false,
    }
}

fn held(saved: &Saved) -> Change {
    Change::EntryHeld {
        entry_id: saved.entry.entry_id,
        receipt: receipt("text"),
        received_ms: WallMs(7),
        quarantined: None,
    }
}

/// A report with one photo that was sent and one that was not.
async fn half_sent(tab: &LocalStore) -> (Saved, [StoredPhoto; 2]) {
    let photos = [
        photo(tab, 1, b"sent").await,
        photo(tab, 2, b"on the way").await,
    ];
    let saved = tab
        .submit(&unsealed(tab, 1, &photos), None, NOW)
        .await
        .unwrap();
    let key = saved.blobs.iter().map(|b| b.key);
    let key = key.clone().find(|k| k.sha256 == photos[0].sha256).unwrap();
    let blob = Change::BlobHeld {
        key,
        receipt: receipt("photo"),
        received_ms: WallMs(8),
    };
    tab.apply(None, &[held(&saved), blob], NOW).await.unwrap();
    (saved, photos)
}

pub(crate) async fn words_and_photos_go_and_the_receipt_stays(phone: &Phone) {
    let tab = phone.tab().await;
    let (saved, photos) = half_sent(&tab).await;
    let id = saved.entry.entry_id;
    let news = pulled(vec![remark(5, id, Kind::Comment), purge(6, id, &[id])]);
    let news = [news];
    assert!(LocalStore::erases(&news));
    assert!(tab.apply(None, &news, NOW).await.unwrap());

    let tab = phone.tab().await;
    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    let own = &record.entries[0];
    assert!(record.is_erased() && own.entry.is_erased());
    assert_eq!(own.entry.hash(), saved.entry.hash);
    let delivery = own.delivery.as_ref().unwrap();
    assert_eq!(delivery.received_ms, Some(WallMs(7)));
    assert!(delivery.is_complete(), "nothing of it waits any more");
    let folded = record.fold().unwrap();
    assert!(folded.versions.is_empty());
    assert_eq!(folded.remarks.len(), 1, "what others said was not named");
    for photo in photos {
        assert_eq!(tab.whole_photo(photo.sha256).await.unwrap(), None);
    }
    assert_eq!(tab.usage().await.unwrap().photos, 0);

    // Neither the rescue file nor a restored server gets anything of it.
    assert!(tab.rescue(None).await.entries.is_empty());
    let restored = Change::Reoffer {
        server_id: ServerId::new([1; 16]),
        epoch: 9,
    };
    tab.apply(None, &[restored], NOW).await.unwrap();
    let queue = tab.queue().await.unwrap();
    assert!(queue.entries.is_empty() && queue.blobs.is_empty());
}

pub(crate) async fn a_photo_that_others_name_stays(phone: &Phone) {
    let tab = phone.tab().await;
    let (saved, photos) = half_sent(&tab).await;
    tab.save_draft(&draft(2, &photos[..1]), NOW, Durability::Strict)
        .await
        .unwrap();
    tab.submit(&unsealed(&tab, 3, &photos[1..]), None, NOW)
        .await
        .unwrap();
    let id = saved.entry.entry_id;
    tab.apply(None, &[pulled(vec![purge(6, id, &[id])])], NOW)
        .await
        .unwrap();
    for photo in photos {
        assert!(tab.whole_photo(photo.sha256).await.unwrap().is_some());
    }
}

pub(crate) async fn only_the_servers_word_for_the_same_record_erases(phone: &Phone) {
    let tab = phone.tab().await;
    let (saved, _) = half_sent(&tab).await;
    let id = saved.entry.entry_id;
    let other = EntryId::new(crate::sample::draft_id(60).raw());
    let mut doubtful = purge(7, id, &[id]);
    doubtful.quarantined = true;
    // One for another record, one that somebody must look at, and a body that merely lacks.
    let mut own = tab.entries(&[id]).await.unwrap().unwrap().remove(0);
    own.body = String::new();
    let lacking = row(8, id.as_record(), Some(own));
    let rows = vec![purge(6, other, &[id]), doubtful, lacking];
    tab.apply(None, &[pulled(rows)], NOW).await.unwrap();
    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    assert!(!record.is_erased());
    assert_eq!(record.fold().unwrap().versions.len(), 1);
}

pub(crate) async fn what_comes_erased_is_kept_as_a_mark(phone: &Phone) {
    let tab = phone.tab().await;
    let id = EntryId::new(crate::sample::draft_id(50).raw());
    let mut report = remark(50, id, Kind::Cleanup);
    let entry = report.entry.as_mut().unwrap();
    entry.body = String::new();
    let hash = entry.hash();
    let news = [pulled(vec![report])];
    assert!(
        !LocalStore::erases(&news),
        "there was nothing here to erase"
    );
    assert!(tab.apply(None, &news, NOW).await.unwrap());
    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    assert_eq!(record.entries[0].entry.hash(), hash);
    assert!(record.is_erased());
    assert!(record.fold().unwrap().current().is_none());
}
