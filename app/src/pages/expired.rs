use crate::model::App;
use crate::ui::{Link, Notice, Tone};
use crate::words::{Key, t};
use domain::sync::SessionState;
use leptos::prelude::*;

/// The session is over: recording goes on, sending waits for the password.
#[component]
pub(super) fn Expired() -> impl IntoView {
    let app = App::here();
    view! {
        <Show when=move || app.status.with(|s| s.session == SessionState::Expired)>
            <Notice tone=Tone::Warn testid="session-expired">
                <p>{t(Key::HomeExpired)}</p>
                <Link href="/settings" class="button">{t(Key::HomeSignInAgain)}</Link>
            </Notice>
        </Show>
    }
}
