use super::others::Others;
use super::start;
use crate::model::App;
use crate::ui::{Notice, Tone};
use crate::words::{Key, say_code, t};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What is typed to sign in, and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Typed {
    account: RwSignal<String>,
    password: RwSignal<String>,
    busy: RwSignal<bool>,
    wrong: RwSignal<Option<String>>,
}

impl Typed {
    pub(super) fn new() -> Self {
        Self {
            account: RwSignal::new(String::new()),
            password: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            wrong: RwSignal::new(None),
        }
    }

    /// Offers the account that was used here last: one word less to type with a thumb.
    fn offer_last(self, app: App) {
        spawn_local(async move {
            let Some(phone) = app.phone.get_untracked() else {
                return;
            };
            let known = phone.people().await.unwrap_or_default();
            if let [only] = known.as_slice() {
                let _ = self.account.try_set(only.account.clone());
            }
        });
    }

    /// Signs in; the console lets in only who has a desk.
    pub(super) async fn submit(self, app: App, desk: bool) {
        self.busy.set(true);
        self.wrong.set(None);
        let (name, secret) = (self.account.get_untracked(), self.password.get_untracked());
        let outcome = match start::sign_in(app, &name, &secret).await {
            Ok(me) if desk && !me.desk => {
                start::sign_out(app).await;
                Err("no_desk".to_owned())
            }
            Ok(_) => Ok(()),
            Err(code) => Err(code),
        };
        let _ = self.busy.try_set(false);
        let _ = self.wrong.try_set(outcome.err());
    }
}

/// The fields and the button, the same on phone and desk.
#[component]
pub(super) fn SignInFields(typed: Typed) -> impl IntoView {
    let (account, password) = (typed.account, typed.password);
    let busy = move || typed.busy.get();
    view! {
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
        {move || typed.wrong.get().map(|code| view! {
            <Notice tone=Tone::Bad testid="error-message"><p>{say_code(&code)}</p></Notice>
        })}
        <button class="button button-main button-wide" data-testid="sign-in-submit" disabled=busy>
            {move || t(if busy() { Key::SignInBusy } else { Key::SignInGo })}
        </button>
    }
}

/// Signing in: online once, afterwards the phone opens by itself until the person signs out.
#[component]
pub(super) fn SignIn() -> impl IntoView {
    let app = App::here();
    let typed = Typed::new();
    typed.offer_last(app);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        spawn_local(typed.submit(app, false));
    };
    view! {
        <main class="screen">
            <div class="brand">
                <strong>{t(Key::AppName)}</strong>
                <span class="muted">{t(Key::SignInPromise)}</span>
            </div>
            <form class="stack" on:submit=submit>
                <SignInFields typed />
            </form>
            <Others />
        </main>
    }
}
