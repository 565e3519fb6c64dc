use super::StepForm;
use crate::device::{clock, random};
use crate::model::App;
use crate::pages::append::append;
use crate::pages::begin::begin as begin_draft;
use crate::ui::{Notice, Tone};
use crate::way::Way;
use crate::words::{Key, fill, t};
use domain::case::{Case, Step};
use domain::ids::EntryId;
use domain::record::{Draft, Fields, StepDraft, Subject};
use domain::register::UnitId;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What a unit may do about a case now; all of it works without a network.
#[component]
pub(in crate::pages) fn UnitSteps(case: Case, unit: UnitId) -> impl IntoView {
    let basis = case.basis();
    let id = case.record_id;
    let unit = StoredValue::new(unit);
    let allows = |step: &Step| case.allows(step);
    let may_sign = allows(&Step::Sign {
        unit: unit.get_value(),
    });
    let may_return = allows(&Step::Return {
        unit: unit.get_value(),
        reason: String::new(),
    });
    let may_report = allows(&Step::Progress {
        unit: unit.get_value(),
        text: String::new(),
        photos: Vec::new(),
    });
    let may_close = allows(&Step::ApplyClosure {
        unit: unit.get_value(),
        text: String::new(),
        after: Vec::new(),
    });
    let mine = case.urged.iter().filter(|u| u.unit == unit.get_value());
    let urged: Vec<_> = mine.map(|u| u.entry_id).collect();
    let asks = may_close && case.asked.is_none();
    view! {
        <div class="stack-tight" data-testid="unit-steps">
            {may_sign.then(|| view! { <Sign case=case.clone() unit=unit.get_value() /> })}
            {urged.into_iter().map(|urge| view! { <Answer case=case.clone() unit=unit.get_value() urge /> }).collect_view()}
            {may_close.then(|| view! { <Photographed case=case.clone() unit=unit.get_value() subject=Subject::Closure /> })}
            {may_report.then(|| view! { <Photographed case=case.clone() unit=unit.get_value() subject=Subject::Progress /> })}
            {may_return.then(|| view! {
                <StepForm case=id basis label=Key::StepReturnLong words_needed=true testid="step-return"
                    step=move |reason| Some(Step::Return { unit: unit.get_value(), reason }) />
            })}
            {asks.then(|| view! { <AskExtension case=case.clone() unit=unit.get_value() /> })}
        </div>
    }
}

/// 催办回复, below the words that are answered.
#[component]
fn Answer(case: Case, unit: UnitId, urge: EntryId) -> impl IntoView {
    let asked = case.steps.iter().find(|t| t.entry_id == urge);
    let asked = asked.and_then(|t| t.step.text()).map(str::to_owned);
    let unit = StoredValue::new(unit);
    let step = move |text| {
        Some(Step::Answer {
            urge,
            unit: unit.get_value(),
            text,
        })
    };
    view! {
        {asked.map(|words| view! {
            <Notice tone=Tone::Warn testid="urged"><p><strong>{t(Key::StepUrge)}</strong></p><p>{words}</p></Notice>
        })}
        <StepForm case=case.record_id basis=case.basis() label=Key::StepAnswer words_needed=true testid="step-answer" step />
    }
}

/// 申请延期, to a day after the one that holds.
#[component]
fn AskExtension(case: Case, unit: UnitId) -> impl IntoView {
    let until = RwSignal::new(String::new());
    let (id, basis) = (case.record_id, case.basis());
    let now = case.due.map(|d| d.now);
    let earliest = now.and_then(|d| d.plus_days(1)).map(|d| d.to_string());
    let hint = now.map(|day| fill(Key::CaseLaterThan, &[("day", &day)]));
    let case = StoredValue::new(case);
    let step = move |reason| {
        let due = until.get_untracked().parse().ok()?;
        let unit = unit.clone();
        let step = Step::AskExtension { unit, due, reason };
        // What could only be answered with 情况已变 is not sent.
        Some(step).filter(|step| case.with_value(|c| c.allows(step)))
    };
    view! {
        <StepForm case=id basis label=Key::StepAskExtension words_needed=true testid="step-ask-extension" step>
            <label class="field">
                <span>{t(Key::CaseNewDue)}</span>
                <input class="input" type="date" min=earliest.clone() data-testid="step-ask-extension-due"
                    on:change:target=move |e| until.set(e.target().value()) />
                <span class="small muted">{hint.clone()}</span>
            </label>
        </StepForm>
    }
}

/// 签收: one touch.
#[component]
fn Sign(case: Case, unit: UnitId) -> impl IntoView {
    let app = App::here();
    let (id, basis) = (case.record_id, case.basis());
    let busy = RwSignal::new(false);
    let sign = move |_| {
        busy.set(true);
        let step = Step::Sign { unit: unit.clone() };
        spawn_local(async move {
            if let Err(code) = append(app, id, basis, Fields::Step(step)).await {
                app.trouble.set(Some(code));
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <button type="button" class="button button-main button-big button-wide" data-testid="step-sign"
            disabled=move || busy.get() on:click=sign>
            {t(Key::StepSign)}
        </button>
    }
}

/// 进展 and 申请销号 bring photos along: a draft like any other, kept before the camera opens.
#[component]
fn Photographed(case: Case, unit: UnitId, subject: Subject) -> impl IntoView {
    let app = App::here();
    let way = Way::here();
    let closes = subject == Subject::Closure;
    let begin = move |_| {
        let Some(basis) = case.basis() else { return };
        let mut draft = Draft::new(random::draft_id(), subject, clock::wall());
        draft.acting_post = untrack(|| app.acting_post(Some(&unit)));
        draft.step = Some(StepDraft {
            case: case.record_id,
            basis,
            unit: unit.clone(),
        });
        begin_draft(app, way, draft);
    };
    let (label, testid) = if closes {
        (Key::StepApplyClosure, "step-apply-closure")
    } else {
        (Key::StepProgress, "step-progress")
    };
    view! {
        <button type="button" class="button button-wide" class:button-main=closes data-testid=testid on:click=begin>
            {t(label)}
        </button>
    }
}
