use crate::model::App;
use crate::settings::{self, StoreMark};
use crate::ui::{Notice, Tone};
use crate::words::{Key, fill, t};
use leptos::prelude::*;

/// The browser or somebody emptied the phone's store: said plainly, until it was read.
#[component]
pub(super) fn Emptied() -> impl IntoView {
    let app = App::here();
    let known = move |_| {
        app.emptied.set(None);
        app.session.with_untracked(|s| {
            if let Some(session) = s {
                let person = session.store.person();
                settings::keep_store_mark(person, &StoreMark::of(&session.store, 0));
            }
        });
    };
    move || {
        app.emptied.get().map(|unsent| {
            let lost = if unsent > 0 {
                fill(Key::EmptiedUnsent, &[("n", &unsent)])
            } else {
                t(Key::EmptiedNothing).to_owned()
            };
            view! {
                <Notice tone=Tone::Bad testid="emptied">
                    <p><strong>{t(Key::EmptiedTitle)}</strong></p>
                    <p>{lost}</p>
                    <button type="button" class="button" data-testid="emptied-known" on:click=known>
                        {t(Key::EmptiedKnown)}
                    </button>
                </Notice>
            }
        })
    }
}
