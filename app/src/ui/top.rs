use super::Link;
use crate::words::{Key, t};
use leptos::prelude::*;

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
            <Link href=back class="back" label=t(Key::NavBack) testid="back">"‹"</Link>
            <h1>{title}</h1>
        </header>
    }
}

/// The three places of the phone, within reach of the thumb.
#[component]
pub fn Tabs() -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=t(Key::NavPlaces)>
            <Link href="/" testid="tab-home">{t(Key::NavHome)}</Link>
            <Link href="/outbox" testid="tab-outbox">{t(Key::NavOutbox)}</Link>
            <Link href="/settings" testid="tab-settings">{t(Key::NavSettings)}</Link>
        </nav>
    }
}
