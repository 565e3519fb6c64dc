//! From a report to 销号 over the wire: who may do which step, what each does, who sees it.

use crate::support::pen::{id_of, now, record_of};
use crate::support::{Client, Pen, TestServer};
use domain::case::{Case, Stage, Step, Told, Verdict};
use domain::entry::{CheckedEntry, Entry};
use domain::ids::{EntryId, RecordId};
use domain::register::{Day, DeadlineClass};
use domain::wire::{EntryStatus, PullAnswer, RecordPage, RecordView};

const DESK: &str = "hzb-hejin";
const HANDLER: &str = "zrr-hejin";
const INSPECTOR: &str = "wgy-hejin";
const UNIT: &str = "chaijia";

/// Somebody with a session and a log.
struct Person {
    client: Client,
    pen: Pen,
}

impl Person {
    async fn arrives(server: &TestServer, account: &str) -> Self {
        Self {
            client: server.client(account).await,
            pen: Pen::new(account).on("fh-chaijia"),
        }
    }

    fn report(&mut self) -> Entry {
        self.pen.handed_up()
    }

    fn step(&mut self, case: RecordId, basis: EntryId, step: &Step) -> Entry {
        self.pen.basis = Some(basis);
        self.pen.step(case, step)
    }

    async fn sends(&self, entry: &Entry) -> EntryStatus {
        self.client.push(&[entry]).await.results[0].status
    }

    /// What the person's phone gets from its beginning.
    async fn pulls(&self) -> PullAnswer {
        self.client.get("/api/v1/sync/pull").await.json()
    }

    async fn sees(&self, case: RecordId) -> RecordView {
        self.client
            .get(&format!("/api/v1/records/{case}"))
            .await
            .json()
    }
}

fn folded(view: &RecordView) -> Case {
    let checked: Vec<CheckedEntry> = view
        .entries
        .iter()
        .map(|e| e.entry.clone().check().unwrap())
        .collect();
    let told = checked.iter().zip(&view.entries).map(|(entry, e)| Told {
        entry,
        verdict: e.verdict.as_ref(),
        received: Some(e.received_ms),
    });
    domain::case::fold(view.row.record_id, told).unwrap().1
}

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
    let folded = folded(&view);
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
    assert_eq!(folded(&view).stage, Stage::HandedOver);
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
