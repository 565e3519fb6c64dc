use super::Choice;
use crate::ui::{Chip, ChipGroup, Notice, Tone};
use crate::words::{Key, fill, say_code, t};
use domain::register::Period;
use leptos::prelude::*;

/// Which days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// 本期
    Now,
    /// 上期
    Before,
    /// 自选日期; nothing while they are no period.
    Free(Option<Period>),
}

/// 本期, 上期 or days of one's own; below, what that means.
#[component]
pub(super) fn Days(choice: Choice) -> impl IntoView {
    let which = choice.which;
    let chip = move |label: Key, testid: &'static str, is: fn(Which) -> bool, to: Which| {
        let chosen = Signal::derive(move || is(which.get()));
        view! { <Chip label=t(label) chosen testid touch=move || which.set(to) /> }
    };
    let free = Signal::derive(move || matches!(which.get(), Which::Free(_)));
    // Free days begin as those that were chosen before.
    let begin = move || {
        if !free.get_untracked() {
            which.set(Which::Free(untrack(|| choice.period())));
        }
    };
    let said = move || {
        choice.period().map(|Period { from, to }| {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("from", &from), ("to", &to)];
            fill(Key::LedgerPeriod, &values)
        })
    };
    view! {
        <ChipGroup question=t(Key::LedgerDays)>
            {chip(Key::LedgerNow, "ledger-now", |w| w == Which::Now, Which::Now)}
            {chip(Key::LedgerBefore, "ledger-before", |w| w == Which::Before, Which::Before)}
            <Chip label=t(Key::LedgerFree) chosen=free testid="ledger-free" touch=begin />
        </ChipGroup>
        <Show when=move || free.get()><Free choice /></Show>
        <p data-testid="ledger-period">{said}</p>
    }
}

/// Two days to choose.
#[component]
fn Free(choice: Choice) -> impl IntoView {
    let begun = untrack(|| choice.period());
    let text = |day: Option<domain::register::Day>| day.map_or_else(String::new, |d| d.to_string());
    let from = RwSignal::new(text(begun.map(|p| p.from)));
    let to = RwSignal::new(text(begun.map(|p| p.to)));
    let change = move || {
        let days = from.get_untracked().parse().ok();
        let days = days.zip(to.get_untracked().parse().ok());
        let period = days.map(|(from, to)| Period { from, to });
        let right = period.filter(|p| p.from <= p.to);
        choice.which.set(Which::Free(right));
    };
    let wrong = move || choice.which.get() == Which::Free(None);
    let field = move |label: Key, testid: &'static str, day: RwSignal<String>| {
        view! {
            <label>
                <span>{t(label)}</span>
                <input type="date" data-testid=testid prop:value=day
                    on:change:target=move |e| {
                        day.set(e.target().value());
                        change();
                    } />
            </label>
        }
    };
    view! {
        <form class="filters" on:submit=|e| e.prevent_default()>
            {field(Key::FilterFrom, "ledger-from", from)}
            {field(Key::FilterTo, "ledger-to", to)}
        </form>
        <Show when=wrong>
            <Notice tone=Tone::Warn testid="ledger-wrong"><p>{say_code("period_reversed")}</p></Notice>
        </Show>
    }
}
