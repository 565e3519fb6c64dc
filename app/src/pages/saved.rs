use super::progress::{Progress, Receipts};
use crate::model::App;
use crate::store::RecordEntries;
use crate::ui::Link;
use crate::words::{Key, fill, t};
use domain::ids::RecordId;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// After saving: what is certain now, and what is still to come.
#[component]
pub(super) fn Saved(id: Option<RecordId>) -> impl IntoView {
    let app = App::here();
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
            <Link href="/" class="button button-main button-wide" testid="saved-home">{t(Key::SavedHome)}</Link>
            {id.map(|id| view! {
                <Link href=format!("/records/{id}") class="button button-wide" testid="saved-look">
                    {t(Key::SavedLook)}
                </Link>
            })}
        </main>
    }
}
