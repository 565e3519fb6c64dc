use super::patrol::say_walked;
use crate::model::App;
use crate::words::{Key, t};
use leptos::prelude::*;

/// 省电黑屏: the patrol goes on behind a screen on which hardly a point is lit. A browser cannot
/// turn the light down, but black costs nothing on most phones of today, and a pocket that
/// touches it ends no patrol. The whole screen is one button: any touch leads back.
#[component]
pub(super) fn Dark(
    /// Whether it is dark.
    dark: RwSignal<bool>,
) -> impl IntoView {
    let app = App::here();
    view! {
        <main>
            <button type="button" class="dark" data-testid="dark" on:click=move |_| dark.set(false)>
                <span>{move || app.walked.with(say_walked)}</span>
                <span>{t(Key::PatrolDarkBack)}</span>
            </button>
        </main>
    }
}
