use crate::phone::Phone;
use crate::sample::{
    NOW, draft_id, patrol_start, receipt, remark, row, ruling, step, unsealed, vetting,
};
use domain::case::{Stage, Step, Verdict};
use domain::entry::Kind;
use domain::ids::EntryId;
use domain::record::VettingRuling;
use domain::register::DeadlineClass;
use domain::sync::{Change, Finding, Inspection};
use domain::time::WallMs;
use domain::wire::PulledRow;
use xunhe_app::store::LocalStore;

/// The tab takes in what a pull brought, from wherever it stands.
async fn pull(tab: &LocalStore, rows: Vec<PulledRow>, cursor: &str, reset: bool) {
    let after = tab.queue().await.unwrap().cursor;
    let pulled = Change::Pulled {
        after,
        rows,
        cursor: cursor.into(),
        reset,
    };
    assert!(tab.apply(None, &[pulled], NOW).await.unwrap().written);
}

async fn sweep(tab: &LocalStore, at_most: u32) -> bool {
    let sweep = [Change::Sweep { at_most }];
    tab.apply(None, &sweep, NOW).await.unwrap().written
}

async fn report(tab: &LocalStore) -> EntryId {
    let saved = tab.submit(&unsealed(tab, 1, &[]), None, NOW).await.unwrap();
    saved.entry.entry_id
}

async fn entries(tab: &LocalStore, id: EntryId) -> usize {
    let record = tab.record(id.as_record()).await.unwrap();
    record.map_or(0, |r| r.entries.len())
}

pub(crate) async fn rows_and_cursor_come_together(phone: &Phone) {
    let tab = phone.tab().await;
    let id = report(&tab).await;
    let own = tab.entries(&[id]).await.unwrap().unwrap().remove(0);
    let rows = vec![
        row(4, id.as_record(), Some(own)),
        remark(5, id, Kind::Comment),
    ];
    pull(&tab, rows.clone(), "c1", false).await;
    // Brought again, it changes nothing.
    pull(&tab, rows, "c2", false).await;

    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    assert_eq!(record.entries.len(), 2);
    let folded = record.fold().unwrap();
    assert_eq!(folded.remarks[0].text, "请补拍");
    let feed: Vec<_> = record
        .entries
        .iter()
        .map(|e| e.feed.as_ref().unwrap().seq)
        .collect();
    assert_eq!(feed, [4, 5]);
    assert!(record.entries[0].delivery.is_some());
    assert!(record.entries[1].delivery.is_none());
    let queue = phone.tab().await.queue().await.unwrap();
    assert_eq!(queue.cursor.as_deref(), Some("c2"));
    // News is no receipt.
    assert_eq!(queue.entries.len(), 1);
}

pub(crate) async fn a_reset_never_removes_what_was_made_here(phone: &Phone) {
    let tab = phone.tab().await;
    let id = report(&tab).await;
    let old = remark(5, id, Kind::Comment);
    let kept = remark(6, id, Kind::Comment);
    pull(&tab, vec![old, kept.clone()], "c1", false).await;
    assert_eq!(entries(&tab, id).await, 3);
    pull(&tab, vec![kept], "c2", true).await;
    assert_eq!(entries(&tab, id).await, 3, "until the snapshot is complete");
    assert!(tab.queue().await.unwrap().sweep_owed);
    assert_eq!(
        tab.inspect(&Inspection::Stale).await.unwrap(),
        Finding::Stale(1)
    );
    assert!(!sweep(&tab, 0).await, "more than was asked about");
    assert!(sweep(&tab, 1).await);
    assert!(!tab.queue().await.unwrap().sweep_owed);
    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    let ids: Vec<_> = record
        .entries
        .iter()
        .map(|e| e.entry.header().entry_id)
        .collect();
    assert_eq!(ids, [id, EntryId::new(draft_id(6).raw())]);
    assert_eq!(tab.queue().await.unwrap().entries.len(), 1);
}

pub(crate) async fn a_record_that_moved_away_is_forgotten(phone: &Phone) {
    let tab = phone.tab().await;
    let own = report(&tab).await;
    let other = EntryId::new(draft_id(50).raw());
    let rows = vec![
        remark(5, own, Kind::Comment),
        remark(6, other, Kind::Comment),
    ];
    pull(&tab, rows, "c1", false).await;
    let gone = vec![
        row(7, own.as_record(), None),
        row(8, other.as_record(), None),
    ];
    pull(&tab, gone, "c2", false).await;
    assert_eq!(entries(&tab, own).await, 2, "one's own record stays");
    assert_eq!(entries(&tab, other).await, 0);
}

