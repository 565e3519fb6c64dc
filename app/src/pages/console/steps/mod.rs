mod days;
mod hand_over;
mod ladder;

use self::hand_over::HandOver;
use self::ladder::LadderSwitch;
use super::Desk;
use crate::pages::case::{StepForm, say_class};
use crate::words::{Key, fill, t};
use domain::case::{Asked, Case, Stage, Step};
use domain::record::ProblemCode;
use domain::register::{DeadlineClass, DivisionId, OutfallId, ReachId, UnitId};
use leptos::prelude::*;

/// What the desk may do about a case now, the next step first.
#[component]
pub(super) fn DeskSteps(
    case: Case,
    /// The problem, for how soon the catalogue wants it done.
    problem: Option<ProblemCode>,
    /// The outfall that the report names.
    outfall: Option<OutfallId>,
    /// Where it belongs.
    division: Option<DivisionId>,
    /// Where it belongs.
    reach: Option<ReachId>,
) -> impl IntoView {
    let (id, basis) = (case.record_id, case.basis());
    let accepts = matches!(case.stage, Stage::Registered | Stage::OnSpot);
    let hands_over = matches!(
        case.stage,
        Stage::Accepted | Stage::HandedOver | Stage::InHand
    );
    let checks = case.stage == Stage::ClosureApplied;
    let ladder_open = case.stage.is_open() && case.stage != Stage::Registered;
    let escalates = matches!(case.stage, Stage::Registered | Stage::Accepted);
    let class = case.class.clone().or_else(|| class_of(problem.as_ref()));
    let urges = case.stage.is_with_units().then(|| case.duties.clone());
    let asked = case.asked.clone();
    let desk = Desk::here();
    let calendar = desk.calendar(division.as_ref());
    let divisions = desk.divisions_of(division.as_ref(), reach.as_ref());
    view! {
        <div class="desk-steps" data-testid="desk-steps">
            {accepts.then(|| view! { <Accept case=case.clone() class=class.clone() /> })}
            {(case.stage == Stage::Registered).then(|| view! {
                <StepForm case=id basis label=Key::StepReject words_needed=true testid="step-reject"
                    step=|reason| Some(Step::Reject { reason }) />
            })}
            {hands_over.then(|| view! { <HandOver case=case.clone() class outfall calendar=calendar.clone() /> })}
            {checks.then(|| view! {
                <StepForm case=id basis label=Key::StepClose testid="step-close"
                    step=|words: String| Some(Step::Close { note: Some(words).filter(|w| !w.is_empty()) }) />
                <Redo case=case.clone() />
            })}
            {asked.map(|asked| view! { <Decide case=case.clone() asked /> })}
            {urges.into_iter().flatten().map(|duty| view! { <Urge case=case.clone() unit=duty.unit /> }).collect_view()}
            {escalates.then(|| view! { <Escalate case=case.clone() division /> })}
            {ladder_open.then(|| view! { <LadderSwitch case=case.clone() divisions calendar /> })}
        </div>
    }
}

fn class_of(problem: Option<&ProblemCode>) -> Option<DeadlineClass> {
    let desk = Desk::here();
    desk.registers.with_untracked(|r| {
        let mut all = r.iter().flat_map(|r| &r.problems);
        all.find(|p| Some(&p.code) == problem)
            .map(|p| p.deadline.clone())
    })
}

const CLASSES: [DeadlineClass; 4] = [
    DeadlineClass::AtOnce,
    DeadlineClass::ThreeDays,
    DeadlineClass::SevenDays,
    DeadlineClass::OneMonth,
];

