use crate::model::App;
use crate::ui::Chip;
use crate::words::{Key, t};
use domain::wire::RecordFilter;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

/// The name under which the store keeps them.
const KEPT: &str = "filters";

/// Conditions that somebody uses again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Saved {
    name: String,
    filter: RecordFilter,
}

/// 常用筛选: a touch puts the conditions in force; the name makes new ones of those in force.
#[component]
pub(super) fn SavedFilters(filter: RwSignal<RecordFilter>) -> impl IntoView {
    let app = App::here();
    let all = RwSignal::new(Vec::<Saved>::new());
    if let Some(store) = app.store() {
        spawn_local(async move {
            let kept = store.setting(KEPT).await.ok().flatten();
            let _ = all.try_set(kept.unwrap_or_default());
        });
    }
    let keep = move || {
        let (store, list) = (app.store(), all.get_untracked());
        spawn_local(async move {
            if let Some(store) = store {
                // A browser without room forgets them with the page.
                let _ = store.save_setting(KEPT, &list).await;
            }
        });
    };
    let name = RwSignal::new(String::new());
    let add = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let called = name.get_untracked().trim().to_owned();
        if called.is_empty() {
            return;
        }
        let conditions = RecordFilter {
            after: None,
            ..filter.get_untracked()
        };
        all.update(|all| {
            all.retain(|s| s.name != called);
            all.push(Saved {
                name: called,
                filter: conditions,
            });
        });
        name.set(String::new());
        keep();
    };
    let remove = move |_| {
        all.update(|all| all.retain(|s| !filter.with_untracked(|f| s.filter == *f)));
        keep();
    };
    let in_force = move || all.with(|all| filter.with(|f| all.iter().any(|s| s.filter == *f)));
    let narrowed = move || filter.with(|f| *f != RecordFilter::default()) && !in_force();
    let chip = move |saved: Saved| {
        let mine = saved.filter.clone();
        let chosen = Signal::derive(move || filter.with(|f| *f == mine));
        let touch = move || {
            let back = chosen.get_untracked();
            filter.set(if back {
                RecordFilter::default()
            } else {
                saved.filter.clone()
            });
        };
        view! { <Chip label=saved.name chosen touch testid="saved-filter" /> }
    };
    view! {
        <div class="trays" role="group" aria-label=t(Key::FilterSaved)>
            {move || all.get().into_iter().map(chip).collect_view()}
            <Show when=in_force>
                <button type="button" class="button" data-testid="filter-forget" on:click=remove>
                    {t(Key::FilterForget)}
                </button>
            </Show>
            <Show when=narrowed>
                <form class="row" on:submit=add>
                    <input class="input" maxlength="20" placeholder=t(Key::FilterName) aria-label=t(Key::FilterName)
                        data-testid="filter-name" bind:value=name />
                    <button class="button" data-testid="filter-save">{t(Key::FilterSave)}</button>
                </form>
            </Show>
        </div>
    }
}