pub(crate) async fn an_unknown_kind_is_kept(phone: &Phone) {
    let tab = phone.tab().await;
    let id = report(&tab).await;
    let rows = vec![remark(5, id, Kind::Other("drone_flight".into()))];
    pull(&tab, rows, "c1", false).await;
    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    assert_eq!(record.entries.len(), 2);
    assert_eq!(record.fold().unwrap().remarks, vec![]);
}

pub(crate) async fn steps_count_in_the_order_of_the_server(phone: &Phone) {
    let tab = phone.tab().await;
    let id = report(&tab).await;
    let accept = Step::Accept {
        class: DeadlineClass::SevenDays,
        note: None,
    };
    let hand_over = Step::HandOver {
        lead: "water".parse().unwrap(),
        assisting: Vec::new(),
        assignee: None,
        due: "2026-05-31".parse().unwrap(),
        demand: None,
    };
    // The second step comes first, by the feed of another county with larger numbers.
    let second = PulledRow {
        shard: "yanhu".parse().unwrap(),
        seq: 900,
        ..step(6, id, hand_over, 12)
    };
    pull(&tab, vec![second], "c1", false).await;
    pull(&tab, vec![step(5, id, accept, 11)], "c2", false).await;
    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    let (_, case) = record.case().unwrap();
    assert_eq!(case.stage, Stage::HandedOver);
    let words: Vec<_> = case.steps.iter().map(|s| s.step.word()).collect();
    assert_eq!(words, ["accept", "hand_over"]);
}

pub(crate) async fn the_last_ruling_of_the_server_holds(phone: &Phone) {
    let tab = phone.tab().await;
    let start = patrol_start(&tab, 1);
    let saved = tab.submit(&start, None, NOW).await.unwrap();
    let id = saved.entry.entry_id;
    let applied = || Some(Verdict::Applied);
    // The second comes first, by the feed of another county; one has no effect, one no verdict.
    let rows = vec![
        ruling(6, id, (false, "仍不符"), applied(), 12),
        ruling(5, id, (true, "核实为步行"), applied(), 11),
        ruling(7, id, (true, "自己定"), Some(Verdict::Stale), 13),
        ruling(8, id, (true, "未定"), None, 14),
    ];
    pull(&tab, rows, "c1", false).await;
    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    for folded in [record.fold().unwrap(), record.case().unwrap().0] {
        let reasons: Vec<_> = folded.rulings.iter().map(|r| &*r.ruling.reason).collect();
        assert_eq!(reasons, ["核实为步行", "仍不符"]);
        assert!(folded.not_counted().is_some());
    }
}

pub(crate) async fn names_come_with_the_rows(phone: &Phone) {
    let tab = phone.tab().await;
    let id = report(&tab).await;
    let named: domain::register::PersonId = "p-named".parse().unwrap();
    let hand_over = Step::HandOver {
        lead: "water".parse().unwrap(),
        assisting: Vec::new(),
        assignee: Some(named.clone()),
        due: "2026-05-31".parse().unwrap(),
        demand: None,
    };
    let mut told = step(6, id, hand_over, 12);
    told.author_name = Some("张丽".to_owned());
    told.post_name = Some("河长办督办员".to_owned());
    told.names = domain::order::gather([(named.clone(), "任海峰".to_owned())]);
    pull(&tab, vec![told], "c1", false).await;
    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    assert_eq!(record.name_of(&named), Some("任海峰"));
    assert_eq!(record.name_of(&"p-desk".parse().unwrap()), Some("张丽"));
    let feed = record.entries[1].feed.as_ref().unwrap();
    assert_eq!(feed.post_name.as_deref(), Some("河长办督办员"));
}

pub(crate) async fn what_others_may_not_add_changes_nothing(phone: &Phone) {
    let tab = phone.tab().await;
    let id = report(&tab).await;
    let mut doubtful = remark(5, id, Kind::Comment);
    doubtful.quarantined = true;
    pull(&tab, vec![doubtful], "c1", false).await;
    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    assert_eq!(record.entries.len(), 2, "it is kept");
    assert!(record.fold().unwrap().remarks.is_empty());
}

