//! 台账: for whom, for which days, and the files.

mod closing;
mod days;
mod take;

use self::closing::ClosingNote;
use self::days::{Days, Which};
use self::take::{Ledger, Take};
use super::Desk;
use crate::api;
use crate::ui::{Loading, Notice, Tone};
use crate::words::{Key, say_code, t};
use domain::register::{DivisionId, Period};
use domain::sync::Failure;
use domain::wire::LedgerPeriods;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Choice {
    division: RwSignal<Option<DivisionId>>,
    /// By the server's clock and the setting of the office.
    periods: RwSignal<Option<Result<LedgerPeriods, String>>>,
    which: RwSignal<Which>,
    photos: RwSignal<bool>,
}

impl Choice {
    /// The days that the ledgers will be for; `None` until the server told those of the division.
    fn period(self) -> Option<Period> {
        let known = self.periods.get()?.ok()?;
        let asked = self.division.get();
        if asked.is_some() && known.division != asked {
            return None;
        }
        match self.which.get() {
            Which::Now => Some(known.now),
            Which::Before => Some(known.before),
            Which::Free(period) => period,
        }
    }

    /// Asks the server for the periods of the division.
    fn ask(self) {
        let wanted = self.division.get();
        spawn_local(async move {
            let answer = api::ledger_periods(wanted.as_ref()).await;
            let answer = answer.map_err(|f| why(&f));
            // An answer about another division comes too late.
            if self.division.try_get_untracked() == Some(wanted) {
                let _ = self.periods.try_set(Some(answer));
            }
        });
    }
}

/// The page.
#[component]
pub(super) fn Ledgers() -> impl IntoView {
    let choice = Choice {
        division: RwSignal::new(None),
        periods: RwSignal::new(None),
        which: RwSignal::new(Which::Now),
        photos: RwSignal::new(true),
    };
    let again = RwSignal::new(0_u32);
    Effect::new(move || {
        again.track();
        choice.ask();
    });
    let failed = move || choice.periods.get().and_then(Result::err);
    let known = move || choice.periods.get().and_then(Result::ok);
    view! {
        <h1>{t(Key::LedgerTitle)}</h1>
        <p class="muted">{t(Key::LedgerHow)}</p>
        <Show when=move || choice.periods.with(Option::is_none)><Loading /></Show>
        {move || failed().map(|words| view! {
            <Notice tone=Tone::Bad testid="error-message">
                <p>{words}</p>
                <button type="button" class="button" on:click=move |_| again.update(|n| *n += 1)>
                    {t(Key::ListAgain)}
                </button>
            </Notice>
        })}
        {move || known().map(|periods| view! { <ClosingNote periods /> })}
        <form class="filters" on:submit=|e| e.prevent_default()>
            <Division choice />
            <label class="check">
                <input type="checkbox" data-testid="ledger-photos" checked
                    on:change:target=move |e| choice.photos.set(e.target().checked()) />
                <span>{t(Key::LedgerPhotos)}</span>
            </label>
        </form>
        <Show when=move || known().is_some()>
            <Days choice />
            <Take choice ledgers=[Ledger::PROBLEMS, Ledger::CLEANUPS, Ledger::PATROLS] />
        </Show>
    }
}

/// Why there is no ledger, in words.
fn why(failure: &Failure) -> String {
    match failure {
        Failure::Fault { fault, .. } => say_code(&fault.code),
        Failure::SignedOut => say_code("not_signed_in"),
        Failure::NotOurs => say_code("not_ours"),
        _ => t(Key::LedgerUnreachable).to_owned(),
    }
}

/// 区划: one below, or everything that the desk sees.
#[component]
fn Division(choice: Choice) -> impl IntoView {
    let desk = Desk::here();
    let all = move || {
        desk.registers.with(|r| {
            let all = r.iter().flat_map(|r| &r.divisions);
            all.map(|d| (d.id.to_string(), d.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    let option = |(id, name): (String, String)| view! { <option value=id>{name}</option> };
    view! {
        <label>
            <span>{t(Key::FilterDivision)}</span>
            <select data-testid="ledger-division"
                on:change:target=move |e| choice.division.set(e.target().value().parse().ok())>
                <option value="">{t(Key::FilterAll)}</option>
                {move || all().into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}
