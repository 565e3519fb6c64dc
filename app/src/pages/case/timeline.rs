use super::Names;
use super::ladder::LadderBar;
use super::said::{say_due, say_reminder, say_stage, say_step, say_verdict, stage_tone};
use crate::device::clock;
use crate::ui::{Pill, Tone, when};
use crate::words::{Key, fill, t};
use domain::case::{Case, Duty, Taken};
use domain::register::{Calendar, Day};
use leptos::prelude::*;

/// Where the case stands: stage, who has it, the last day, what waits for whom, the ladder if it
/// is on.
#[component]
pub(in crate::pages) fn Standing(
    case: Case,
    /// What things are called.
    names: Names,
    /// When people work.
    calendar: Calendar,
) -> impl IntoView {
    let today = Day::in_china(clock::wall());
    let approver = case.ladder.as_ref().map(|l| names.person(&l.approver));
    let ladder = today.zip(approver).map(|(today, approver)| {
        view! { <LadderBar case=case.clone() today approver /> }
    });
    let due = case.due.filter(|_| case.stage.is_open()).zip(today);
    let due = due.map(|(due, today)| {
        let (word, tone) = say_due(due.now, today);
        let moved = (due.first != due.now).then(|| fill(Key::CaseFirstDue, &[("day", &due.first)]));
        let reminder = say_reminder(due.now, today, &calendar);
        view! {
            <span class="row">
                <Pill tone word testid="case-due" />
                <span class="small muted">{fill(Key::CaseUntil, &[("day", &due.now)])}</span>
                <span class="small muted">{moved}</span>
                {reminder.map(|word| view! { <Pill tone=Tone::Warn word testid="case-reminder" /> })}
            </span>
        }
    });
    let duties = case.duties.iter().map(|duty| {
        view! { <li data-testid="case-duty">{say_duty(duty, &names)}</li> }
    });
    view! {
        <div class="stack-tight" data-testid="case-standing">
            <span class="row">
                <Pill tone=stage_tone(&case.stage) word=say_stage(&case.stage) testid="case-stage" />
            </span>
            {due}
            <ul class="plain">{duties.collect_view()}</ul>
            {waiting(&case, &names)}
            {ladder}
        </div>
    }
}

/// 牵头 柴家镇人民政府 · 承办人 任建平 · 05-24 10:40 签收.
fn say_duty(duty: &Duty, names: &Names) -> String {
    let part = t(if duty.lead {
        Key::CaseLead
    } else {
        Key::CaseAssisting
    });
    let signed = match duty.signed {
        Some(at) => fill(Key::CaseSigned, &[("time", &when::short(at))]),
        None => t(Key::CaseUnsigned).to_owned(),
    };
    let assignee = duty.assignee.as_ref().map(|p| names.person(p));
    let assignee = assignee.map(|name| fill(Key::CaseAssignee, &[("name", &name)]));
    let unit = format!("{part} {}", (names.unit)(duty.unit.as_str()));
    let parts = [Some(unit), assignee, Some(signed)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What waits for somebody: an urging without an answer, a request for more time, a desk above.
fn waiting(case: &Case, names: &Names) -> impl IntoView + use<> {
    let urged = (!case.urged.is_empty()).then(|| fill(Key::CaseUrged, &[("n", &case.urged.len())]));
    let asked = case.asked.as_ref();
    let asked = asked.map(|a| fill(Key::CaseAsked, &[("day", &a.due)]));
    let up = case.escalated.as_ref().filter(|_| case.stage.is_open());
    let up = up.map(|to| fill(Key::CaseEscalated, &[("name", &(names.division)(to))]));
    let all = [urged, asked, up].into_iter().flatten();
    let all: Vec<_> = all
        .map(|word| view! { <Pill tone=Tone::Warn word testid="case-waiting" /> })
        .collect();
    (!all.is_empty()).then(|| view! { <span class="row">{all}</span> })
}

/// Every step with who and under which post, when by the device, when by the server, and what
/// became of it.
#[component]
pub(in crate::pages) fn Timeline(
    steps: Vec<Taken>,
    /// What things are called.
    names: Names,
) -> impl IntoView {
    let rows = steps.into_iter().map(|taken| {
        let received = match taken.received {
            Some(at) => fill(Key::CaseReceived, &[("time", &when::short(at))]),
            None => t(Key::ReceiptOnPhone).to_owned(),
        };
        let who = names.author(&taken.author, taken.entry_id);
        let made = fill(Key::CaseMade, &[("time", &when::short(taken.at))]);
        let verdict = say_verdict(&taken.verdict);
        let text = taken.step.text().map(str::to_owned);
        view! {
            <li data-testid="case-step" data-step=taken.step.word()>
                <strong>{say_step(&taken.step, &names)}</strong>
                {verdict.map(|(word, tone)| view! { <span><Pill tone word /></span> })}
                {text.filter(|t| !t.is_empty()).map(|text| view! { <p>{text}</p> })}
                <span class="small muted" data-testid="case-step-who">{who}</span>
                <span class="small muted">{format!("{made} · {received}")}</span>
            </li>
        }
    });
    view! { <ol class="timeline">{rows.collect_view()}</ol> }
}
