//! From a report to 销号 over the wire: who may do which step, what each does, who sees it.

use crate::support::TestServer;
use crate::support::pen::{id_of, now, record_of};
use crate::support::person::{Person, folded};
use domain::case::{self, Stage, Step, Verdict};
use domain::register::{Calendar, Day, DeadlineClass};
use domain::wire::{EntryStatus, RecordPage};

const DESK: &str = "hzb-hejin";
const HANDLER: &str = "zrr-hejin";
const INSPECTOR: &str = "wgy-hejin";
const UNIT: &str = "chaijia";

fn accept() -> Step {
    Step::Accept {
        class: DeadlineClass::SevenDays,
        note: None,
    }
}

fn hand_over() -> Step {
    let today = Day::in_china(now()).unwrap();
    Step::HandOver {
        lead: UNIT.parse().unwrap(),
        assisting: Vec::new(),
        assignee: None,
        due: today.plus_days(7).unwrap(),
        demand: Some("清理并恢复".to_owned()),
    }
}

fn sign() -> Step {
    Step::Sign {
        unit: UNIT.parse().unwrap(),
    }
}

fn apply_closure() -> Step {
    Step::ApplyClosure {
        unit: UNIT.parse().unwrap(),
        text: "已清完".to_owned(),
        after: Vec::new(),
    }
}

#[tokio::test]
async fn a_problem_is_handed_over_put_right_and_closed() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let mut handler = Person::arrives(&server, HANDLER).await;

    let report = inspector.report();
    let case = record_of(&report);
    inspector.sends(&report).await;
    assert_eq!(desk.sees(case).await.row.stage, Stage::Registered);
    assert!(
        handler.pulls().await.rows.is_empty(),
        "not handed to the unit yet"
    );

    let accepted = desk.step(case, id_of(&report), &accept());
    let handed = desk.step(case, id_of(&accepted), &hand_over());
    desk.client.push(&[&accepted, &handed]).await;

    // The unit's phone hears of it from its beginning, though the report is older.
    let pulled = handler.pulls().await;
    let ids: Vec<_> = pulled
        .rows
        .iter()
        .filter_map(|r| r.entry.as_ref())
        .map(id_of)
        .collect();
    assert!(
        ids.contains(&id_of(&report)) && ids.contains(&id_of(&handed)),
        "{ids:?}"
    );

    // Offline: signed and put right before a connection returns.
    let signed = handler.step(case, id_of(&handed), &sign());
    let applied = handler.step(case, id_of(&signed), &apply_closure());
    handler.client.push(&[&signed, &applied]).await;
    let page: RecordPage = desk
        .client
        .get("/api/v1/records?stage=closure_applied")
        .await
        .json();
    assert_eq!(
        (page.total, page.rows[0].lead.as_ref().unwrap().as_str()),
        (1, UNIT)
    );

    let closed = desk.step(case, id_of(&applied), &Step::Close { note: None });
    assert_eq!(desk.sends(&closed).await, EntryStatus::Accepted);
    let view = desk.sees(case).await;
    assert_eq!(view.row.stage, Stage::Closed);
    let (_, folded) = folded(&view);
    assert_eq!(folded.stage, Stage::Closed, "desk and server agree");
    assert!(folded.steps.iter().all(|s| s.verdict == Verdict::Applied));
    // The verdicts travel to the phone with the entries.
    let told = inspector.pulls().await.rows;
    let verdicts = told.iter().filter(|r| r.verdict == Some(Verdict::Applied));
    assert!(verdicts.count() >= 5, "{told:?}");
}

