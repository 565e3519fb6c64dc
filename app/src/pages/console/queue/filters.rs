use crate::device::clock;
use crate::model::App;
use crate::pages::console::Desk;
use crate::words::{Key, t};
use domain::register::Day;
use domain::time::WallMs;
use domain::wire::RecordFilter;
use leptos::prelude::*;

/// The conditions that narrow the list; each change asks the server again.
#[component]
pub(super) fn Filters(filter: RwSignal<RecordFilter>) -> impl IntoView {
    let (app, desk) = (App::here(), Desk::here());
    let narrow = move |change: Box<dyn FnOnce(&mut RecordFilter)>| {
        filter.update(|f| {
            change(f);
            f.after = None;
        });
    };
    let word = |value: String| Some(value).filter(|v| !v.is_empty());
    let flag = |value: String| match value.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let divisions = move || {
        desk.registers.with(|r| {
            let all = r.iter().flat_map(|r| &r.divisions);
            all.map(|d| (d.id.to_string(), d.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    let units = move || {
        desk.registers.with(|r| {
            let all = r.iter().flat_map(|r| &r.units);
            all.map(|u| (u.id.to_string(), u.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    let today = || Day::in_china(clock::wall());
    let problems = move || {
        let codes = desk.registers.with(|r| {
            r.iter()
                .flat_map(|r| &r.problems)
                .map(|p| p.code.clone())
                .collect::<Vec<_>>()
        });
        codes
            .into_iter()
            .map(|c| (c.0.clone(), app.problem_name(&c)))
            .collect::<Vec<_>>()
    };
    let fixed = |pairs: &'static [(&'static str, Key)]| {
        move || {
            pairs
                .iter()
                .map(|(v, k)| ((*v).to_owned(), t(*k).to_owned()))
                .collect::<Vec<_>>()
        }
    };
    view! {
        <form class="filters" aria-label=t(Key::FilterTitle) on:submit=|e| e.prevent_default()>
            <Choice label=t(Key::FilterKind) testid="filter-kind"
                options=fixed(&[("patrol_start", Key::KindPatrolStart), ("cleanup", Key::HomeCleanup), ("discharge", Key::HomeDischarge), ("finding", Key::HomeFinding)])
                chosen=move |v| narrow(Box::new(move |f| f.kind = word(v))) />
            <Choice label=t(Key::FilterDivision) testid="filter-division" options=divisions
                chosen=move |v| narrow(Box::new(move |f| f.division = v.parse().ok())) />
            <Choice label=t(Key::FilterProblem) testid="filter-problem" options=problems
                chosen=move |v| narrow(Box::new(move |f| f.problem = word(v))) />
            <Choice label=t(Key::FormOutcome) testid="filter-outcome"
                options=fixed(&[
                    ("fixed_on_spot", Key::OutcomeFixed),
                    ("to_follow", Key::OutcomeToFollow),
                    ("handed_up", Key::OutcomeHandedUp),
                ])
                chosen=move |v| narrow(Box::new(move |f| f.outcome = word(v))) />
            <Choice label=t(Key::FilterPhotos) testid="filter-complete"
                options=fixed(&[("yes", Key::FilterComplete), ("no", Key::FilterIncomplete)])
                chosen=move |v| narrow(Box::new(move |f| f.complete = flag(v))) />
            <Choice label=t(Key::FilterState) testid="filter-quarantined"
                options=fixed(&[("yes", Key::ReceiptQuarantined), ("no", Key::ReceiptText)])
                chosen=move |v| narrow(Box::new(move |f| f.quarantined = flag(v))) />
            <Choice label=t(Key::FilterUnit) testid="filter-unit" options=units
                chosen=move |v| narrow(Box::new(move |f| f.unit = v.parse().ok())) />
            <Choice label=t(Key::ListDue) testid="filter-due"
                options=fixed(&[("over", Key::FilterOverdue)])
                chosen=move |v| narrow(Box::new(move |f| f.due_before = today().filter(|_| v == "over"))) />
            <Choice label=t(Key::StepEscalate) testid="filter-escalated"
                options=fixed(&[("yes", Key::FilterEscalated), ("no", Key::FilterNotEscalated)])
                chosen=move |v| narrow(Box::new(move |f| f.escalated = flag(v))) />
            <OnDay label=t(Key::FilterFrom) testid="filter-from"
                chosen=move |day| narrow(Box::new(move |f| f.from_ms = day.map(Day::begins))) />
            <OnDay label=t(Key::FilterTo) testid="filter-to"
                chosen=move |day| narrow(Box::new(move |f| f.to_ms = day.and_then(after))) />
        </form>
    }
}

/// The last day of a range belongs to it.
fn after(day: Day) -> Option<WallMs> {
    day.plus_days(1).map(Day::begins)
}

#[component]
fn OnDay(
    label: &'static str,
    testid: &'static str,
    chosen: impl Fn(Option<Day>) + 'static,
) -> impl IntoView {
    view! {
        <label>
            <span>{label}</span>
            <input type="date" data-testid=testid
                on:change:target=move |e| chosen(e.target().value().parse().ok()) />
        </label>
    }
}

#[component]
fn Choice(
    label: &'static str,
    testid: &'static str,
    options: impl Fn() -> Vec<(String, String)> + Send + 'static,
    chosen: impl Fn(String) + 'static,
) -> impl IntoView {
    view! {
        <label>
            <span>{label}</span>
            <select data-testid=testid on:change:target=move |e| chosen(e.target().value())>
                <option value="">{t(Key::FilterAll)}</option>
                {move || options().into_iter().map(|(value, name)| view! {
                    <option value=value>{name}</option>
                }).collect_view()}
            </select>
        </label>
    }
}