/// 受理: how soon comes from the catalogue unless the desk says otherwise.
#[component]
fn Accept(case: Case, class: Option<DeadlineClass>) -> impl IntoView {
    let chosen = RwSignal::new(class.unwrap_or(DeadlineClass::SevenDays));
    let step = move |words: String| {
        Some(Step::Accept {
            class: chosen.get_untracked(),
            note: Some(words).filter(|w| !w.is_empty()),
        })
    };
    let options = move || {
        let option = |class: DeadlineClass| {
            let mine = class.clone();
            let selected = move || chosen.get() == mine;
            view! { <option value=class.as_str().to_owned() selected=selected>{say_class(&class)}</option> }
        };
        CLASSES.map(option).collect_view()
    };
    view! {
        <StepForm case=case.record_id basis=case.basis() label=Key::StepAccept testid="step-accept" step>
            <label class="field">
                <span>{t(Key::CaseClass)}</span>
                <select class="input" data-testid="step-accept-class"
                    on:change:target=move |e| chosen.set(DeadlineClass::from(e.target().value()))>
                    {options()}
                </select>
            </label>
        </StepForm>
    }
}

/// 退回重办, with a new day if the old one has passed.
#[component]
fn Redo(case: Case) -> impl IntoView {
    let due = RwSignal::new(String::new());
    let step = move |reason| {
        Some(Step::Redo {
            reason,
            due: due.get_untracked().parse().ok(),
        })
    };
    view! {
        <StepForm case=case.record_id basis=case.basis() label=Key::StepRedo words_needed=true testid="step-redo" step>
            <label class="field">
                <span>{t(Key::CaseNewDue)}</span>
                <input class="input" type="date" data-testid="step-redo-due"
                    on:change:target=move |e| due.set(e.target().value()) />
            </label>
        </StepForm>
    }
}

/// 延期审批: the author of the step is the approver.
#[component]
fn Decide(case: Case, asked: Asked) -> impl IntoView {
    let of = asked.entry_id;
    let unit = Desk::here().unit_name(asked.unit.as_str());
    let values: [(&str, &dyn std::fmt::Display); 2] = [("unit", &unit), ("day", &asked.due)];
    let wish = fill(Key::CaseAsksUntil, &values);
    let reason = case.steps.iter().find(|t| t.entry_id == of);
    let reason = reason.and_then(|t| t.step.text()).map(str::to_owned);
    let decide = move |granted: bool| {
        move |words: String| {
            Some(Step::DecideExtension {
                of,
                granted,
                note: Some(words).filter(|w| !w.is_empty()),
            })
        }
    };
    let (id, basis) = (case.record_id, case.basis());
    view! {
        <p data-testid="asked"><strong>{wish}</strong>" "{reason}</p>
        <StepForm case=id basis label=Key::CaseGrant testid="step-grant" step=decide(true) />
        <StepForm case=id basis label=Key::CaseRefuse testid="step-refuse" step=decide(false) />
    }
}

#[component]
fn Urge(case: Case, unit: UnitId) -> impl IntoView {
    let unit = StoredValue::new(unit);
    let step = move |text| {
        Some(Step::Urge {
            unit: unit.get_value(),
            text,
        })
    };
    view! {
        <StepForm case=case.record_id basis=case.basis() label=Key::StepUrge words_needed=true testid="step-urge" step>
            <p class="small muted">{Desk::here().unit_name(unit.get_value().as_str())}</p>
        </StepForm>
    }
}

/// 上报: to a desk above.
#[component]
fn Escalate(case: Case, division: Option<DivisionId>) -> impl IntoView {
    let desk = Desk::here();
    let to = RwSignal::new(None::<DivisionId>);
    let step = move |reason| {
        let to = to.get_untracked()?;
        Some(Step::Escalate { to, reason })
    };
    let above = move || desk.above(division.as_ref());
    let above = StoredValue::new(above());
    let choice = move |(id, name): (DivisionId, String)| {
        view! { <option value=id.to_string()>{name}</option> }
    };
    view! {
        <StepForm case=case.record_id basis=case.basis() label=Key::StepEscalate words_needed=true testid="step-escalate" step>
            <label class="field">
                <span>{t(Key::CaseEscalateTo)}</span>
                <select class="input" data-testid="step-escalate-to"
                    on:change:target=move |e| to.set(e.target().value().parse().ok())>
                    <option value="">{t(Key::CaseChoose)}</option>
                    {above.get_value().into_iter().map(choice).collect_view()}
                </select>
            </label>
        </StepForm>
    }
}