#[tokio::test]
async fn who_may_not_do_a_step_changes_nothing() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let report = inspector.report();
    let case = record_of(&report);
    inspector.sends(&report).await;
    // The reporter is no desk, another county's desk is none here, an auditor only reads.
    for account in [INSPECTOR, "hzb-yongji", "dc-hejin", HANDLER] {
        let mut person = Person::arrives(&server, account).await;
        let step = person.step(case, id_of(&report), &accept());
        assert_eq!(
            person.sends(&step).await,
            EntryStatus::Quarantined,
            "{account}"
        );
    }
    let mut desk = Person::arrives(&server, DESK).await;
    let stranger = Step::HandOver {
        lead: "nobody".parse().unwrap(),
        assisting: Vec::new(),
        assignee: None,
        due: Day::in_china(now()).unwrap(),
        demand: None,
    };
    let step = desk.step(case, id_of(&report), &stranger);
    let answer = desk.client.push(&[&step]).await;
    assert_eq!(answer.results[0].reason.as_deref(), Some("unit_unknown"));
    let view = desk.sees(case).await;
    assert_eq!(view.row.stage, Stage::Registered);
    assert!(view.entries.iter().all(|e| e.verdict.is_none()));
}

#[tokio::test]
async fn a_step_made_without_knowing_of_a_new_handing_over_is_kept_and_has_no_effect() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let mut handler = Person::arrives(&server, HANDLER).await;
    let report = inspector.report();
    let case = record_of(&report);
    let accepted = desk.step(case, id_of(&report), &accept());
    let handed = desk.step(case, id_of(&accepted), &hand_over());
    let again = desk.step(case, id_of(&handed), &hand_over());
    inspector.sends(&report).await;
    desk.client.push(&[&accepted, &handed, &again]).await;
    let signed = handler.step(case, id_of(&handed), &sign());
    assert_eq!(handler.sends(&signed).await, EntryStatus::Accepted);
    let view = desk.sees(case).await;
    let told = view.entries.iter().find(|e| e.entry == signed).unwrap();
    assert_eq!(told.verdict, Some(Verdict::Stale));
    assert_eq!(view.row.stage, Stage::HandedOver);
}

#[tokio::test]
async fn a_step_that_overtook_what_its_author_knew_counts_when_that_arrives() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let report = inspector.report();
    let case = record_of(&report);
    inspector.sends(&report).await;
    let accepted = desk.step(case, id_of(&report), &accept());
    let handed = desk.step(case, id_of(&accepted), &hand_over());
    desk.sends(&handed).await;
    let view = desk.sees(case).await;
    assert_eq!(view.row.stage, Stage::Registered);
    assert_eq!(view.entries[1].verdict, None, "it waits");
    desk.sends(&accepted).await;
    let view = desk.sees(case).await;
    assert_eq!(view.row.stage, Stage::HandedOver);
    assert_eq!(folded(&view).1.stage, Stage::HandedOver);
    // The phones hear the late verdict too.
    let told = inspector.pulls().await.rows;
    let mut handing = told.iter().filter(|r| r.entry.as_ref() == Some(&handed));
    let late = handing.next_back().unwrap();
    assert_eq!(late.verdict, Some(Verdict::Applied));
    let before = told.iter().find(|r| r.entry.as_ref() == Some(&accepted));
    assert!(
        before.unwrap().judged < late.judged,
        "it counts after its basis"
    );
}

#[tokio::test]
async fn the_reporter_takes_a_report_back_before_anybody_took_it_up() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let report = inspector.report();
    let case = record_of(&report);
    let reason = "误报".to_owned();
    let withdrawn = inspector.step(case, id_of(&report), &Step::Withdraw { reason });
    inspector.client.push(&[&report, &withdrawn]).await;
    assert_eq!(desk.sees(case).await.row.stage, Stage::Withdrawn);
    let accepted = desk.step(case, id_of(&withdrawn), &accept());
    desk.sends(&accepted).await;
    assert_eq!(desk.sees(case).await.row.stage, Stage::Withdrawn);
}

