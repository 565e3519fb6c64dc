use crate::model::App;
use crate::pages::start;
use crate::ui::{Notice, Tone};
use crate::words::{Key, say_code, t};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Signing in at the desk.
#[component]
pub(super) fn SignIn() -> impl IntoView {
    let app = App::here();
    let (account, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        spawn_local(async move {
            let (name, secret) = (account.get_untracked(), password.get_untracked());
            let outcome = match start::sign_in(app, &name, &secret).await {
                Ok(me) if me.desk => Ok(()),
                Ok(_) => {
                    start::sign_out(app).await;
                    Err("no_desk".to_owned())
                }
                Err(code) => Err(code),
            };
            let _ = busy.try_set(false);
            let _ = wrong.try_set(outcome.err());
        });
    };
    view! {
        <form class="sign-in card" on:submit=submit>
            <h2>{t(Key::DeskTitle)}</h2>
            <label class="field">
                <span>{t(Key::SignInAccount)}</span>
                <input class="input" data-testid="sign-in-account" autocomplete="username"
                    autocapitalize="none" bind:value=account required />
            </label>
            <label class="field">
                <span>{t(Key::SignInPassword)}</span>
                <input class="input" type="password" data-testid="sign-in-password"
                    autocomplete="current-password" bind:value=password required />
            </label>
            {move || wrong.get().map(|code| view! {
                <Notice tone=Tone::Bad testid="error-message"><p>{say_code(&code)}</p></Notice>
            })}
            <button class="button button-main" data-testid="sign-in-submit" disabled=move || busy.get()>
                {move || t(if busy.get() { Key::SignInBusy } else { Key::SignInGo })}
            </button>
        </form>
    }
}
