use crate::words::{Key, t};
use leptos::prelude::*;
use leptos_router::components::A;

/// The head of a screen: the way back and where one is.
#[component]
pub fn Top(
    /// Where one is.
    #[prop(into)]
    title: String,
    /// Where back leads.
    #[prop(into)]
    back: String,
) -> impl IntoView {
    view! {
        <header class="top">
            <A href=back attr:class="back" attr:aria-label=t(Key::NavBack) attr:data-testid="back">"‹"</A>
            <h1>{title}</h1>
        </header>
    }
}

/// The three places of the phone, within reach of the thumb.
#[component]
pub fn Tabs() -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=t(Key::NavPlaces)>
            <A href="/" exact=true attr:data-testid="tab-home">{t(Key::NavHome)}</A>
            <A href="/outbox" attr:data-testid="tab-outbox">{t(Key::NavOutbox)}</A>
            <A href="/settings" attr:data-testid="tab-settings">{t(Key::NavSettings)}</A>
        </nav>
    }
}