#[tokio::test]
async fn nobody_gets_a_right_by_being_faster_than_the_record() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let report = inspector.report();
    let case = record_of(&report);
    // His own report accepted and closed by himself, sent before the report.
    let accepted = inspector.step(case, id_of(&report), &accept());
    let handed = inspector.step(case, id_of(&accepted), &hand_over());
    let answer = inspector.client.push(&[&accepted, &handed, &report]).await;
    assert!(answer.results.iter().all(|r| r.status.is_held()));
    let desk = Person::arrives(&server, DESK).await;
    let view = desk.sees(case).await;
    assert_eq!(view.row.stage, Stage::Registered);
    let (_, folded) = folded(&view);
    assert!(folded.steps.iter().all(|s| s.verdict == Verdict::Stale));
}

#[tokio::test]
async fn steps_offered_again_in_any_order_count_as_they_did() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let mut handler = Person::arrives(&server, HANDLER).await;
    let report = inspector.report();
    let case = record_of(&report);
    let accepted = desk.step(case, id_of(&report), &accept());
    let handed = desk.step(case, id_of(&accepted), &hand_over());
    let signed = handler.step(case, id_of(&handed), &sign());
    // After a restore the unit's phone may be the first to come back.
    assert_eq!(handler.sends(&signed).await, EntryStatus::Accepted);
    inspector.sends(&report).await;
    assert_eq!(handler.sends(&signed).await, EntryStatus::Duplicate);
    desk.client.push(&[&accepted, &handed]).await;
    let view = desk.sees(case).await;
    assert_eq!(view.row.stage, Stage::InHand);
    assert!(handler.hears_of(&report).await);

    // The same once the report is there, and the hand-over is not.
    let report = inspector.report();
    let case = record_of(&report);
    inspector.sends(&report).await;
    let accepted = desk.step(case, id_of(&report), &accept());
    let handed = desk.step(case, id_of(&accepted), &hand_over());
    let signed = handler.step(case, id_of(&handed), &sign());
    assert_eq!(handler.sends(&signed).await, EntryStatus::Accepted);
    desk.client.push(&[&accepted, &handed]).await;
    assert_eq!(desk.sees(case).await.row.stage, Stage::InHand);
}

fn ladder(on: bool, approver: &str) -> Step {
    let today = Day::in_china(now()).unwrap();
    Step::Ladder {
        on,
        approver: approver.parse().unwrap(),
        rungs: case::ladder(today, &Calendar::default()),
        note: Some("重大事项".to_owned()),
    }
}

#[tokio::test]
async fn the_ladder_needs_an_approver_who_may_decide() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let report = inspector.report();
    let case = record_of(&report);
    inspector.sends(&report).await;
    let handed = desk
        .takes(case, id_of(&report), &[accept(), hand_over()])
        .await;
    // An auditor, another county's supervisor, the handler.
    for approver in ["dc-hejin", "hzb-yongji", HANDLER] {
        let step = desk.step(case, handed, &ladder(true, approver));
        let answer = desk.client.push(&[&step]).await;
        let reason = answer.results[0].reason.as_deref();
        assert_eq!(reason, Some("approver_not_permitted"), "{approver}");
    }
    assert_eq!(desk.sees(case).await.row.ladder, None);
    // The desk above approves; the desk itself may as well.
    let on = desk.takes(case, handed, &[ladder(true, "hzb-yc")]).await;
    let view = desk.sees(case).await;
    assert_eq!(view.row.ladder, Day::in_china(now()));
    let told = view.entries.last().unwrap();
    let approver = "hzb-yc".parse().unwrap();
    assert_eq!(told.names.get(&approver).unwrap(), "何静（演示）");
    let (_, folded) = folded(&view);
    assert_eq!(folded.ladder.unwrap().rungs.len(), 4);
    desk.takes(case, on, &[ladder(false, DESK)]).await;
    assert_eq!(desk.sees(case).await.row.ladder, None);
}

