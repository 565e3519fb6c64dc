//! 审核队列: trays, table, map and the chosen record in one view.

mod chart;
mod filters;
mod saved;
mod table;
mod trays;

use self::chart::Chart;
use self::filters::Filters;
use self::saved::SavedFilters;
use self::table::Table;
use self::trays::Trays;
use super::Desk;
use super::keys::{on_keys, touch, touch_at};
use super::record::RecordPanel;
use crate::api;
use crate::model::App;
use crate::pages::start::failure_code;
use crate::ui::{Empty, Loading, Notice, Tone};
use crate::words::{Key, say_code, t};
use domain::ids::RecordId;
use domain::wire::{RecordFilter, RecordPage};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How long a row must stay chosen before its record is fetched: J held down passes over many.
const SETTLE_MS: u32 = 120;

/// What the parts of the queue share.
#[derive(Clone, Copy)]
struct Queue {
    filter: RwSignal<RecordFilter>,
    page: RwSignal<Option<Result<RecordPage, String>>>,
    /// The row under the keyboard, by record: news do not move it.
    chosen: RwSignal<Option<RecordId>>,
}

impl Queue {
    fn ids(self) -> Vec<RecordId> {
        self.page.with_untracked(|p| match p {
            Some(Ok(page)) => page.rows.iter().map(|r| r.record_id).collect(),
            _ => Vec::new(),
        })
    }

    /// Chooses the row so many below.
    fn step(self, by: isize) {
        let ids = self.ids();
        let now = self.chosen.get_untracked();
        let at = now.and_then(|id| ids.iter().position(|i| *i == id));
        let next = at.map_or(0, |at| at.saturating_add_signed(by));
        if let Some(id) = ids.get(next.min(ids.len().saturating_sub(1))) {
            self.chosen.set(Some(*id));
        }
    }

    /// After the rows changed: what was chosen stays chosen; at first the top row is.
    fn settle(self) {
        if self.chosen.with_untracked(Option::is_none) {
            self.chosen.set(self.ids().first().copied());
        }
    }
}

/// The queue.
#[component]
pub(super) fn QueuePage() -> impl IntoView {
    let (app, desk) = (App::here(), Desk::here());
    let queue = Queue {
        filter: desk.filter,
        page: RwSignal::new(None),
        chosen: desk.chosen,
    };
    let asked = RwSignal::new(0_u32);
    Effect::new(move || {
        asked.track();
        desk.news.track();
        app.recorded.track();
        let wanted = queue.filter.get();
        spawn_local(async move {
            let answer = api::records(&wanted).await.map_err(|f| failure_code(&f));
            // An answer to an older question must not replace the newer one's.
            if queue.filter.try_get_untracked().as_ref() == Some(&wanted) {
                let _ = queue.page.try_set(Some(answer));
                queue.settle();
            }
        });
    });
    let help = RwSignal::new(false);
    on_keys(move |code| match code {
        "KeyJ" => queue.step(1),
        "KeyK" => queue.step(-1),
        "Enter" => touch_at("tr[aria-selected='true'] a"),
        "Slash" => touch("filter-search"),
        "?" => help.update(|h| *h = !*h),
        _ => {}
    });
    let failed = move || {
        queue
            .page
            .with(|p| p.as_ref().and_then(|p| p.clone().err()))
    };
    let empty = move || matches!(queue.page.get(), Some(Ok(page)) if page.rows.is_empty());
    view! {
        <Trays filter=queue.filter />
        <Filters filter=queue.filter />
        <SavedFilters filter=queue.filter />
        <div class="queue">
            <div class="stack">
                <Show when=move || queue.page.with(Option::is_none)><Loading /></Show>
                {move || failed().map(|code| view! {
                    <Notice tone=Tone::Bad testid="error-message">
                        <p>{say_code(&code)}</p>
                        <button type="button" class="button" on:click=move |_| asked.update(|n| *n += 1)>
                            {t(Key::ListAgain)}
                        </button>
                    </Notice>
                })}
                <Show when=empty><Empty words=t(Key::ListEmpty) /></Show>
                <Table queue />
                <p class="small muted" data-testid="keys">
                    {move || t(if help.get() { Key::KeysHelp } else { Key::KeysTitle })}
                </p>
            </div>
            <aside class="queue-side stack" aria-label=t(Key::ListChosen)>
                <Chart queue />
                <Chosen queue />
            </aside>
        </div>
    }
}

/// The record of the chosen row, with what may be done about it.
#[component]
fn Chosen(queue: Queue) -> impl IntoView {
    let settled = RwSignal::new(queue.chosen.get_untracked());
    let waiting = StoredValue::new_local(None::<Timeout>);
    Effect::new(move || {
        let chosen = queue.chosen.get();
        let settle = move || {
            if settled.try_get_untracked() != Some(chosen) {
                let _ = settled.try_set(chosen);
            }
        };
        waiting.set_value(Some(Timeout::new(SETTLE_MS, settle)));
    });
    on_cleanup(move || drop(waiting.try_update_value(Option::take)));
    move || {
        let id = settled.get()?;
        Some(
            view! { <div class="queue-record" data-testid="queue-record"><RecordPanel id=Some(id) /></div> },
        )
    }
}
