use crate::words::{Key, t};
use leptos::prelude::*;

/// A list without rows.
#[component]
pub fn Empty(
    /// Why, and what would fill it.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-mark" aria-hidden="true">"〜"</span>
            <p>{words}</p>
        </div>
    }
}

/// Something is being read.
#[component]
pub fn Loading() -> impl IntoView {
    view! { <p class="loading" role="status">{t(Key::StateLoading)}</p> }
}
