use super::Silent;
use crate::api;
use crate::pages::start::failure_code;
use crate::ui::{Chip, Notice, Tone};
use crate::words::{Key, say_code, t};
use domain::ids::LogId;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// 不再等待: the rest of a log will never come, and why.
#[component]
pub(super) fn CloseForm(log: LogId, page: Silent) -> impl IntoView {
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let reason = text.get_untracked().trim().to_owned();
        if reason.is_empty() {
            wrong.set(Some("words_missing".to_owned()));
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let closed = api::close_log(log, reason).await;
            let _ = busy.try_set(false);
            match closed {
                Ok(_) => {
                    let _ = page.again.try_update(|n| *n += 1);
                }
                Err(failure) => {
                    let _ = wrong.try_set(Some(failure_code(&failure)));
                }
            }
        });
    };
    let usual = [Key::SilentLost, Key::SilentBroken, Key::SilentCleared].map(|key| {
        let chosen = Signal::derive(move || text.with(|text| text == t(key)));
        let touch = move || {
            text.set(t(key).to_owned());
            wrong.set(None);
        };
        view! { <Chip label=t(key) chosen touch testid="close-usual" /> }
    });
    let usual = usual.collect_view();
    view! {
        <button type="button" class="button" data-testid="close-open"
            aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|o| *o = !*o)>
            {t(Key::SilentClose)}
        </button>
        <form class="card stack" on:submit=send hidden=move || !open.get()>
            <p class="muted">{t(Key::SilentCloseHow)}</p>
            <div class="chips">{usual}</div>
            <label class="field">
                <span>{t(Key::SilentCloseReason)}</span>
                <textarea class="input" rows="2" maxlength="500" data-testid="close-reason"
                    prop:value=move || text.get()
                    on:input:target=move |e| { text.set(e.target().value()); wrong.set(None); }></textarea>
            </label>
            {move || wrong.get().map(|code| view! {
                <Notice tone=Tone::Bad testid="close-wrong"><p>{say_code(&code)}</p></Notice>
            })}
            <button class="button button-main button-wide" data-testid="close-send"
                disabled=move || busy.get()>{t(Key::SilentCloseSend)}</button>
        </form>
    }
}
