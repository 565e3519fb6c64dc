use super::detail::Detail;
use super::form::Form;
use super::home::Home;
use super::map::MapPage;
use super::outbox::Outbox;
use super::outfalls::{OutfallCard, Outfalls};
use super::patrol::PatrolScreen;
use super::rescue::RescuePage;
use super::saved::Saved;
use super::settings::Settings;
use super::sign_in::SignIn;
use super::start;
use super::tasks::Tasks;
use crate::device::browser::{Surroundings, surroundings};
use crate::model::App;
use crate::ui::{Loading, Notice, Tone};
use crate::way::{self, Way};
use crate::words::{Key, say_code, t};
use leptos::prelude::*;

/// The phone app.
#[component]
pub fn Phone() -> impl IntoView {
    let app = App::new();
    provide_context(app);
    if surroundings() == Surroundings::InsideChat {
        return view! { <InsideChat /> }.into_any();
    }
    Way::open();
    start::open(app);
    view! {
        <Trouble />
        <UpdateWaits />
        <Show when=move || app.phone.with(Option::is_some) fallback=|| view! { <Loading /> }>
            <Show when=move || app.session.with(Option::is_some) fallback=|| view! { <SignIn /> }>
                <Screen />
            </Show>
        </Show>
    }
    .into_any()
}

/// The screen of the path; home for one that is none.
#[component]
fn Screen() -> impl IntoView {
    let way = Way::here();
    move || {
        let path = way.path();
        match way::parts(&path).as_slice() {
            ["record", id] => view! { <Form id=id.parse().ok() /> }.into_any(),
            ["saved", id] => view! { <Saved id=id.parse().ok() /> }.into_any(),
            ["records", id] => view! { <Detail id=id.parse().ok() /> }.into_any(),
            ["rescue"] => view! { <RescuePage record=None /> }.into_any(),
            ["rescue", id] => view! { <RescuePage record=id.parse().ok() /> }.into_any(),
            ["outbox"] => view! { <Outbox /> }.into_any(),
            ["patrol"] => view! { <PatrolScreen /> }.into_any(),
            ["map"] => view! { <MapPage record=None /> }.into_any(),
            ["map", id] => view! { <MapPage record=id.parse().ok() /> }.into_any(),
            ["outfalls"] => view! { <Outfalls /> }.into_any(),
            ["outfalls", id] => view! { <OutfallCard id=id.parse().ok() /> }.into_any(),
            ["tasks"] => view! { <Tasks /> }.into_any(),
            ["settings"] => view! { <Settings /> }.into_any(),
            _ => view! { <Home /> }.into_any(),
        }
    }
}

/// Chat programs clear their cache by hand and keep no app: records would be lost there.
#[component]
fn InsideChat() -> impl IntoView {
    view! {
        <main class="screen">
            <div class="brand"><strong>{t(Key::AppName)}</strong></div>
            <Notice tone=Tone::Warn testid="inside-chat">
                <h2>{t(Key::ChatTitle)}</h2>
                <p>{t(Key::ChatWhy)}</p>
                <p>{t(Key::ChatHow)}</p>
            </Notice>
        </main>
    }
}

/// The phone's store cannot be used at all: said on every screen.
#[component]
fn Trouble() -> impl IntoView {
    let app = App::here();
    move || {
        app.trouble.get().map(|code| {
            view! {
                <Notice tone=Tone::Bad testid="trouble">
                    <p>{say_code(&code)}</p>
                </Notice>
            }
        })
    }
}

/// A newer version is complete; it takes over when the person says so and nothing is open.
#[component]
fn UpdateWaits() -> impl IntoView {
    let app = App::here();
    view! {
        <Show when=move || app.update_waits.get()>
            <Notice tone=Tone::Info testid="update-waits">
                <p>{t(Key::UpdateWaits)}</p>
                <button class="button" type="button" on:click=move |_| start::take_update()>
                    {t(Key::UpdateNow)}
                </button>
            </Notice>
        </Show>
    }
}
