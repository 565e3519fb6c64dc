//! 交办 to 销号: a case is a fold of its steps, each judged once.

use crate::sample;
use xunhe_domain::case::{self, Case, Mark, Reached, Stage, Standing, Step, Told, Verdict};
use xunhe_domain::entry::{CheckedEntry, Kind, Unsealed};
use xunhe_domain::ids::EntryId;
use xunhe_domain::record::{Fields, Outcome};
use xunhe_domain::register::{Calendar, Day, DeadlineClass};
use xunhe_domain::time::WallMs;

const HOUR: i64 = 3_600_000;

/// A case file: entries as they arrive, each step judged as a server does it.
struct File {
    entries: Vec<(CheckedEntry, Option<Verdict>)>,
    at: i64,
}

impl File {
    fn opened_with(outcome: Outcome) -> Self {
        let mut draft = sample::finding_draft(sample::entry_id(1));
        draft.outcome = Some(outcome);
        // There is no after-photo; the outcome alone matters here.
        draft.no_photo_reason = Some("天黑".to_owned());
        let report = draft.finish(&sample::moment()).unwrap();
        Self {
            entries: vec![(sample::sealed(&report), None)],
            at: 0,
        }
    }

    fn new() -> Self {
        Self::opened_with(Outcome::HandedUp)
    }

    fn case(&self) -> Case {
        let told = self.entries.iter().map(|(entry, verdict)| Told {
            entry,
            verdict: verdict.as_ref(),
            received: Some(WallMs(0)),
        });
        case::fold(sample::entry_id(1).as_record(), told).unwrap().1
    }

    /// A step whose author knows everything so far.
    fn take(&mut self, step: &Step) -> Verdict {
        let basis = self.case().basis();
        self.take_knowing(basis, step)
    }

    fn take_knowing(&mut self, basis: Option<EntryId>, step: &Step) -> Verdict {
        let id = sample::entry_id(u8::try_from(self.entries.len() + 1).unwrap());
        let entry = sample::sealed(&written(id, basis, step, self.at));
        let at = entry.body().unwrap().0.clock.best();
        let verdict = self.case().judge(step, basis, at);
        self.entries.push((entry, Some(verdict.clone())));
        verdict
    }

    fn applied(&mut self, step: &Step) -> EntryId {
        let word = step.word();
        assert_eq!(self.take(step), Verdict::Applied, "{word}");
        self.case().basis().unwrap()
    }

    fn handed_over() -> Self {
        let mut file = Self::new();
        file.applied(&accept());
        file.applied(&hand_over("water", &["town"]));
        file
    }
}

