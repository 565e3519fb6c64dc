use crate::phone::Phone;
use crate::sample::{NOW, bytes, draft, photo, unsealed};
use domain::hash::Sha256;
use domain::time::WallMs;
use xunhe_app::store::{CHUNK_BYTES, Durability, StoreError, StoredPhoto};

const HOUR_MS: i64 = 60 * 60 * 1_000;

pub(crate) async fn a_photo_cut_off_half_way_is_no_photo(phone: &Phone) {
    let tab = phone.tab().await;
    let mut intake = tab.begin_photo([1; 16], NOW).await.unwrap();
    tab.put_chunk(&mut intake, b"half".to_vec()).await.unwrap();
    drop(intake);

    let half = StoredPhoto {
        sha256: Sha256::of(b"half"),
        size: 4,
    };
    let refused = tab.submit(&unsealed(&tab, 1, &[half]), None, NOW).await;
    assert_eq!(refused, Err(StoreError::PhotoMissing(half.sha256)));
    assert_eq!(tab.whole_photo(half.sha256).await.unwrap(), None);
    assert_eq!(tab.log_head().await.unwrap().seq, 0);

    // It may still be under way in another tab; later it is not.
    assert_eq!(tab.delete_unreferenced(NOW).await.unwrap(), 0);
    let later = WallMs(NOW.0 + HOUR_MS + 1);
    assert_eq!(tab.delete_unreferenced(later).await.unwrap(), 1);
    assert_eq!(tab.delete_unreferenced(later).await.unwrap(), 0);
}

pub(crate) async fn bytes_come_back_over_the_edges_of_chunks(phone: &Phone) {
    let tab = phone.tab().await;
    let whole = bytes(2 * CHUNK_BYTES + 1_234);
    let stored = photo(&tab, 1, &whole).await;
    assert_eq!(stored.sha256, Sha256::of(&whole));
    assert_eq!(stored.size, whole.len() as u64);
    let chunk = CHUNK_BYTES as u64;
    for (from, len) in [
        (0, 10),
        (chunk - 5, 10),
        (chunk, chunk),
        (chunk - 1, chunk + 2),
        (2 * chunk + 1_230, 100),
        (0, u64::MAX),
    ] {
        let got = tab.photo_bytes(stored.sha256, from, len).await.unwrap();
        let end = from.saturating_add(len).min(stored.size);
        let want = &whole[usize::try_from(from).unwrap()..usize::try_from(end).unwrap()];
        assert!(got.as_deref() == Some(want), "{from} + {len}");
    }
    let mut intake = tab.begin_photo([2; 16], NOW).await.unwrap();
    let too_large = tab.put_chunk(&mut intake, vec![0; CHUNK_BYTES + 1]).await;
    assert_eq!(too_large, Err(StoreError::BadChunk(0)));
    tab.put_chunk(&mut intake, vec![1]).await.unwrap();
    let after_the_last = tab.put_chunk(&mut intake, vec![2]).await;
    assert_eq!(after_the_last, Err(StoreError::BadChunk(1)));
    let empty = tab.begin_photo([3; 16], NOW).await.unwrap();
    assert_eq!(tab.finish_photo(empty).await, Err(StoreError::PhotoDamaged));
}

pub(crate) async fn the_same_bytes_are_kept_once(phone: &Phone) {
    let tab = phone.tab().await;
    let one = photo(&tab, 1, b"same").await;
    let two = photo(&tab, 2, b"same").await;
    assert_eq!(one, two);
    let usage = tab.usage().await.unwrap();
    assert_eq!((usage.photos, usage.photo_bytes), (1, 4));
    let kept = tab.whole_photo(one.sha256).await.unwrap();
    assert_eq!(kept.as_deref(), Some(&b"same"[..]));
}

pub(crate) async fn only_what_nobody_refers_to_is_cleared_away(phone: &Phone) {
    let tab = phone.tab().await;
    let sent = photo(&tab, 1, b"in an entry").await;
    let drafted = photo(&tab, 2, b"in a draft").await;
    let thrown = photo(&tab, 3, b"in a deleted draft").await;
    tab.submit(&unsealed(&tab, 1, &[sent]), None, NOW)
        .await
        .unwrap();
    for (n, photo) in [(2, drafted), (3, thrown)] {
        tab.save_draft(&draft(n, &[photo]), NOW, Durability::Strict)
            .await
            .unwrap();
    }
    tab.delete_draft(draft(3, &[]).id).await.unwrap();
    let later = WallMs(NOW.0 + 2 * HOUR_MS);
    assert_eq!(tab.delete_unreferenced(later).await.unwrap(), 1);
    assert!(tab.find_photo(sent.sha256).await.unwrap().is_some());
    assert!(tab.find_photo(drafted.sha256).await.unwrap().is_some());
    assert_eq!(tab.whole_photo(thrown.sha256).await.unwrap(), None);
}
