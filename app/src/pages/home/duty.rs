use crate::duty::{self, Duty};
use crate::model::App;
use crate::settings;
use crate::ui::{Chip, ChipGroup};
use crate::words::{Key, t};
use leptos::prelude::*;

/// Who is here, and for which reach; whoever has several chooses.
#[component]
pub(super) fn OnDuty() -> impl IntoView {
    let app = App::here();
    let name = move || {
        app.session
            .with(|s| s.as_ref().map(|s| s.known.name.clone()))
    };
    let reach = move || {
        if app.registers.with(Option::is_none) {
            return t(Key::HomeNoRegisters).to_owned();
        }
        let none = || t(Key::HomeNoReach).to_owned();
        app.duty().map_or_else(none, |d| d.label)
    };
    let all = Memo::new(move |_| {
        app.registers
            .with(|r| r.as_ref().map(|r| duty::duties(r)).unwrap_or_default())
    });
    let choice = move |duty: Duty| {
        let key = duty.key();
        let chosen = Signal::derive({
            let key = key.clone();
            move || app.duty().is_some_and(|d| d.key() == key)
        });
        let touch = move || {
            app.session.with_untracked(|s| {
                if let Some(session) = s {
                    settings::keep_duty(&session.known.person, &key);
                }
            });
            app.chosen_duty.set(Some(key.clone()));
        };
        view! { <Chip label=duty.label chosen touch testid="duty" /> }
    };
    view! {
        <header class="reach">
            <span class="muted" data-testid="home-name">{name}</span>
            <strong data-testid="home-reach">{reach}</strong>
            <Show when=move || all.with(|all| all.len() > 1)>
                <details>
                    <summary data-testid="duty-choose">{t(Key::DutyChoose)}</summary>
                    <ChipGroup question="">
                        {move || all.get().into_iter().map(choice).collect_view()}
                    </ChipGroup>
                </details>
            </Show>
        </header>
    }
}
