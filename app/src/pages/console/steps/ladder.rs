use super::days::CountedDays;
use crate::device::clock;
use crate::pages::case::{StepForm, say_mark};
use crate::pages::console::Desk;
use crate::words::{Key, t};
use domain::case::{Case, Step, ladder};
use domain::register::{Calendar, Day, DivisionId, PersonId};
use leptos::prelude::*;

/// 纳入13710, with an approver and the days that are promised; or out of it again.
#[component]
pub(super) fn LadderSwitch(
    case: Case,
    /// Where the case belongs: whoever supervises one of these may approve.
    divisions: Vec<DivisionId>,
    /// How days are counted there.
    calendar: Calendar,
) -> impl IntoView {
    let desk = Desk::here();
    let on = case.ladder.is_none();
    let today = Day::in_china(clock::wall());
    // The overall clock began with the first handing over, if there was one.
    let from = case.begun.and_then(Day::in_china).or(today);
    let rungs = from.filter(|_| on);
    let rungs = rungs
        .map(|from| ladder(from, &calendar))
        .unwrap_or_default();
    let last = rungs.last().map(|r| r.day);
    let promised = StoredValue::new(rungs.clone());
    let approver = RwSignal::new(None::<PersonId>);
    let step = move |words: String| {
        Some(Step::Ladder {
            on,
            approver: approver.get_untracked()?,
            rungs: promised.get_value(),
            note: Some(words).filter(|w| !w.is_empty()),
        })
    };
    let approvers = StoredValue::new(desk.approvers(&divisions));
    let choice = |(id, name): (PersonId, String)| {
        view! { <option value=id.to_string()>{name}</option> }
    };
    let rungs = StoredValue::new(rungs);
    let calendar = StoredValue::new(calendar);
    let days = move || {
        let rungs = rungs.get_value().into_iter();
        let row = rungs.map(|r| view! { <li>{format!("{} {}", say_mark(&r.mark), r.day)}</li> });
        row.collect_view()
    };
    let label = if on {
        Key::StepLadder
    } else {
        Key::StepLadderOff
    };
    view! {
        <StepForm case=case.record_id basis=case.basis() label testid="step-ladder" step>
            <label class="field">
                <span>{t(Key::LadderApprover)}</span>
                <select class="input" data-testid="step-ladder-approver"
                    on:change:target=move |e| approver.set(e.target().value().parse().ok())>
                    <option value="">{t(Key::CaseChoose)}</option>
                    {approvers.get_value().into_iter().map(choice).collect_view()}
                </select>
            </label>
            {on.then(|| view! {
                <ul class="plain small" data-testid="step-ladder-days">{days()}</ul>
                <CountedDays calendar=calendar.get_value() from due=Signal::stored(last) />
            })}
        </StepForm>
    }
}
