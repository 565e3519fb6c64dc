use crate::device::{random, storage};
use crate::model::App;
use crate::store::LocalStore;
use crate::ui::{Notice, Tone};
use crate::words::{Key, fill, t};
use domain::sync::Cause;
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
    if room.is_some_and(|(used, all)| all.saturating_sub(used) > PLENTY) {
        // Without it a full phone says so a little earlier.
        let _ = store.keep_reserve(random::fill).await;
    }
}

/// Said from 80 % on: what is safe, and what to do.
#[component]
pub(super) fn NearlyFull() -> impl IntoView {
    let app = App::here();
    let percent = Memo::new(move |_| {
        let room = app.room.get()?;
        let percent = room.0.saturating_mul(100) / room.1.max(1);
        (percent >= 80).then_some(percent)
    });
    let waits = move || app.status.with(|s| s.unsent + s.incomplete > 0);
    let upload = move |_| {
        app.session.with_untracked(|s| {
            if let Some(session) = s {
                session.runner.wake(Cause::Asked);
            }
        });
    };
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
