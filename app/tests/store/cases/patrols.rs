use crate::phone::Phone;
use crate::sample::{NOW, photo, unsealed};
use domain::patrol::{TrackFix, write_track};
use domain::time::WallMs;
use xunhe_app::store::{ActivePatrol, StoreError};

fn fix(n: u32) -> TrackFix {
    TrackFix {
        at_ms: NOW.0 + i64::from(n) * 1_000,
        lat: 35.5,
        lon: 110.7 + f64::from(n) * 1e-4,
        accuracy_m: 8.0,
        resumed: n == 0,
    }
}

/// The same after what a track keeps of it.
fn at(fixes: &[TrackFix]) -> Vec<i64> {
    fixes.iter().map(|f| f.at_ms).collect()
}

fn active(n: u32) -> ActivePatrol {
    ActivePatrol {
        record: format!("0192f0c1-2b3c-7def-8123-{n:012x}").parse().unwrap(),
        started_ms: NOW,
        post: "post-1".parse().unwrap(),
        division: "yongji".parse().unwrap(),
        reach: "reach-1".parse().ok(),
        rule: None,
        parts: Vec::new(),
    }
}

pub(crate) async fn fixes_outlive_the_page_in_their_order(phone: &Phone) {
    let tab = phone.tab().await;
    assert_eq!(tab.active_patrol().await.unwrap(), None);
    let start = unsealed(&tab, 1, &[]);
    tab.begin_patrol(&start, &active(1), NOW).await.unwrap();
    for n in 0..12 {
        tab.keep_fix(u64::from(n), fix(n)).await.unwrap();
    }
    let other = phone.tab().await;
    assert_eq!(other.active_patrol().await.unwrap(), Some(active(1)));
    let open = other.open_fixes().await.unwrap();
    let all: Vec<_> = (0..12).map(fix).collect();
    assert_eq!(at(&open.fixes), at(&all));
    assert!(open.fixes[0].resumed && !open.fixes[1].resumed);
    assert_eq!(
        other.queue().await.unwrap().entries.len(),
        1,
        "the start is in the outbox"
    );
}

pub(crate) async fn a_part_goes_in_and_its_fixes_go_out_together(phone: &Phone) {
    let tab = phone.tab().await;
    let start = unsealed(&tab, 1, &[]);
    tab.begin_patrol(&start, &active(1), NOW).await.unwrap();
    for n in 0..5 {
        tab.keep_fix(u64::from(n), fix(n)).await.unwrap();
    }
    let open = tab.open_fixes().await.unwrap();
    let track = photo(&tab, 7, &write_track(&open.fixes)).await;
    // One more comes while the part is being written: it belongs to the next.
    tab.keep_fix(5, fix(5)).await.unwrap();
    let mut next = active(1);
    next.parts.push(track.sha256);
    let part = unsealed(&tab, 2, &[track]);
    tab.close_part(&part, &next, &open, WallMs(NOW.0 + 1))
        .await
        .unwrap();

    let other = phone.tab().await;
    assert_eq!(at(&other.open_fixes().await.unwrap().fixes), at(&[fix(5)]));
    assert_eq!(other.active_patrol().await.unwrap(), Some(next));
    let kept = other.part_fixes(track.sha256).await.unwrap();
    assert_eq!(at(&kept), at(&open.fixes));
    assert_eq!(other.queue().await.unwrap().entries.len(), 2);

    let end = unsealed(&tab, 3, &[]);
    tab.finish_patrol(&end, NOW).await.unwrap();
    assert_eq!(other.active_patrol().await.unwrap(), None);
    assert_eq!(other.queue().await.unwrap().entries.len(), 3);
}

pub(crate) async fn a_part_takes_ten_minutes_and_leaves_the_rest(phone: &Phone) {
    let tab = phone.tab().await;
    let start = unsealed(&tab, 1, &[]);
    tab.begin_patrol(&start, &active(1), NOW).await.unwrap();
    // Nothing came for a quarter of an hour after the third.
    for (number, second) in [0, 1, 599, 1_500, 1_501].into_iter().enumerate() {
        let number = u64::try_from(number).unwrap();
        tab.keep_fix(number, fix(second)).await.unwrap();
    }
    let open = tab.open_fixes().await.unwrap();
    assert!(open.is_full());
    let first = open.next_part();
    assert_eq!(at(&first.fixes), at(&[fix(0), fix(1), fix(599)]));
    let track = photo(&tab, 7, &write_track(&first.fixes)).await;
    let mut next = active(1);
    next.parts.push(track.sha256);
    let part = unsealed(&tab, 2, &[track]);
    tab.close_part(&part, &next, &first, NOW).await.unwrap();
    let rest = tab.open_fixes().await.unwrap();
    assert_eq!(at(&rest.fixes), at(&[fix(1_500), fix(1_501)]));
    assert!(!rest.is_full() && rest.next_part() == rest);
}

pub(crate) async fn a_part_that_cannot_be_written_leaves_its_fixes(phone: &Phone) {
    let tab = phone.tab().await;
    let start = unsealed(&tab, 1, &[]);
    tab.begin_patrol(&start, &active(1), NOW).await.unwrap();
    tab.keep_fix(0, fix(0)).await.unwrap();
    let open = tab.open_fixes().await.unwrap();
    // Its track is not in the store.
    let elsewhere = xunhe_app::store::StoredPhoto {
        sha256: domain::hash::Sha256::of(b"never stored"),
        size: 12,
    };
    let part = unsealed(&tab, 2, &[elsewhere]);
    let mut next = active(1);
    next.parts.push(elsewhere.sha256);
    assert!(tab.close_part(&part, &next, &open, NOW).await.is_err());
    assert_eq!(at(&tab.open_fixes().await.unwrap().fixes), at(&[fix(0)]));
    assert_eq!(tab.active_patrol().await.unwrap(), Some(active(1)));
}

pub(crate) async fn a_second_begin_leaves_the_patrol_as_it_is(phone: &Phone) {
    let (tab, other) = (phone.tab().await, phone.tab().await);
    let start = unsealed(&tab, 1, &[]);
    tab.begin_patrol(&start, &active(1), NOW).await.unwrap();
    let again = unsealed(&other, 2, &[]);
    let refused = other.begin_patrol(&again, &active(2), NOW).await;
    assert_eq!(refused, Err(StoreError::UnderWay));
    assert_eq!(tab.active_patrol().await.unwrap(), Some(active(1)));
    assert_eq!(tab.queue().await.unwrap().entries.len(), 1);
}
