use super::detail::Detail;
use super::form::Form;
use super::home::Home;
use super::outbox::Outbox;
use super::saved::Saved;
use super::settings::Settings;
use super::sign_in::SignIn;
use super::start;
use crate::device::browser::{Surroundings, surroundings};
use crate::model::App;
use crate::ui::{Loading, Notice, Tone};
use crate::words::{Key, say_code, t};
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

/// The phone app.
#[component]
pub fn Phone() -> impl IntoView {
    let app = App::new();
    provide_context(app);
    if surroundings() == Surroundings::InsideChat {
        return view! { <InsideChat /> }.into_any();
    }
    start::open(app);
    view! {
        <Router>
            <Trouble />
            <UpdateWaits />
            <Show when=move || app.phone.with(Option::is_some) fallback=|| view! { <Loading /> }>
                <Show when=move || app.session.with(Option::is_some) fallback=|| view! { <SignIn /> }>
                    <Routes fallback=|| view! { <Home /> }>
                        <Route path=path!("/") view=Home />
                        <Route path=path!("/record/:draft") view=Form />
                        <Route path=path!("/saved/:record") view=Saved />
                        <Route path=path!("/outbox") view=Outbox />
                        <Route path=path!("/records/:record") view=Detail />
                        <Route path=path!("/settings") view=Settings />
                    </Routes>
                </Show>
            </Show>
        </Router>
    }
    .into_any()
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
