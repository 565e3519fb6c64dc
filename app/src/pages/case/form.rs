use crate::model::App;
use crate::pages::append::append;
use crate::ui::{Notice, Tone};
use crate::words::{Key, say_code, t};
use domain::case::Step;
use domain::ids::{EntryId, RecordId};
use domain::record::Fields;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A step that needs a few words: opened by a button, sent by a second touch.
#[component]
pub(in crate::pages) fn StepForm(
    /// The case.
    case: RecordId,
    /// The last entry on the screen.
    basis: Option<EntryId>,
    /// What the button says.
    label: Key,
    /// Whether words are needed, or may be left out.
    #[prop(optional)]
    words_needed: bool,
    /// Makes the step from the words; `None` if something is still missing.
    #[prop(into)]
    step: Callback<String, Option<Step>>,
    /// For tests.
    #[prop(into)]
    testid: String,
    /// Further fields.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let app = App::here();
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let words = text.get_untracked().trim().to_owned();
        if words_needed && words.is_empty() {
            wrong.set(Some("words_missing".to_owned()));
            return;
        }
        let Some(step) = step.run(words) else {
            wrong.set(Some("step_incomplete".to_owned()));
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let outcome = append(app, case, basis, Fields::Step(step)).await;
            let _ = busy.try_set(false);
            match outcome {
                Ok(()) => {
                    let _ = open.try_set(false);
                    let _ = text.try_set(String::new());
                }
                Err(code) => {
                    let _ = wrong.try_set(Some(code));
                }
            }
        });
    };
    let send_id = format!("{testid}-send");
    let words_id = format!("{testid}-words");
    let children = StoredValue::new(children);
    view! {
        <button type="button" class="button button-wide" data-testid=testid
            aria-expanded=move || open.get().to_string()
            on:click=move |_| { wrong.set(None); open.update(|o| *o = !*o); }>
            {t(label)}
        </button>
        <Show when=move || open.get()>
            // What is wrong is said in our words and the chosen language, not in the browser's.
            <form class="card stack" novalidate=true on:submit=send>
                {children.with_value(|c| c.as_ref().map(|c| c()))}
                <label class="field">
                    <span>{t(if words_needed { Key::CaseWords } else { Key::CaseWordsOptional })}</span>
                    <textarea class="input" rows="2" maxlength="2000" data-testid=words_id.clone()
                        prop:value=move || text.get()
                        on:input:target=move |e| { text.set(e.target().value()); wrong.set(None); }></textarea>
                </label>
                {move || wrong.get().map(|code| view! {
                    <Notice tone=Tone::Bad testid="step-wrong"><p>{say_code(&code)}</p></Notice>
                })}
                <button class="button button-main button-wide" data-testid=send_id.clone()
                    disabled=move || busy.get()>{t(Key::CaseSend)}</button>
            </form>
        </Show>
    }
}
