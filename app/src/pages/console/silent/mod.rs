//! 久未上传: whom to call before the ledger closes, and what of theirs is not here.

mod close;
mod log;
mod person;

use self::person::Person;
use crate::api;
use crate::pages::start::failure_code;
use crate::ui::{Chip, Empty, Loading, Notice, Tone};
use crate::words::{Key, fill, say_code, t};
use domain::register::Day;
use domain::time::WallMs;
use domain::wire::{PersonReadiness, Readiness};
use leptos::prelude::*;
use leptos::task::spawn_local;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What was asked: how long silent, and how many of the first are left out.
type Asked = (u32, u32);

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Silent {
    asked: RwSignal<Asked>,
    /// Grows when it is to be asked again.
    again: RwSignal<u32>,
    answer: RwSignal<Option<Result<Readiness, String>>>,
}

impl Silent {
    fn ask(self) {
        self.again.track();
        let wanted = self.asked.get();
        spawn_local(async move {
            let answer = api::readiness(wanted.0, wanted.1).await;
            let answer = answer.map_err(|f| failure_code(&f));
            // An answer to an older question must not replace the newer one's.
            if self.asked.try_get_untracked() == Some(wanted) {
                let _ = self.answer.try_set(Some(answer));
            }
        });
    }

    fn known<T>(self, of: impl FnOnce(&Readiness) -> T) -> Option<T> {
        self.answer.with(|a| match a {
            Some(Ok(answer)) => Some(of(answer)),
            _ => None,
        })
    }
}

/// The page.
#[component]
pub(super) fn SilentPage() -> impl IntoView {
    let page = Silent {
        asked: RwSignal::new((3, 0)),
        again: RwSignal::new(0),
        answer: RwSignal::new(None),
    };
    Effect::new(move || page.ask());
    let failed = move || {
        page.answer
            .with(|a| a.as_ref().and_then(|a| a.clone().err()))
    };
    let empty = move || page.known(|a| (a.people.is_empty(), a.all == 0));
    let people = move || page.known(|a| a.people.clone()).unwrap_or_default();
    let now = move || page.known(|a| a.now_ms).unwrap_or_default();
    view! {
        <h1>{t(Key::SilentTitle)}</h1>
        <p class="muted">{t(Key::SilentHow)}</p>
        {move || page.known(|a| closing(a.today, a.closes))}
        <Choice page />
        <Show when=move || page.answer.with(Option::is_none)><Loading /></Show>
        {move || failed().map(|code| view! {
            <Notice tone=Tone::Bad testid="error-message">
                <p>{say(&code)}</p>
                <button type="button" class="button" on:click=move |_| page.again.update(|n| *n += 1)>
                    {t(Key::ListAgain)}
                </button>
            </Notice>
        })}
        {move || page.known(said_of_all)}
        {move || empty().filter(|(none, _)| *none).map(|(_, nobody)| {
            let words = if nobody { Key::SilentNobody } else { Key::SilentEmpty };
            view! { <Empty words=t(words) /> }
        })}
        <ul class="plain" data-testid="silent-list">
            <For each=people key=whole let:person><Person person now=now() page /></For>
        </ul>
        <Pages page />
    }
}

/// Why there is no list. Without a connection a desk is told something else than a phone.
fn say(code: &str) -> String {
    match code {
        "unreachable" => t(Key::SilentUnreachable).to_owned(),
        code => say_code(code),
    }
}

/// A row is drawn anew when anything in it changed.
fn whole(person: &PersonReadiness) -> String {
    serde_json::to_string(person).unwrap_or_default()
}

/// How many days are left to have it in this period's ledger.
fn closing(today: Day, closes: Day) -> impl IntoView {
    let days = today.days_until(closes);
    let tone = if days <= 5 { Tone::Warn } else { Tone::Info };
    let words = match days {
        0 => t(Key::SilentClosesToday).to_owned(),
        _ => fill(Key::SilentCloses, &[("day", &closes), ("days", &days)]),
    };
    view! { <Notice tone testid="silent-closing"><p>{words}</p></Notice> }
}

fn said_of_all(answer: &Readiness) -> impl IntoView + use<> {
    let words = fill(
        Key::SilentTotal,
        &[
            ("total", &answer.total),
            ("all", &answer.all),
            ("waiting", &answer.waiting),
            ("never", &answer.never),
        ],
    );
    view! { <p class="muted" role="status" data-testid="silent-total">{words}</p> }
}

/// How long somebody must have been silent.
#[component]
fn Choice(page: Silent) -> impl IntoView {
    let chip = |days: u32| {
        let label = match days {
            0 => t(Key::SilentEverybody).to_owned(),
            _ => fill(Key::SilentAtLeast, &[("days", &days)]),
        };
        let chosen = Signal::derive(move || page.asked.get().0 == days);
        let touch = move || {
            page.answer.set(None);
            page.asked.set((days, 0));
        };
        view! { <Chip label chosen touch testid=format!("silent-{days}") /> }
    };
    view! { <nav class="trays" aria-label=t(Key::SilentDays)>{[3, 7, 15, 0].map(chip).collect_view()}</nav> }
}

/// From page to page.
#[component]
fn Pages(page: Silent) -> impl IntoView {
    let later = move || page.asked.get().1 > 0;
    let next = move || {
        page.known(|a| {
            let shown = a
                .skip
                .saturating_add(u32::try_from(a.people.len()).unwrap_or(0));
            (shown < a.total).then_some(shown)
        })
        .flatten()
    };
    let go = move |skip| page.asked.update(|asked| asked.1 = skip);
    view! {
        <div class="row">
            <Show when=later>
                <button type="button" class="button" on:click=move |_| go(0)>{t(Key::ListFirst)}</button>
            </Show>
            <Show when=move || next().is_some()>
                <button type="button" class="button" data-testid="silent-next"
                    on:click=move |_| go(next().unwrap_or(0))>{t(Key::ListNext)}</button>
            </Show>
        </div>
    }
}

/// How long ago, in whole days.
fn ago(now: WallMs, at: WallMs) -> String {
    match now.0.saturating_sub(at.0) / DAY_MS {
        days if days > 0 => fill(Key::SilentAgo, &[("days", &days)]),
        _ => t(Key::SilentToday).to_owned(),
    }
}
