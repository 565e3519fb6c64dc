use crate::phone::Phone;
use crate::sample::{NOW, draft, photo, unsealed};
use domain::entry::Entry;
use futures_util::future::join_all;
use xunhe_app::store::{Durability, LocalStore, StoreError};

/// The entries of the whole log, in its order.
async fn log(store: &LocalStore) -> Vec<Entry> {
    let queue = store.queue().await.unwrap();
    let ids: Vec<_> = queue.entries.iter().map(|e| e.entry_id).collect();
    store.entries(&ids).await.unwrap().unwrap()
}

pub(crate) async fn saving_is_whole_and_harmless_when_repeated(phone: &Phone) {
    let tab = phone.tab().await;
    let one = photo(&tab, 1, b"before").await;
    let draft = draft(1, &[one]);
    tab.save_draft(&draft, NOW, Durability::Strict)
        .await
        .unwrap();
    let entry = unsealed(&tab, 1, &[one]);

    let saved = tab.submit(&entry, Some(draft.id), NOW).await.unwrap();
    let again = tab.submit(&entry, Some(draft.id), NOW).await.unwrap();
    assert_eq!(saved, again);

    let other = phone.tab().await;
    let queue = other.queue().await.unwrap();
    assert_eq!(queue.entries, vec![saved.entry.clone()]);
    assert_eq!(queue.blobs, saved.blobs);
    assert_eq!(queue.blobs[0].key.sha256, one.sha256);
    assert_eq!(other.draft(draft.id).await.unwrap(), None);
    let head = other.log_head().await.unwrap();
    assert_eq!((head.seq, head.hash), (1, Some(saved.entry.hash)));
    assert_eq!(log(&other).await[0].hash(), saved.entry.hash);
}

pub(crate) async fn tabs_that_save_at_once_make_one_chain(phone: &Phone) {
    let tabs = [phone.tab().await, phone.tab().await, phone.tab().await];
    let saves = (0..18).map(|n| {
        let tab = &tabs[n % 3];
        let n = u32::try_from(n).unwrap();
        async move { tab.submit(&unsealed(tab, n, &[]), None, NOW).await }
    });
    for saved in join_all(saves).await {
        saved.unwrap();
    }
    let mut previous = None;
    let all = log(&tabs[0]).await;
    assert_eq!(all.len(), 18);
    for (i, entry) in all.into_iter().enumerate() {
        let checked = entry.check().unwrap();
        assert_eq!(checked.header().seq, i as u64 + 1);
        assert_eq!(checked.header().prev_hash, previous);
        assert_eq!(checked.header().log_id, tabs[2].log_id());
        previous = Some(checked.hash());
    }
}

pub(crate) async fn a_late_autosave_brings_no_draft_back(phone: &Phone) {
    let tab = phone.tab().await;
    let draft = draft(7, &[]);
    tab.save_draft(&draft, NOW, Durability::Relaxed)
        .await
        .unwrap();
    let entry = unsealed(&tab, 7, &[]);
    tab.submit(&entry, Some(draft.id), NOW).await.unwrap();
    tab.save_draft(&draft, NOW, Durability::Relaxed)
        .await
        .unwrap();
    assert_eq!(tab.drafts().await.unwrap(), vec![]);
}

pub(crate) async fn what_no_server_would_take_is_not_saved(phone: &Phone) {
    let tab = phone.tab().await;
    let mut entry = unsealed(&tab, 3, &[]);
    entry.body.app_version = "x".repeat(domain::entry::limits::BODY_BYTES);
    let refused = tab.submit(&entry, None, NOW).await.unwrap_err();
    assert!(matches!(refused, StoreError::BadEntry(_)), "{refused:?}");
    assert_eq!(tab.log_head().await.unwrap().seq, 0);
    // The log goes on without a gap.
    tab.submit(&unsealed(&tab, 4, &[]), None, NOW)
        .await
        .unwrap();
    assert_eq!(tab.log_head().await.unwrap().seq, 1);
}