#[tokio::test]
async fn a_case_is_sent_up_and_found_above() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let (report, other) = (inspector.report(), inspector.report());
    let case = record_of(&report);
    inspector.client.push(&[&report, &other]).await;
    let up = Step::Escalate {
        to: "yc".parse().unwrap(),
        reason: "需市级协调".to_owned(),
    };
    let basis = desk.takes(case, id_of(&report), &[up]).await;
    let mut city = Person::arrives(&server, "hzb-yc").await;
    let list = "/api/v1/records?escalated=true";
    let page: RecordPage = city.client.get(list).await.json();
    assert_eq!((page.total, page.rows[0].record_id), (1, case));
    assert_eq!(page.rows[0].escalated.as_ref().unwrap().as_str(), "yc");
    let rest: RecordPage = city
        .client
        .get("/api/v1/records?escalated=false")
        .await
        .json();
    assert_eq!(rest.total, 1);
    // The desk above decides.
    city.takes(case, basis, &[accept(), hand_over()]).await;
    assert_eq!(desk.sees(case).await.row.stage, Stage::HandedOver);
}

#[tokio::test]
async fn urging_extension_and_late_return_go_both_ways() {
    let server = TestServer::start().await;
    let mut inspector = Person::arrives(&server, INSPECTOR).await;
    let mut desk = Person::arrives(&server, DESK).await;
    let mut handler = Person::arrives(&server, HANDLER).await;
    let unit = || UNIT.parse().unwrap();
    let report = inspector.report();
    let case = record_of(&report);
    inspector.sends(&report).await;
    let handed = desk
        .takes(case, id_of(&report), &[accept(), hand_over()])
        .await;
    let text = "请报进展".to_owned();
    let urge = desk
        .takes(case, handed, &[Step::Urge { unit: unit(), text }])
        .await;
    assert_eq!(desk.sees(case).await.row.urged, 1);
    let first = desk.sees(case).await.row.due.unwrap();
    let later = first.plus_days(10).unwrap();
    let answer = Step::Answer {
        urge,
        unit: unit(),
        text: "明天完成".to_owned(),
    };
    let ask = Step::AskExtension {
        unit: unit(),
        due: later,
        reason: "汛期".to_owned(),
    };
    handler.pen.post = "chaijia-zrr".parse().ok();
    let asked = handler.takes(case, urge, &[answer, ask]).await;
    let row = desk.sees(case).await.row;
    assert_eq!((row.urged, row.asked), (0, true));
    let decide = Step::DecideExtension {
        of: asked,
        granted: true,
        note: None,
    };
    let decided = desk.takes(case, asked, &[decide]).await;
    let view = desk.sees(case).await;
    let (_, folded) = folded(&view);
    assert_eq!(folded.due.unwrap().first, first);
    assert_eq!(folded.due.unwrap().now, later);
    // Each step says who, under which post, when by the device and when by the server.
    let ask = folded.steps.iter().find(|s| s.entry_id == asked).unwrap();
    assert_eq!(ask.post.as_ref().unwrap().as_str(), "chaijia-zrr");
    assert!(ask.received.is_some());
    let told = view.entries.iter().find(|e| id_of(&e.entry) == asked);
    assert_eq!(
        told.unwrap().post_name.as_deref(),
        Some("柴家镇人民政府责任人")
    );
    let rows = inspector.pulls().await.rows;
    let pulled = rows
        .iter()
        .find(|r| r.entry.as_ref().is_some_and(|e| id_of(e) == asked));
    assert_eq!(
        pulled.unwrap().post_name.as_deref(),
        Some("柴家镇人民政府责任人")
    );
    // 退回 after 24 hours by the device: it takes effect and says so.
    handler.pen.late_ms = 25 * 3_600_000;
    let give_back = Step::Return {
        unit: unit(),
        reason: "非本单位职责".to_owned(),
    };
    handler.takes(case, decided, &[give_back]).await;
    let view = desk.sees(case).await;
    assert_eq!(view.row.stage, Stage::Accepted);
    assert_eq!(view.entries.last().unwrap().verdict, Some(Verdict::Late));
}
