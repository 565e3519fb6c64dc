use crate::device::{random, storage};
use crate::model::App;
use crate::store::LocalStore;
use crate::sync::Runner;
use crate::ui::{Notice, Tone};
use crate::words::{Key, fill, t};
use domain::sync::{Cause, Removal, RemovalWhy};
use domain::wire::Room;
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How often the browser is asked, milliseconds.
const ASK_MS: u32 = 60_000;
/// So much must be free before room is set aside for the last text.
const PLENTY: u64 = 200 * 1_048_576;

/// Keeps `app.room` as it is: after each recording, and by the clock.
pub(super) fn watch(app: App) {
    let ask = move || {
        spawn_local(async move {
            let room = storage::room().await;
            let _ = app.room.try_set(room);
            if room.and_then(Room::nearly_full).is_some() {
                tell(app, |runner| runner.wake(Cause::Crowded));
            }
        });
    };
    Effect::new(move || {
        app.recorded.track();
        ask();
    });
    // As long as the page.
    Interval::new(ASK_MS, ask).forget();
}

/// Sets room aside for the last text, on a phone that has plenty.
pub(super) async fn keep_reserve(store: &LocalStore) {
    let room = storage::room().await;
    if room.is_some_and(|r| r.allowed.saturating_sub(r.used) > PLENTY) {
        // Without it a full phone says so a little earlier.
        let _ = store.keep_reserve(random::fill).await;
    }
}

/// Says something to the engine of the person who is signed in.
fn tell(app: App, what: impl FnOnce(&Runner)) {
    let session = app.session.try_with_untracked(Option::clone).flatten();
    if let Some(session) = session {
        what(&session.runner);
    }
}

/// More would leave the phone than goes without a word: mistaken rights must not empty it.
#[component]
pub(super) fn Leaving() -> impl IntoView {
    let app = App::here();
    let asked = Memo::new(move |_| app.status.with(|s| s.removal));
    move || {
        asked.get().map(|Removal { why, count }| {
            let words = match why {
                RemovalWhy::Scope => Key::RemovalScope,
                RemovalWhy::Room => Key::RemovalRoom,
            };
            let allow = move |_| tell(app, |runner| runner.allow(why));
            view! {
                <Notice tone=Tone::Warn testid="leaving">
                    <p>{fill(words, &[("n", &count)])}</p>
                    <button type="button" class="button" data-testid="leaving-allow" on:click=allow>{t(Key::RemovalAllow)}</button>
                </Notice>
            }
        })
    }
}

/// Said from 80 % on: what is safe, and what to do.
#[component]
pub(super) fn NearlyFull() -> impl IntoView {
    let app = App::here();
    let percent = Memo::new(move |_| app.room.get()?.nearly_full());
    let waits = move || app.status.with(|s| s.unsent + s.incomplete > 0);
    let upload = move |_| tell(app, |runner| runner.wake(Cause::Asked));
    move || {
        percent.get().map(|n| {
            view! {
                <Notice tone=Tone::Warn testid="nearly-full">
                    <p>{fill(Key::StorageNearlyFull, &[("n", &n)])}</p>
                    <Show when=waits>
                        <button type="button" class="button" on:click=upload>{t(Key::OutboxTryNow)}</button>
                    </Show>
                </Notice>
            }
        })
    }
}
