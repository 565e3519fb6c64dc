use super::Desk;
use crate::model::App;
use crate::pages::append::append;
use crate::pages::case::Names;
use crate::ui::{Notice, Pill, Tone, when};
use crate::words::{Key, say_code, t};
use domain::ids::RecordId;
use domain::patrol::Ruling;
use domain::record::{Fields, Record};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// 不予计次: whether a patrol counts, who ruled what and when, and the next ruling.
#[component]
pub(super) fn Rulings(
    record: Record,
    /// What things are called.
    names: Names,
) -> impl IntoView {
    let counts = record.not_counted().is_none();
    let (tone, word) = match record.rulings.last() {
        None => (Tone::Info, t(Key::PatrolCounted)),
        Some(_) if counts => (Tone::Good, t(Key::PatrolCounts)),
        Some(_) => (Tone::Bad, t(Key::PatrolNotCounted)),
    };
    let rows = record.rulings.iter().map(|ruled| {
        let key = if ruled.ruling.counts {
            Key::PatrolCounts
        } else {
            Key::PatrolNotCounted
        };
        let who = names.author(&ruled.author, ruled.entry_id);
        view! {
            <li data-testid="ruling">
                <strong>{t(key)}</strong>
                <p>{ruled.ruling.reason.clone()}</p>
                <span class="small muted">{format!("{who} · {}", when::short(ruled.at))}</span>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="card stack-tight" aria-label=t(Key::PatrolRulings) data-testid="rulings">
            <span class="row"><Pill tone word testid="patrol-counts" /></span>
            <ol class="timeline">{rows}</ol>
            {Desk::here().decides().then(|| view! { <RulingForm patrol=record.record_id counts=!counts /> })}
        </section>
    }
}

/// One ruling: it always says the other thing than what holds, and why.
#[component]
fn RulingForm(patrol: RecordId, counts: bool) -> impl IntoView {
    let app = App::here();
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(ruling) = Ruling::read(counts, &text.get_untracked()) else {
            wrong.set(Some("words_missing".to_owned()));
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let outcome = append(app, patrol, None, Fields::Ruling(ruling)).await;
            let _ = busy.try_set(false);
            let _ = wrong.try_set(outcome.err());
        });
    };
    let label = if counts {
        Key::RulingTakeBack
    } else {
        Key::RulingNotCounted
    };
    view! {
        <button type="button" class="button button-wide" data-testid="ruling-open"
            aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|o| *o = !*o)>
            {t(label)}
        </button>
        <Show when=move || open.get()>
            <form class="card stack" on:submit=send>
                <label class="field">
                    <span>{t(Key::RulingReason)}</span>
                    <textarea class="input" rows="2" maxlength="500" data-testid="ruling-reason"
                        prop:value=move || text.get()
                        on:input:target=move |e| { text.set(e.target().value()); wrong.set(None); }></textarea>
                </label>
                {move || wrong.get().map(|code| view! {
                    <Notice tone=Tone::Bad testid="ruling-wrong"><p>{say_code(&code)}</p></Notice>
                })}
                <button class="button button-main button-wide" data-testid="ruling-send"
                    disabled=move || busy.get()>{t(Key::CaseSend)}</button>
            </form>
        </Show>
    }
}
