use super::start;
use crate::model::App;
use crate::store::KnownPerson;
use crate::ui::{Notice, Tone};
use crate::words::{Key, fill, say_code, t};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Signing in: online once, afterwards the phone opens by itself.
#[component]
pub(super) fn SignIn() -> impl IntoView {
    let app = App::here();
    let (account, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let people = RwSignal::new(Vec::<KnownPerson>::new());
    spawn_local(async move {
        if let Some(phone) = app.phone.get_untracked() {
            let known = phone.people().await.unwrap_or_default();
            let _ = people.try_set(known);
        }
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            let (name, secret) = (account.get_untracked(), password.get_untracked());
            let outcome = start::sign_in(app, &name, &secret).await;
            let _ = busy.try_set(false);
            if let Err(code) = outcome {
                let _ = wrong.try_set(Some(code));
            }
        });
    };
    view! {
        <main class="screen">
            <div class="brand">
                <strong>{t(Key::AppName)}</strong>
                <span class="muted">{t(Key::SignInPromise)}</span>
            </div>
            <Show when=move || people.with(|p| !p.is_empty())>
                <section class="stack-tight" aria-label=t(Key::SignInKnown)>
                    <h2>{t(Key::SignInKnown)}</h2>
                    <ul class="list">
                        <For each=move || people.get() key=|p| p.person.clone() let:known>
                            <Known known />
                        </For>
                    </ul>
                </section>
            </Show>
            <form class="stack" on:submit=submit>
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
                <button class="button button-main button-wide" data-testid="sign-in-submit"
                    disabled=move || busy.get()>
                    {move || t(if busy.get() { Key::SignInBusy } else { Key::SignInGo })}
                </button>
            </form>
        </main>
    }
}

/// Somebody whose store is on this phone: opens without a network. Own records only; what the
/// server sends needs the session.
#[component]
fn Known(known: KnownPerson) -> impl IntoView {
    let app = App::here();
    let name = known.name.clone();
    let open = move |_| {
        let known = KnownPerson {
            seen_ms: crate::device::clock::wall(),
            ..known.clone()
        };
        spawn_local(async move {
            if let Some(phone) = app.phone.get_untracked() {
                let _ = phone.remember(&known).await;
            }
            start::enter(app, known).await;
        });
    };
    view! {
        <li>
            <button type="button" class="list-row" data-testid="known-person" on:click=open>
                {fill(Key::SignInAs, &[("name", &name)])}
            </button>
        </li>
    }
}
