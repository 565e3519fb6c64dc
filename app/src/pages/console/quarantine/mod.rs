//! 待核实: what was stored and does not count before somebody looked; the oldest first.

mod doubt;
mod form;

use self::doubt::Doubt;
use super::Desk;
use crate::api;
use crate::pages::start::failure_code;
use crate::ui::{Empty, Loading, Notice, Tone};
use crate::words::{Key, fill, say_code, t};
use domain::wire::{Doubtful, QuarantineList};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Page {
    after: RwSignal<Option<u64>>,
    /// Grows when it is to be asked again.
    again: RwSignal<u32>,
    answer: RwSignal<Option<Result<QuarantineList, String>>>,
}

impl Page {
    fn ask(self) {
        self.again.track();
        let wanted = self.after.get();
        spawn_local(async move {
            let answer = api::quarantine(wanted).await;
            let answer = answer.map_err(|f| failure_code(&f));
            // An answer to an older question must not replace the newer one's.
            if self.after.try_get_untracked() == Some(wanted) {
                let _ = self.answer.try_set(Some(answer));
            }
        });
    }

    fn known<T>(self, of: impl FnOnce(&QuarantineList) -> T) -> Option<T> {
        self.answer.with(|a| match a {
            Some(Ok(answer)) => Some(of(answer)),
            _ => None,
        })
    }
}

/// The page.
#[component]
pub(super) fn QuarantinePage() -> impl IntoView {
    let desk = Desk::here();
    let page = Page {
        after: RwSignal::new(None),
        again: RwSignal::new(0),
        answer: RwSignal::new(None),
    };
    Effect::new(move || {
        desk.news.track();
        page.ask();
    });
    let failed = move || {
        page.answer
            .with(|a| a.as_ref().and_then(|a| a.clone().err()))
    };
    let rows = move || page.known(|a| a.rows.clone()).unwrap_or_default();
    let total = move || page.known(|a| a.total).filter(|n| *n > 0);
    let next = move || page.known(|a| a.next).flatten();
    view! {
        <h1>{t(Key::VetTitle)}</h1>
        <p class="muted">{t(Key::VetHow)}</p>
        <Show when=move || page.answer.with(Option::is_none)><Loading /></Show>
        {move || failed().map(|code| view! {
            <Notice tone=Tone::Bad testid="error-message">
                <p>{say_code(&code)}</p>
                <button type="button" class="button" on:click=move |_| page.again.update(|n| *n += 1)>
                    {t(Key::ListAgain)}
                </button>
            </Notice>
        })}
        {move || total().map(|n| view! {
            <p class="muted" role="status" data-testid="vet-total">{fill(Key::ListTotal, &[("n", &n)])}</p>
        })}
        <Show when=move || page.known(|a| a.rows.is_empty()) == Some(true)>
            <Empty words=t(Key::VetEmpty) />
        </Show>
        <ul class="plain doubts">
            <For each=rows key=which let:doubtful><Doubt doubtful page /></For>
        </ul>
        <div class="row">
            <Show when=move || page.after.with(Option::is_some)>
                <button type="button" class="button" on:click=move |_| page.after.set(None)>
                    {t(Key::ListFirst)}
                </button>
            </Show>
            <Show when=move || next().is_some()>
                <button type="button" class="button" on:click=move |_| page.after.set(next())>
                    {t(Key::ListNext)}
                </button>
            </Show>
        </div>
    }
}

/// What waits stays as it is, with the words being typed below it, whatever else is news.
fn which(doubtful: &Doubtful) -> String {
    doubtful.entry.hash.to_string()
}