fn written(id: EntryId, basis: Option<EntryId>, step: &Step, at: i64) -> Unsealed {
    let mut unsealed = sample::comment(id, sample::entry_id(1), "x");
    unsealed.kind = Kind::Step;
    unsealed.body.basis = basis;
    unsealed.body.clock.wall_ms.0 += at;
    unsealed.body.clock.server = None;
    unsealed.body.clock.gps_ms = None;
    unsealed.body.fields = Fields::Step(step.clone()).write().unwrap();
    unsealed
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn accept() -> Step {
    Step::Accept {
        class: DeadlineClass::SevenDays,
        note: None,
    }
}

fn hand_over(lead: &str, assisting: &[&str]) -> Step {
    Step::HandOver {
        lead: lead.parse().unwrap(),
        assisting: assisting.iter().map(|u| u.parse().unwrap()).collect(),
        assignee: None,
        due: day("2026-05-31"),
        demand: None,
    }
}

fn sign(unit: &str) -> Step {
    Step::Sign {
        unit: unit.parse().unwrap(),
    }
}

fn give_back(unit: &str) -> Step {
    Step::Return {
        unit: unit.parse().unwrap(),
        reason: "非本单位职责".to_owned(),
    }
}

fn progress(unit: &str) -> Step {
    Step::Progress {
        unit: unit.parse().unwrap(),
        text: "已安排清运".to_owned(),
        photos: Vec::new(),
    }
}

fn apply_closure(unit: &str) -> Step {
    Step::ApplyClosure {
        unit: unit.parse().unwrap(),
        text: "已清完".to_owned(),
        after: Vec::new(),
    }
}

fn close() -> Step {
    Step::Close { note: None }
}

fn redo() -> Step {
    Step::Redo {
        reason: "岸边还有".to_owned(),
        due: Some(day("2026-06-05")),
    }
}

#[test]
fn from_registration_to_closure() {
    let mut file = File::new();
    let steps = [
        (accept(), Stage::Accepted),
        (hand_over("water", &["town"]), Stage::HandedOver),
        (sign("town"), Stage::HandedOver),
        (sign("water"), Stage::InHand),
        (progress("town"), Stage::InHand),
        (apply_closure("water"), Stage::ClosureApplied),
        (redo(), Stage::InHand),
        (apply_closure("water"), Stage::ClosureApplied),
        (close(), Stage::Closed),
    ];
    assert_eq!(file.case().stage, Stage::Registered);
    for (step, stage) in steps {
        let word = step.word();
        file.applied(&step);
        assert_eq!(file.case().stage, stage, "after {word}");
    }
    let case = file.case();
    let due = case.due.unwrap();
    assert_eq!((due.first, due.now), (day("2026-05-31"), day("2026-06-05")));
    assert!(!case.stage.is_open());
}

#[test]
fn a_step_that_is_not_possible_there_has_no_effect() {
    let registered = File::new;
    let handed = File::handed_over;
    let cases: [(fn() -> File, Step); 11] = [
        (registered, hand_over("water", &[])),
        (registered, sign("water")),
        (registered, close()),
        (handed, accept()),
        (handed, close()),
        (handed, redo()),
        (handed, sign("stranger")),
        (handed, progress("stranger")),
        // Who helps does not say that it is done.
        (handed, apply_closure("town")),
        (
            handed,
            Step::Withdraw {
                reason: "误报".to_owned(),
            },
        ),
        (handed, hand_over("town", &["town"])),
    ];
    for (file, step) in cases {
        let mut file = file();
        let before = file.case();
        let word = step.word();
        assert_eq!(file.take(&step), Verdict::Stale, "{word}");
        let after = file.case();
        assert_eq!(
            (after.stage, after.duties),
            (before.stage, before.duties),
            "{word}"
        );
        assert_eq!(
            after.steps.len(),
            before.steps.len() + 1,
            "{word} is shown all the same"
        );
    }
}

#[test]
fn several_steps_made_offline_one_after_the_other_all_hold() {
    let mut file = File::handed_over();
    let handed = file.case().basis();
    // The desk urges meanwhile: that changes nobody's duty.
    file.applied(&Step::Urge {
        unit: "water".parse().unwrap(),
        text: "请抓紧".to_owned(),
    });
    assert_eq!(file.take_knowing(handed, &sign("water")), Verdict::Applied);
    let signed = file.case().basis();
    assert_eq!(
        file.take_knowing(signed, &progress("water")),
        Verdict::Applied
    );
    let told = file.case().basis();
    assert_eq!(
        file.take_knowing(told, &apply_closure("water")),
        Verdict::Applied
    );
    assert_eq!(file.case().stage, Stage::ClosureApplied);
}

#[test]
fn a_step_whose_author_missed_a_handing_over_is_out_of_date() {
    let mut file = File::handed_over();
    let first = file.case().basis();
    file.applied(&hand_over("water", &[]));
    assert_eq!(file.take_knowing(first, &sign("water")), Verdict::Stale);
    assert_eq!(file.take_knowing(None, &sign("water")), Verdict::Stale);
    assert_eq!(file.case().stage, Stage::HandedOver);
    // Something that is not here yet: after a restore entries come in any order.
    let to_come = Some(sample::entry_id(200));
    assert_eq!(file.take_knowing(to_come, &sign("water")), Verdict::Waiting);
    assert_eq!(file.case().stage, Stage::HandedOver);
}

#[test]
fn the_lead_gives_it_back_and_the_overall_date_stays() {
    let mut file = File::handed_over();
    file.applied(&give_back("town"));
    assert_eq!(file.case().duties.len(), 1, "who helped drops out");
    file.at = 25 * HOUR;
    assert_eq!(
        file.take(&give_back("water")),
        Verdict::Late,
        "after 24 hours"
    );
    let case = file.case();
    assert_eq!((case.stage, case.duties.len()), (Stage::Accepted, 0));
    let Step::HandOver { lead, .. } = hand_over("ecology", &[]) else {
        unreachable!()
    };
    file.applied(&Step::HandOver {
        lead: lead.clone(),
        assisting: Vec::new(),
        assignee: None,
        due: day("2026-06-02"),
        demand: None,
    });
    let case = file.case();
    assert_eq!(case.due.unwrap().first, day("2026-05-31"));
    assert_eq!(case.units.len(), 3, "who had it goes on seeing it");
    assert_eq!(case.lead().unwrap().unit, lead);
}

#[test]
fn more_time_needs_an_approver() {
    let ask = Step::AskExtension {
        unit: "water".parse().unwrap(),
        due: day("2026-06-10"),
        reason: "汛期".to_owned(),
    };
    for (granted, now) in [(true, "2026-06-10"), (false, "2026-05-31")] {
        let mut file = File::handed_over();
        let of = file.applied(&ask);
        assert_eq!(file.take(&ask), Verdict::Stale, "asked already");
        file.applied(&Step::DecideExtension {
            of,
            granted,
            note: None,
        });
        let due = file.case().due.unwrap();
        assert_eq!((due.first, due.now), (day("2026-05-31"), day(now)));
    }
    let earlier = Step::AskExtension {
        unit: "water".parse().unwrap(),
        due: day("2026-05-30"),
        reason: "x".to_owned(),
    };
    assert_eq!(File::handed_over().take(&earlier), Verdict::Stale);
}

#[test]
fn an_urging_waits_for_its_answer() {
    let mut file = File::handed_over();
    let urge = file.applied(&Step::Urge {
        unit: "water".parse().unwrap(),
        text: "进展？".to_owned(),
    });
    let answer = |unit: &str| Step::Answer {
        urge,
        unit: unit.parse().unwrap(),
        text: "明天清完".to_owned(),
    };
    assert_eq!(file.case().urged.len(), 1);
    assert_eq!(
        file.take(&answer("town")),
        Verdict::Stale,
        "another unit was urged"
    );
    file.applied(&answer("water"));
    assert!(file.case().urged.is_empty());
}

#[test]
fn done_after_the_day_is_late_and_counts() {
    let mut file = File::handed_over();
    // 2026-05-24 by the sample's clock; the last day is the 31st, to its end.
    file.at = 8 * 24 * HOUR;
    assert_eq!(file.take(&apply_closure("water")), Verdict::Late);
    assert_eq!(file.case().stage, Stage::ClosureApplied);
}

#[test]
fn the_reporter_takes_it_back_before_anybody_took_it_up() {
    let mut file = File::new();
    file.applied(&Step::Withdraw {
        reason: "误报".to_owned(),
    });
    assert_eq!(file.case().stage, Stage::Withdrawn);
    assert_eq!(file.take(&accept()), Verdict::Stale);
}

#[test]
fn what_was_done_on_the_spot_is_no_case_until_a_desk_opens_one() {
    let mut file = File::opened_with(Outcome::FixedOnSpot);
    assert_eq!(file.case().stage, Stage::OnSpot);
    file.applied(&accept());
    assert_eq!(file.case().stage, Stage::Accepted);
}

#[test]
fn the_ladder_is_switched_on_once_and_runs_from_the_handing_over() {
    let mut file = File::handed_over();
    assert_eq!(file.take(&ladder(false)), Verdict::Stale);
    file.applied(&ladder(true));
    assert_eq!(file.take(&ladder(true)), Verdict::Stale);
    let on = file.case().ladder.unwrap();
    assert_eq!(on.from, day("2026-05-24"));
    assert_eq!(on.approver.as_str(), "p-0001");
    // A step of an older version brings no days: natural ones.
    let rungs: Vec<_> = on.rungs.iter().map(|r| (r.mark.clone(), r.day)).collect();
    assert_eq!(
        rungs,
        [
            (Mark::Arranged, day("2026-05-24")),
            (Mark::FedBack, day("2026-05-27")),
            (Mark::Solved, day("2026-05-31")),
            (Mark::SolvedComplex, day("2026-06-24")),
        ]
    );
    file.applied(&ladder(false));
    assert_eq!(file.case().ladder, None);
}

fn ladder(on: bool) -> Step {
    Step::Ladder {
        on,
        approver: "p-0001".parse().unwrap(),
        rungs: Vec::new(),
        note: None,
    }
}

#[test]
fn the_overall_clock_never_restarts() {
    let mut file = File::handed_over();
    let begun = file.case().begun;
    file.applied(&give_back("water"));
    file.at = 3 * 24 * HOUR;
    file.applied(&hand_over("ecology", &[]));
    assert_eq!(file.case().begun, begun);
    assert!(file.case().lead().unwrap().handed > begun.unwrap());
    // Switched on after the second handing over, it runs from the first.
    file.applied(&ladder(true));
    assert_eq!(file.case().ladder.unwrap().from, day("2026-05-24"));
}

#[test]
fn promised_days_stay_as_they_were_promised() {
    let mut file = File::handed_over();
    let promised = vec![case::Rung {
        mark: Mark::FedBack,
        day: day("2026-05-29"),
    }];
    file.applied(&Step::Ladder {
        on: true,
        approver: "p-0001".parse().unwrap(),
        rungs: promised.clone(),
        note: Some("重大事项".to_owned()),
    });
    assert_eq!(file.case().ladder.unwrap().rungs, promised);
}

#[test]
fn a_ladder_says_what_is_done_what_has_passed_and_what_is_next() {
    use Reached::{Ahead, Met, Next, Passed};
    let mut file = File::handed_over();
    file.applied(&ladder(true));
    let stand = |file: &File, today: &str| {
        let rungs = file.case().rungs(day(today));
        rungs.into_iter().map(|(_, r)| r).collect::<Vec<_>>()
    };
    let arranged = Met(day("2026-05-24"));
    for (today, stands) in [
        ("2026-05-24", [arranged, Next(3), Ahead, Ahead]),
        ("2026-05-27", [arranged, Next(0), Ahead, Ahead]),
        ("2026-05-28", [arranged, Passed, Next(3), Ahead]),
        ("2026-06-01", [arranged, Passed, Passed, Next(23)]),
        ("2026-06-25", [arranged, Passed, Passed, Passed]),
    ] {
        assert_eq!(stand(&file, today), stands, "{today}");
    }
    file.at = 24 * HOUR;
    file.applied(&progress("town"));
    file.at = 5 * 24 * HOUR;
    file.applied(&apply_closure("water"));
    let (told, done) = (Met(day("2026-05-25")), Met(day("2026-05-29")));
    assert_eq!(stand(&file, "2026-05-30"), [arranged, told, done, done]);
    // Sent back, it is not solved after all.
    file.applied(&redo());
    assert_eq!(stand(&file, "2026-05-30"), [arranged, told, Next(1), Ahead]);
}

#[test]
fn an_extension_beyond_the_ladder_asks_for_monthly_feedback() {
    let mut file = File::handed_over();
    file.applied(&ladder(true));
    let of = file.applied(&Step::AskExtension {
        unit: "water".parse().unwrap(),
        due: day("2026-09-01"),
        reason: "汛期".to_owned(),
    });
    file.applied(&Step::DecideExtension {
        of,
        granted: true,
        note: None,
    });
    let rungs = file.case().rungs(day("2026-05-24"));
    let monthly: Vec<_> = rungs
        .into_iter()
        .filter(|(r, _)| r.mark == Mark::Monthly)
        .map(|(r, _)| r.day)
        .collect();
    assert_eq!(monthly, [day("2026-07-24"), day("2026-08-24")]);
}

#[test]
fn classes_give_their_day() {
    for (class, from, due) in [
        (DeadlineClass::AtOnce, "2026-05-24", Some("2026-05-24")),
        (DeadlineClass::ThreeDays, "2026-02-27", Some("2026-03-02")),
        (DeadlineClass::SevenDays, "2026-12-28", Some("2027-01-04")),
        (DeadlineClass::OneMonth, "2026-01-31", Some("2026-02-28")),
        (DeadlineClass::OneMonth, "2024-01-31", Some("2024-02-29")),
        (DeadlineClass::OneMonth, "2026-12-05", Some("2027-01-05")),
        (DeadlineClass::WorkOrder, "2026-01-31", None),
    ] {
        let found = class.due(day(from), &Calendar::default());
        assert_eq!(found, due.map(day), "{class:?} {from}");
    }
    for (due, today, standing) in [
        ("2026-05-31", "2026-05-24", Standing::Left(7)),
        ("2026-05-31", "2026-05-31", Standing::Left(0)),
        ("2026-05-31", "2026-06-02", Standing::Over(2)),
    ] {
        assert_eq!(Standing::of(day(due), day(today)), standing);
    }
}
