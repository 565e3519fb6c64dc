//! 不予计次: who rules, who hears of it, where it stands.

use crate::support::TestServer;
use crate::support::pen::record_of;
use crate::support::person::{Person, folded};
use domain::case::Verdict;
use domain::wire::EntryStatus;

const CHIEF: &str = "xz-hejin";
const DESK: &str = "hzb-hejin";

#[tokio::test]
async fn a_supervisor_rules_and_takes_it_back_and_the_last_one_holds() {
    let server = TestServer::start().await;
    let mut chief = Person::arrives(&server, CHIEF).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let patrol = chief.pen.patrol();
    let id = record_of(&patrol);
    chief.sends(&patrol).await;
    let not_counted = async |desk: &Person| {
        let (record, _) = folded(&desk.sees(id).await);
        record.not_counted().map(|r| r.ruling.reason.clone())
    };
    assert_eq!(not_counted(&desk).await, None);

    desk.pen.post = "hejin-hzb".parse().ok();
    let ruled = desk.pen.ruling(id, false, "轨迹是乘车的");
    assert_eq!(desk.sends(&ruled).await, EntryStatus::Accepted);
    assert_eq!(not_counted(&desk).await.as_deref(), Some("轨迹是乘车的"));
    // The author's phone hears it with the reason, by whom and that it holds.
    let rows = chief.pulls().await.rows;
    let row = rows
        .iter()
        .find(|r| r.entry.as_ref() == Some(&ruled))
        .unwrap();
    assert_eq!(row.verdict, Some(Verdict::Applied));
    assert_eq!(row.author_name.as_deref(), Some("柴玉梅（演示）"));
    assert_eq!(row.post_name.as_deref(), Some("河津市河长办督办员"));

    // Another supervisor takes it back; a third ruling by whoever comes last holds.
    let mut city = Person::arrives(&server, "hzb-yc").await;
    let back = city.pen.ruling(id, true, "核实为步行");
    city.sends(&back).await;
    assert_eq!(not_counted(&desk).await, None);
    let again = desk.pen.ruling(id, false, "仍不符");
    desk.sends(&again).await;
    assert_eq!(not_counted(&desk).await.as_deref(), Some("仍不符"));
    let (record, _) = folded(&desk.sees(id).await);
    assert_eq!(record.rulings.len(), 3, "who ruled what stays visible");
}

#[tokio::test]
async fn nobody_else_rules() {
    let server = TestServer::start().await;
    let mut chief = Person::arrives(&server, CHIEF).await;
    let patrol = chief.pen.patrol();
    let id = record_of(&patrol);
    chief.sends(&patrol).await;
    // The author, his superior, an auditor, another county's supervisor.
    for account in [CHIEF, "hz-hejin", "dc-hejin", "hzb-yongji"] {
        let mut person = Person::arrives(&server, account).await;
        let ruling = person.pen.ruling(id, true, "算数");
        let answer = person.client.push(&[&ruling]).await;
        let reason = answer.results[0].reason.as_deref();
        assert_eq!(reason, Some("not_permitted"), "{account}");
    }
    let mut desk = Person::arrives(&server, DESK).await;
    let (record, _) = folded(&desk.sees(id).await);
    assert!(record.rulings.is_empty());
    // Only patrols count or do not.
    let report = chief.report();
    chief.sends(&report).await;
    let ruling = desk.pen.ruling(record_of(&report), false, "x");
    assert_eq!(desk.sends(&ruling).await, EntryStatus::Quarantined);
}

#[tokio::test]
async fn nobody_rules_by_being_faster_than_the_patrol() {
    let server = TestServer::start().await;
    let mut chief = Person::arrives(&server, CHIEF).await;
    let patrol = chief.pen.patrol();
    let id = record_of(&patrol);
    let own = chief.pen.ruling(id, false, "自己定");
    let mut desk = Person::arrives(&server, DESK).await;
    let ruled = desk.pen.ruling(id, false, "轨迹是乘车的");
    chief.client.push(&[&own]).await;
    desk.sends(&ruled).await;
    chief.sends(&patrol).await;
    let view = desk.sees(id).await;
    let (record, _) = folded(&view);
    let reasons: Vec<_> = record.rulings.iter().map(|r| &r.ruling.reason).collect();
    assert_eq!(reasons, ["轨迹是乘车的"]);
    let verdict = |entry| {
        view.entries
            .iter()
            .find(|e| e.entry == entry)
            .unwrap()
            .verdict
            .clone()
    };
    assert_eq!(verdict(own), Some(Verdict::Stale));
    assert_eq!(verdict(ruled), Some(Verdict::Applied));
}
