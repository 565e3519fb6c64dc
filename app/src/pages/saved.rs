use super::progress::{Progress, Receipts};
use crate::model::App;
use crate::store::RecordEntries;
use crate::words::{Key, fill, t};
use domain::ids::RecordId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;

/// After saving: what is certain now, and what is still to come.
#[component]
pub(super) fn Saved() -> impl IntoView {
    let app = App::here();
    let id = use_params_map().with_untracked(|p| p.get("record"));
    let id = id.and_then(|id| id.parse::<RecordId>().ok());
    let record = RwSignal::new_local(None::<RecordEntries>);
    Effect::new(move || {
        app.recorded.track();
        let (Some(store), Some(id)) = (app.store(), id) else {
            return;
        };
        spawn_local(async move {
            if let Ok(found) = store.record(id).await {
                let _ = record.try_set(found);
            }
        });
    });
    view! {
        <main class="screen">
            <div class="done" role="status" data-testid="saved-confirmation">
                <span class="done-mark" aria-hidden="true">"✓"</span>
                <strong>{t(Key::SavedTitle)}</strong>
                {move || record.get().map(|r| {
                    let progress = Progress::of(&r);
                    view! {
                        <p>{fill(Key::SavedPhotos, &[("n", &progress.photos)])}</p>
                        <Receipts progress />
                    }
                })}
                <p class="muted">{t(Key::SavedNext)}</p>
            </div>
            <A href="/" attr:class="button button-main button-wide" attr:data-testid="saved-home">{t(Key::SavedHome)}</A>
            {id.map(|id| view! {
                <A href=format!("/records/{id}") attr:class="button button-wide" attr:data-testid="saved-look">
                    {t(Key::SavedLook)}
                </A>
            })}
        </main>
    }
}
