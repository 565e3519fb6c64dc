use crate::phone::Phone;
use crate::sample::{NOW, draft, unsealed};
use domain::time::WallMs;
use xunhe_app::store::Durability;

pub(crate) async fn records_come_newest_first_in_pages(phone: &Phone) {
    let tab = phone.tab().await;
    for n in 0..7 {
        // The device's clock runs backwards; the order is that of saving.
        let now = WallMs(NOW.0 - i64::from(n) * 86_400_000);
        tab.submit(&unsealed(&tab, n, &[]), None, now)
            .await
            .unwrap();
    }
    let mut seen = Vec::new();
    let mut before = None;
    for _ in 0..4 {
        let page = tab.records(before, 3).await.unwrap();
        assert_eq!(page.total, 7);
        seen.extend(page.records.iter().map(|r| r.entries[0].entry.header().seq));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
}

pub(crate) async fn the_last_changed_draft_leads(phone: &Phone) {
    let tab = phone.tab().await;
    let at = |n: u32| WallMs(NOW.0 + i64::from(n));
    for (n, when) in [(1, 10), (2, 30), (3, 20)] {
        tab.save_draft(&draft(n, &[]), at(when), Durability::Relaxed)
            .await
            .unwrap();
    }
    let drafts = phone.tab().await.drafts().await.unwrap();
    let ids: Vec<_> = drafts.iter().map(|d| d.id).collect();
    assert_eq!(ids, [2, 3, 1].map(|n| draft(n, &[]).id));
    assert_eq!(tab.draft(ids[0]).await.unwrap(), Some(draft(2, &[])));
}

pub(crate) async fn persons_do_not_meet(phone: &Phone) {
    let one = phone.tab_of("p1").await;
    let two = phone.tab_of("p2").await;
    one.submit(&unsealed(&one, 1, &[]), None, NOW)
        .await
        .unwrap();
    assert_ne!(one.log_id(), two.log_id());
    assert_eq!(two.records(None, 10).await.unwrap().total, 0);
    assert_eq!(two.queue().await.unwrap().entries.len(), 0);
    assert_eq!(one.records(None, 10).await.unwrap().total, 1);
}

pub(crate) async fn log_and_settings_outlive_the_page(phone: &Phone) {
    let tab = phone.tab().await;
    let log = tab.log_id();
    tab.save_setting("last_kind", &"LJ-03").await.unwrap();
    tab.close();
    let again = phone.tab().await;
    assert_eq!(again.log_id(), log);
    let kind: Option<String> = again.setting("last_kind").await.unwrap();
    assert_eq!(kind.as_deref(), Some("LJ-03"));
    let none: Option<String> = again.setting("other").await.unwrap();
    assert_eq!(none, None);
}
