use super::Desk;
use crate::device::clock;
use crate::words::{Key, t};
use domain::register::Day;
use leptos::prelude::*;

/// 台账: for which days, for whom, and the files.
#[component]
pub(super) fn Ledgers() -> impl IntoView {
    let desk = Desk::here();
    let usual = Day::in_china(clock::wall()).and_then(Day::period_of_the_25th);
    let (from, to) = usual.map_or_else(Default::default, |(from, to)| {
        (from.to_string(), to.to_string())
    });
    let (from, to) = (RwSignal::new(from), RwSignal::new(to));
    let division = RwSignal::new(String::new());
    let divisions = move || {
        desk.registers.with(|r| {
            let all = r.iter().flat_map(|r| &r.divisions);
            all.map(|d| (d.id.to_string(), d.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    let file = move |word: &'static str, key: Key| {
        let href = move || {
            let of = division.get();
            let of = if of.is_empty() {
                of
            } else {
                format!("&division={of}")
            };
            format!(
                "/api/v1/ledgers/{word}?from={}&to={}{of}",
                from.get(),
                to.get()
            )
        };
        view! {
            <a class="button button-main" href=href download="" data-testid=format!("ledger-{word}")>{t(key)}</a>
        }
    };
    let choice = move |(id, name): (String, String)| view! { <option value=id>{name}</option> };
    view! {
        <h1>{t(Key::LedgerTitle)}</h1>
        <p class="muted">{t(Key::LedgerHow)}</p>
        <form class="filters" on:submit=|e| e.prevent_default()>
            <label>
                <span>{t(Key::FilterFrom)}</span>
                <input type="date" data-testid="ledger-from" prop:value=move || from.get()
                    on:change:target=move |e| from.set(e.target().value()) />
            </label>
            <label>
                <span>{t(Key::FilterTo)}</span>
                <input type="date" data-testid="ledger-to" prop:value=move || to.get()
                    on:change:target=move |e| to.set(e.target().value()) />
            </label>
            <label>
                <span>{t(Key::FilterDivision)}</span>
                <select on:change:target=move |e| division.set(e.target().value())>
                    <option value="">{t(Key::FilterAll)}</option>
                    {move || divisions().into_iter().map(choice).collect_view()}
                </select>
            </label>
        </form>
        <div class="row">
            {file("problems", Key::LedgerProblems)}
            {file("cleanups", Key::LedgerCleanups)}
            {file("patrols", Key::LedgerPatrols)}
        </div>
    }
}
