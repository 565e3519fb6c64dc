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
    let of = move |part: fn(&RecordFilter) -> Option<String>| {
        Signal::derive(move || filter.with(part).unwrap_or_default())
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
        <form class="filters" role="search" aria-label=t(Key::FilterTitle) on:submit=|e| e.prevent_default()>
            <label>
                <span>{t(Key::FilterSearch)}</span>
                <input type="search" data-testid="filter-search" placeholder=t(Key::FilterSearchFor)
                    prop:value=move || filter.with(|f| f.search.clone())
                    on:change:target=move |e| {
                        let words = e.target().value();
                        narrow(Box::new(move |f| f.search = words));
                    } />
            </label>
            <Choice label=t(Key::FilterKind) testid="filter-kind" shown=of(|f| f.kind.clone())
                options=fixed(&[("patrol_start", Key::KindPatrolStart), ("cleanup", Key::HomeCleanup), ("discharge", Key::HomeDischarge), ("finding", Key::HomeFinding)])
                chosen=move |v| narrow(Box::new(move |f| f.kind = word(v))) />
            <Choice label=t(Key::FilterDivision) testid="filter-division" shown=of(|f| f.division.as_ref().map(ToString::to_string)) options=divisions
                chosen=move |v| narrow(Box::new(move |f| f.division = v.parse().ok())) />
            <Choice label=t(Key::FilterProblem) testid="filter-problem" shown=of(|f| f.problem.clone()) options=problems
                chosen=move |v| narrow(Box::new(move |f| f.problem = word(v))) />
            <Choice label=t(Key::FormOutcome) testid="filter-outcome" shown=of(|f| f.outcome.clone())
                options=fixed(&[
                    ("fixed_on_spot", Key::OutcomeFixed),
                    ("to_follow", Key::OutcomeToFollow),
                    ("handed_up", Key::OutcomeHandedUp),
                ])
                chosen=move |v| narrow(Box::new(move |f| f.outcome = word(v))) />
            <Choice label=t(Key::FilterPhotos) testid="filter-complete" shown=of(|f| say_flag(f.complete))
                options=fixed(&[("yes", Key::FilterComplete), ("no", Key::FilterIncomplete)])
                chosen=move |v| narrow(Box::new(move |f| f.complete = flag(v))) />
            <Choice label=t(Key::FilterState) testid="filter-quarantined" shown=of(|f| say_flag(f.quarantined))
                options=fixed(&[("yes", Key::ReceiptQuarantined), ("no", Key::ReceiptText)])
                chosen=move |v| narrow(Box::new(move |f| f.quarantined = flag(v))) />
            <Choice label=t(Key::FilterUnit) testid="filter-unit" shown=of(|f| f.unit.as_ref().map(ToString::to_string)) options=units
                chosen=move |v| narrow(Box::new(move |f| f.unit = v.parse().ok())) />
            <Choice label=t(Key::ListDue) testid="filter-due" shown=of(|f| f.due_before.map(|_| "over".to_owned()))
                options=fixed(&[("over", Key::FilterOverdue)])
                chosen=move |v| narrow(Box::new(move |f| f.due_before = today().filter(|_| v == "over"))) />
            <Choice label=t(Key::StepEscalate) testid="filter-escalated" shown=of(|f| say_flag(f.escalated))
                options=fixed(&[("yes", Key::FilterEscalated), ("no", Key::FilterNotEscalated)])
                chosen=move |v| narrow(Box::new(move |f| f.escalated = flag(v))) />
            <OnDay label=t(Key::FilterFrom) testid="filter-from" shown=of(|f| f.from_ms.and_then(Day::in_china).map(|d| d.to_string()))
                chosen=move |day| narrow(Box::new(move |f| f.from_ms = day.map(Day::begins))) />
            <OnDay label=t(Key::FilterTo) testid="filter-to" shown=of(|f| f.to_ms.and_then(before).map(|d| d.to_string()))
                chosen=move |day| narrow(Box::new(move |f| f.to_ms = day.and_then(after))) />
        </form>
    }
}

fn say_flag(flag: Option<bool>) -> Option<String> {
    flag.map(|yes| if yes { "yes" } else { "no" }.to_owned())
}

/// The day whose end this is.
fn before(end: WallMs) -> Option<Day> {
    Day::in_china(WallMs(end.0 - 1))
}

/// The last day of a range belongs to it.
fn after(day: Day) -> Option<WallMs> {
    day.plus_days(1).map(Day::begins)
}

#[component]
fn OnDay(
    label: &'static str,
    testid: &'static str,
    shown: Signal<String>,
    chosen: impl Fn(Option<Day>) + 'static,
) -> impl IntoView {
    view! {
        <label>
            <span>{label}</span>
            <input type="date" data-testid=testid prop:value=move || shown.get()
                on:change:target=move |e| chosen(e.target().value().parse().ok()) />
        </label>
    }
}

#[component]
fn Choice(
    label: &'static str,
    testid: &'static str,
    shown: Signal<String>,
    options: impl Fn() -> Vec<(String, String)> + Send + 'static,
    chosen: impl Fn(String) + 'static,
) -> impl IntoView {
    view! {
        <label>
            <span>{label}</span>
            <select data-testid=testid on:change:target=move |e| chosen(e.target().value())>
                <option value="" selected=move || shown.with(String::is_empty)>{t(Key::FilterAll)}</option>
                {move || options().into_iter().map(|(value, name)| view! {
                    <option value=value.clone() selected=move || shown.get() == value>{name}</option>
                }).collect_view()}
            </select>
        </label>
    }
}
