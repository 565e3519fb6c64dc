use super::Names;
use crate::ui::Tone;
use crate::words::{Key, fill, t};
use domain::case::{Stage, Standing, Step, Verdict};
use domain::register::{Calendar, Day, DeadlineClass};

/// Where a case stands, in the words of the offices.
pub(in crate::pages) fn say_stage(stage: &Stage) -> String {
    let key = match stage {
        Stage::OnSpot => Key::StageOnSpot,
        Stage::Registered => Key::StageRegistered,
        Stage::Rejected => Key::StageRejected,
        Stage::Accepted => Key::StageAccepted,
        Stage::HandedOver => Key::StageHandedOver,
        Stage::InHand => Key::StageInHand,
        Stage::ClosureApplied => Key::StageClosureApplied,
        Stage::Closed => Key::StageClosed,
        Stage::Withdrawn => Key::StageWithdrawn,
        Stage::Other(word) => return word.clone(),
    };
    t(key).to_owned()
}

/// How a stage looks; the word always stands with it.
pub(in crate::pages) const fn stage_tone(stage: &Stage) -> Tone {
    match stage {
        Stage::Closed | Stage::OnSpot => Tone::Good,
        Stage::Registered | Stage::Accepted | Stage::ClosureApplied => Tone::Warn,
        _ => Tone::Info,
    }
}

/// What a step is called.
pub(super) fn step_key(step: &Step) -> Key {
    match step {
        Step::Accept { .. } => Key::StepAccept,
        Step::Reject { .. } => Key::StepReject,
        Step::HandOver { .. } => Key::StepHandOver,
        Step::Sign { .. } => Key::StepSign,
        Step::Return { .. } => Key::StepReturn,
        Step::Progress { .. } => Key::StepProgress,
        Step::ApplyClosure { .. } => Key::StepApplyClosure,
        Step::Close { .. } => Key::StepClose,
        Step::Redo { .. } => Key::StepRedo,
        Step::Escalate { .. } => Key::StepEscalate,
        Step::Urge { .. } => Key::StepUrge,
        Step::Answer { .. } => Key::StepAnswer,
        Step::AskExtension { .. } => Key::StepAskExtension,
        Step::DecideExtension { .. } => Key::StepDecideExtension,
        Step::Ladder { .. } => Key::StepLadder,
        Step::Withdraw { .. } => Key::StepWithdraw,
    }
}

/// A step with what it names: 交办 永济市水利局 · 承办人 任建平 · 限 05-31.
pub(super) fn say_step(step: &Step, names: &Names) -> String {
    let (word, unit_name) = (t(step_key(step)), names.unit);
    match step {
        Step::HandOver {
            lead,
            assisting,
            assignee,
            due,
            ..
        } => {
            let mut units = vec![unit_name(lead.as_str())];
            units.extend(assisting.iter().map(|u| unit_name(u.as_str())));
            let named = assignee.as_ref().map(|p| names.person(p));
            let named = named.map(|name| fill(Key::CaseAssignee, &[("name", &name)]));
            let parts = [Some(units.join("、")), named, Some(say_until(*due))];
            let parts: Vec<_> = parts.into_iter().flatten().collect();
            format!("{word} {}", parts.join(" · "))
        }
        Step::Escalate { to, .. } => format!("{word} {}", (names.division)(to)),
        Step::Urge { unit, .. } => format!("{word} {}", unit_name(unit.as_str())),
        Step::AskExtension { unit, due, .. } => {
            format!("{word} {} · {}", unit_name(unit.as_str()), say_until(*due))
        }
        Step::DecideExtension { granted, .. } => {
            let said = t(if *granted {
                Key::CaseGranted
            } else {
                Key::CaseNotGranted
            });
            format!("{word} · {said}")
        }
        Step::Ladder { on, approver, .. } => {
            let word = t(if *on {
                Key::StepLadder
            } else {
                Key::StepLadderOff
            });
            let name = names.person(approver);
            format!("{word} · {}", fill(Key::LadderApproved, &[("name", &name)]))
        }
        Step::Redo { due: Some(due), .. } => format!("{word} · {}", say_until(*due)),
        step => match step.unit() {
            Some(unit) => format!("{word} {}", unit_name(unit.as_str())),
            None => word.to_owned(),
        },
    }
}

fn say_until(due: Day) -> String {
    fill(Key::CaseUntil, &[("day", &due)])
}

/// How a due date stands today, and how that looks.
pub(in crate::pages) fn say_due(due: Day, today: Day) -> (String, Tone) {
    match Standing::of(due, today) {
        Standing::Over(days) => (fill(Key::CaseOver, &[("n", &days)]), Tone::Bad),
        Standing::Left(0) => (t(Key::CaseToday).to_owned(), Tone::Warn),
        Standing::Left(days @ 1..=2) => (fill(Key::CaseLeft, &[("n", &days)]), Tone::Warn),
        Standing::Left(days) => (fill(Key::CaseLeft, &[("n", &days)]), Tone::Info),
    }
}

/// Said on the last working day before a due date, when that is not the day before.
pub(in crate::pages) fn say_reminder(
    due: Day,
    today: Day,
    calendar: &Calendar,
) -> Option<&'static str> {
    let days_off_between = today.days_until(due) > 1;
    let last = calendar.reminder(due) == Some(today);
    (last && days_off_between).then(|| t(Key::CaseLastWorkingDay))
}

/// What became of a step, where that needs saying.
pub(super) fn say_verdict(verdict: &Verdict) -> Option<(&'static str, Tone)> {
    match verdict {
        Verdict::Applied => None,
        Verdict::Late => Some((t(Key::VerdictLate), Tone::Warn)),
        Verdict::Stale => Some((t(Key::VerdictStale), Tone::Bad)),
        Verdict::Waiting | Verdict::Other(_) => Some((t(Key::VerdictWaiting), Tone::Warn)),
    }
}

/// How soon.
pub(in crate::pages) fn say_class(class: &DeadlineClass) -> String {
    let key = match class {
        DeadlineClass::AtOnce => Key::ClassAtOnce,
        DeadlineClass::ThreeDays => Key::ClassThreeDays,
        DeadlineClass::SevenDays => Key::ClassSevenDays,
        DeadlineClass::OneMonth => Key::ClassOneMonth,
        DeadlineClass::WorkOrder => Key::ClassWorkOrder,
        DeadlineClass::Other(word) => return word.clone(),
    };
    t(key).to_owned()
}
