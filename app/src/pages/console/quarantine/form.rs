use super::Page;
use crate::api;
use crate::pages::start::failure_code;
use crate::ui::{Notice, Tone};
use crate::words::{Key, say_code, t};
use domain::ids::EntryId;
use domain::record::{Vetting, VettingRuling};
use domain::wire::Vet;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// 采信 or 不予采信, with the reason that its author will read.
#[component]
pub(super) fn VetForm(
    entry: EntryId,
    /// Whether it can be accepted.
    readable: bool,
    page: Page,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let rule = move |ruling: VettingRuling| {
        let Some(reason) = Vetting::read_reason(&text.get_untracked()) else {
            wrong.set(Some("words_missing".to_owned()));
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let held = api::vet(entry, &Vet { ruling, reason }).await;
            let _ = busy.try_set(false);
            match held {
                Ok(_) => {
                    let _ = page.again.try_update(|n| *n += 1);
                }
                Err(failure) => {
                    let _ = wrong.try_set(Some(failure_code(&failure)));
                }
            }
        });
    };
    view! {
        <form class="stack" on:submit=|e| e.prevent_default()>
            <label class="field">
                <span>{t(Key::VetReason)}</span>
                <textarea class="input" rows="2" maxlength="500" data-testid="vet-reason"
                    prop:value=move || text.get()
                    on:input:target=move |e| { text.set(e.target().value()); wrong.set(None); }></textarea>
            </label>
            {move || wrong.get().map(|code| view! {
                <Notice tone=Tone::Bad testid="vet-wrong"><p>{say_code(&code)}</p></Notice>
            })}
            <div class="desk-steps">
                {readable.then(|| view! {
                    <button type="button" class="button button-main" data-testid="vet-accept"
                        disabled=move || busy.get()
                        on:click=move |_| rule(VettingRuling::Accepted)>{t(Key::VetAccept)}</button>
                })}
                <button type="button" class="button button-bad" data-testid="vet-set-aside"
                    disabled=move || busy.get()
                    on:click=move |_| rule(VettingRuling::SetAside)>{t(Key::VetAside)}</button>
            </div>
        </form>
    }
}
