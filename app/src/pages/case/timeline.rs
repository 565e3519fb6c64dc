use super::said::{say_due, say_stage, say_step, say_verdict, stage_tone};
use crate::device::clock;
use crate::ui::{Pill, when};
use crate::words::{Key, fill, t};
use domain::case::{Case, Mark, Taken, ladder};
use domain::register::{Day, PersonId};
use leptos::prelude::*;

/// Where the case stands: stage, who has it, the last day, the ladder if it is on.
#[component]
pub(in crate::pages) fn Standing(
    case: Case,
    /// What people call a unit.
    unit_name: fn(&str) -> String,
) -> impl IntoView {
    let today = Day::in_china(clock::wall());
    let due = case.due.filter(|_| case.stage.is_open()).zip(today);
    let due = due.map(|(due, today)| {
        let (word, tone) = say_due(due.now, today);
        let moved = (due.first != due.now).then(|| fill(Key::CaseFirstDue, &[("day", &due.first)]));
        view! {
            <span class="row">
                <Pill tone word testid="case-due" />
                <span class="small muted">{fill(Key::CaseUntil, &[("day", &due.now)])}</span>
                <span class="small muted">{moved}</span>
            </span>
        }
    });
    let duties = case.duties.iter().map(|duty| {
        let part = t(if duty.lead {
            Key::CaseLead
        } else {
            Key::CaseAssisting
        });
        let signed = match duty.signed {
            Some(at) => fill(Key::CaseSigned, &[("time", &when::short(at))]),
            None => t(Key::CaseUnsigned).to_owned(),
        };
        view! { <li>{format!("{part} {} · {signed}", unit_name(duty.unit.as_str()))}</li> }
    });
    let rungs = case.ladder.map(|from| view! { <Ladder from /> });
    view! {
        <div class="stack-tight" data-testid="case-standing">
            <span class="row">
                <Pill tone=stage_tone(&case.stage) word=say_stage(&case.stage) testid="case-stage" />
            </span>
            {due}
            <ul class="plain">{duties.collect_view()}</ul>
            {rungs}
        </div>
    }
}

/// The 13710 ladder as days.
#[component]
fn Ladder(from: Day) -> impl IntoView {
    let today = Day::in_china(clock::wall());
    let rungs = ladder(from).into_iter().map(|rung| {
        let word = t(match rung.mark {
            Mark::Arranged => Key::LadderArranged,
            Mark::FedBack => Key::LadderFedBack,
            Mark::Solved => Key::LadderSolved,
            Mark::SolvedComplex => Key::LadderComplex,
        });
        let past = today.is_some_and(|today| today > rung.day);
        view! { <li class:rung-past=past><strong>{word}</strong><span>{rung.day.to_string()}</span></li> }
    });
    view! { <ol class="ladder" aria-label="13710">{rungs.collect_view()}</ol> }
}

/// Every step with who, when by the device, when by the server, and what became of it.
#[component]
pub(in crate::pages) fn Timeline(
    steps: Vec<Taken>,
    /// What people call a unit.
    unit_name: fn(&str) -> String,
    /// What people call a person.
    person_name: impl Fn(&PersonId) -> String,
) -> impl IntoView {
    let rows = steps.into_iter().map(|taken| {
        let received = match taken.received {
            Some(at) => fill(Key::CaseReceived, &[("time", &when::short(at))]),
            None => t(Key::ReceiptOnPhone).to_owned(),
        };
        let who = person_name(&taken.author);
        let when = format!("{who} · {} · {received}", when::short(taken.at));
        let verdict = say_verdict(&taken.verdict);
        let text = taken.step.text().map(str::to_owned);
        view! {
            <li data-testid="case-step" data-step=taken.step.word()>
                <strong>{say_step(&taken.step, unit_name)}</strong>
                {verdict.map(|(word, tone)| view! { <span><Pill tone word /></span> })}
                {text.filter(|t| !t.is_empty()).map(|text| view! { <p>{text}</p> })}
                <span class="small muted">{when}</span>
            </li>
        }
    });
    view! { <ol class="timeline">{rows.collect_view()}</ol> }
}
