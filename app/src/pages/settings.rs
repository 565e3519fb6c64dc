use super::room::NearlyFull;
use super::start;
use crate::VERSION;
use crate::device::browser::{Surroundings, surroundings};
use crate::device::storage;
use crate::model::App;
use crate::settings::{self, Language, Looks};
use crate::ui::{Chip, ChipGroup, Fact, Notice, Tabs, Tone};
use crate::way::Way;
use crate::words::{Key, fill, say_code, t};
use domain::sync::SessionState;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Settings, the person, and what this browser can promise.
#[component]
pub(super) fn Settings() -> impl IntoView {
    view! {
        <main class="screen">
            <header class="top"><h1>{t(Key::NavSettings)}</h1></header>
            <Person />
            <Appearance />
            <Storage />
            <Install />
            <p class="small muted">{fill(Key::SettingsVersion, &[("version", &VERSION)])}</p>
        </main>
        <Tabs />
    }
}

#[component]
fn Person() -> impl IntoView {
    let app = App::here();
    let known = app
        .session
        .with_untracked(|s| s.as_ref().map(|s| s.known.clone()));
    let unsent = move || app.status.with(|s| s.unsent + s.incomplete);
    let way = Way::here();
    let leave = move |_| {
        // Whoever comes next begins at home.
        way.go("/");
        spawn_local(start::sign_out(app));
    };
    view! {
        <section class="card stack">
            <h2>{known.as_ref().map(|k| k.name.clone())}</h2>
            <Show when=move || app.status.with(|s| s.session == SessionState::Expired)>
                <Again account=known.as_ref().map(|k| k.account.clone()).unwrap_or_default() />
            </Show>
            <Show when=move || unsent() != 0>
                <Notice tone=Tone::Info>
                    <p>{move || fill(Key::SettingsUnsent, &[("n", &unsent())])}</p>
                </Notice>
            </Show>
            <button type="button" class="button button-wide" data-testid="sign-out"
                on:click=leave>
                {t(Key::SettingsSignOut)}
            </button>
            <p class="small muted">{t(Key::SettingsSignOutHow)}</p>
        </section>
    }
}

/// The session ended: signing in again, without leaving the store.
#[component]
fn Again(account: String) -> impl IntoView {
    let app = App::here();
    let password = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let account = account.clone();
        spawn_local(async move {
            let secret = password.get_untracked();
            let outcome = start::sign_in(app, &account, &secret).await;
            let _ = wrong.try_set(outcome.err());
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <Notice tone=Tone::Warn><p>{t(Key::HomeExpired)}</p></Notice>
            <label class="field">
                <span>{t(Key::SignInPassword)}</span>
                <input class="input" type="password" data-testid="again-password"
                    autocomplete="current-password" bind:value=password required />
            </label>
            {move || wrong.get().map(|code| view! {
                <Notice tone=Tone::Bad testid="error-message"><p>{say_code(&code)}</p></Notice>
            })}
            <button class="button button-main button-wide" data-testid="again-submit">{t(Key::SignInGo)}</button>
        </form>
    }
}

#[component]
fn Appearance() -> impl IntoView {
    let looks = RwSignal::new(settings::apply());
    let change = move |change: fn(&mut Looks)| {
        looks.update(change);
        settings::keep(looks.get_untracked());
    };
    let speaks = |language| Signal::derive(move || settings::language() == language);
    view! {
        <section class="card stack">
            <ChipGroup question=t(Key::SettingsLooks)>
                <Chip label=t(Key::SettingsLarge) testid="large"
                    chosen=Signal::derive(move || looks.get().large)
                    touch=move || change(|l| l.large = !l.large) />
                <Chip label=t(Key::SettingsSunlight) testid="sunlight"
                    chosen=Signal::derive(move || looks.get().sunlight)
                    touch=move || change(|l| l.sunlight = !l.sunlight) />
            </ChipGroup>
            <ChipGroup question=t(Key::SettingsLanguage)>
                <Chip label="中文" testid="chinese" chosen=speaks(Language::Chinese)
                    touch=|| start::speak(Language::Chinese) />
                <Chip label="English" testid="english" chosen=speaks(Language::English)
                    touch=|| start::speak(Language::English) />
            </ChipGroup>
        </section>
    }
}

#[component]
fn Storage() -> impl IntoView {
    let persisted = RwSignal::new(None::<bool>);
    let room = App::here().room;
    spawn_local(async move {
        let _ = persisted.try_set(Some(storage::is_persisted().await));
    });
    let promise = move || match persisted.get() {
        Some(true) => t(Key::StorageKept),
        Some(false) => t(Key::StorageNotKept),
        None => t(Key::StateLoading),
    };
    let used = move || {
        room.get().map(|room| {
            let mb = |bytes: u64| bytes / 1_048_576;
            fill(
                Key::StorageUsed,
                &[("used", &mb(room.used)), ("all", &mb(room.allowed))],
            )
        })
    };
    view! {
        <section class="card stack">
            <h2>{t(Key::StorageTitle)}</h2>
            <dl class="facts">
                <Fact name=t(Key::StoragePromise)>{promise}</Fact>
                <Fact name=t(Key::StorageRoom)>{used}</Fact>
            </dl>
            <NearlyFull />
        </section>
    }
}

/// The app on the home screen keeps its store and opens without a network.
#[component]
fn Install() -> impl IntoView {
    let key = match surroundings() {
        Surroundings::IosTab => Key::InstallIos,
        _ => Key::InstallAndroid,
    };
    view! {
        <section class="card stack-tight">
            <h2>{t(Key::InstallTitle)}</h2>
            <p class="muted">{t(key)}</p>
        </section>
    }
}