pub(crate) async fn what_was_to_be_checked_counts_once_it_was_accepted(phone: &Phone) {
    let tab = phone.tab().await;
    let id = report(&tab).await;
    let held = Change::EntryHeld {
        entry_id: id,
        receipt: receipt("text"),
        received_ms: WallMs(7),
        quarantined: Some("post_not_held".to_owned()),
    };
    assert!(tab.apply(None, &[held], NOW).await.unwrap().written);
    let own = tab.entries(&[id]).await.unwrap().unwrap().remove(0);
    let told = |seq, quarantined| PulledRow {
        quarantined,
        ..row(seq, id.as_record(), Some(own.clone()))
    };
    pull(&tab, vec![told(4, true)], "c1", false).await;
    let state = async || {
        let record = tab.record(id.as_record()).await.unwrap().unwrap();
        let ruled = record.vetted(id).map(|(vetting, _)| vetting);
        (record.entries[0].is_quarantined(), ruled, record)
    };
    let (waits, ruled, _) = state().await;
    assert!(waits && ruled.is_none());
    let rows = vec![vetting(5, id, id, VettingRuling::Accepted), told(6, false)];
    pull(&tab, rows, "c2", false).await;
    let (waits, ruled, record) = state().await;
    let ruled = ruled.unwrap();
    assert!(!waits, "whatever the receipt said");
    assert_eq!(ruled.reason, "交接期间所记，属实");
    assert_eq!(record.name_of(&ruled.by), Some("柴玉梅"));
    // The first ruling holds, in whatever order they come.
    let rows = vec![vetting(8, id, id, VettingRuling::SetAside)];
    pull(&tab, rows, "c3", false).await;
    assert_eq!(state().await.1, Some(ruled));
}

pub(crate) async fn what_was_set_aside_counts_no_more_on_the_phone(phone: &Phone) {
    let tab = phone.tab().await;
    let id = report(&tab).await;
    let mut second = unsealed(&tab, 2, &[]);
    second.record_id = id.as_record();
    let second = tab.submit(&second, None, NOW).await.unwrap().entry.entry_id;
    let own = tab.entries(&[second]).await.unwrap().unwrap().remove(0);
    let doubtful = PulledRow {
        quarantined: true,
        ..row(4, id.as_record(), Some(own))
    };
    pull(&tab, vec![doubtful], "c1", false).await;
    let versions = async || {
        let record = tab.record(id.as_record()).await.unwrap().unwrap();
        record.fold().unwrap().versions.len()
    };
    assert_eq!(versions().await, 2, "while somebody looks it stays");
    let aside = vec![vetting(5, id, second, VettingRuling::SetAside)];
    pull(&tab, aside, "c2", false).await;
    assert_eq!(versions().await, 1);
}

pub(crate) async fn a_header_damaged_on_its_way_is_put_right(phone: &Phone) {
    let tab = phone.tab().await;
    let id = report(&tab).await;
    let told = remark(5, id, Kind::Comment);
    let whole = told.entry.clone().unwrap();
    let mut damaged = told.clone();
    let entry = damaged.entry.as_mut().unwrap();
    let author = whole.clone().check().unwrap().header().author.to_string();
    entry.header = entry.header.replace(&author, "somebody");
    assert_ne!(entry.hash(), whole.hash());
    pull(&tab, vec![damaged], "c1", false).await;
    pull(&tab, vec![told], "c2", false).await;
    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    let others: Vec<_> = record.entries.iter().map(|e| e.entry.hash()).collect();
    assert!(others.contains(&whole.hash()), "{others:?}");
    assert_eq!(others.len(), 2);
}

pub(crate) async fn a_row_of_another_record_than_its_entry_changes_nothing(phone: &Phone) {
    let tab = phone.tab().await;
    let id = report(&tab).await;
    let own = tab.entries(&[id]).await.unwrap().unwrap().remove(0);
    let second = unsealed(&tab, 2, &[]);
    let second = tab.submit(&second, None, NOW).await.unwrap();
    let other = second.entry.entry_id.as_record();
    pull(&tab, vec![row(4, other, Some(own.clone()))], "c1", false).await;
    assert_eq!(tab.queue().await.unwrap().entries.len(), 2);
    pull(&tab, vec![row(4, id.as_record(), Some(own))], "c2", false).await;
    let record = tab.record(id.as_record()).await.unwrap().unwrap();
    let told = &record.entries[0];
    assert!(told.delivery.is_some() && told.feed.is_some());
}
