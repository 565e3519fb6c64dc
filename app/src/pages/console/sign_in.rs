use crate::model::App;
use crate::pages::sign_in::{SignInFields, Typed};
use crate::words::{Key, t};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Signing in at the desk.
#[component]
pub(super) fn SignIn() -> impl IntoView {
    let app = App::here();
    let typed = Typed::new();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        spawn_local(typed.submit(app, true));
    };
    view! {
        <form class="sign-in card" on:submit=submit>
            <h2>{t(Key::DeskTitle)}</h2>
            <SignInFields typed />
        </form>
    }
}
