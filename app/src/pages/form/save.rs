use super::editor::Editor;
use crate::VERSION;
use crate::device::{clock, random};
use crate::ui::{Notice, Tone};
use crate::way::Way;
use crate::words::{Key, say_code, t};
use domain::record::{FieldError, Moment};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Saving: the draft becomes an entry in one strict transaction, and only then is it said.
#[component]
pub(super) fn SaveBar(editor: Editor) -> impl IntoView {
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(Vec::<FieldError>::new());
    let way = Way::here();
    let save = move |_| {
        busy.set(true);
        editor.trouble.set(None);
        spawn_local(async move {
            // Copies of the last photo may still be made; the touch counts all the same.
            while editor.taking.try_get_untracked().is_some_and(|n| n != 0) {
                TimeoutFuture::new(50).await;
            }
            match write(editor).await {
                Ok(record) => {
                    way.replace(&format!("/saved/{record}"));
                }
                Err(Refused::Fields(fields)) => {
                    let _ = wrong.try_set(fields);
                }
                Err(Refused::Trouble(code)) => {
                    let _ = editor.trouble.try_set(Some(code));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    // What was wrong is said until it is put right, not until the next attempt.
    let still_wrong = move || {
        let draft = editor.draft.get();
        wrong.with(|w| {
            let still = draft.finish(&moment(editor)).err().unwrap_or_default();
            w.iter()
                .filter(|e| still.contains(e))
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="save-bar">
            {move || still_wrong().into_iter().map(|error| view! {
                <Notice tone=Tone::Bad testid="field-error"><p>{say_code(&error.to_string())}</p></Notice>
            }).collect_view()}
            <button type="button" class="button button-main button-big" data-testid="save"
                disabled=move || busy.get()
                on:click=save>
                {move || t(if busy.get() { Key::FormSaving } else { Key::FormSave })}
            </button>
        </div>
    }
}

enum Refused {
    Fields(Vec<FieldError>),
    Trouble(String),
}

async fn write(editor: Editor) -> Result<domain::ids::RecordId, Refused> {
    editor.refresh_place();
    let draft = editor.draft.get_untracked();
    let unsealed = draft.finish(&moment(editor)).map_err(Refused::Fields)?;
    clock::mark("save-touched");
    let saved = editor
        .store()
        .submit(&unsealed, Some(draft.id), clock::wall())
        .await
        .map_err(|e| Refused::Trouble(e.code().to_owned()))?;
    clock::measure("entry-saved", "save-touched");
    if let Some(old) = draft.instead_of {
        // Left in the tray, it can be amended or exported again: harmless.
        let _ = editor.store().settle(old).await;
    }
    let runner = editor
        .app
        .session
        .with_untracked(|s| s.as_ref().map(|s| s.runner.clone()));
    if let Some(runner) = runner {
        runner.saved(saved);
    }
    Ok(unsealed.record_id)
}

fn moment(editor: Editor) -> Moment {
    let gps = editor
        .draft
        .with_untracked(|d| d.place.fix.as_ref().map(|f| f.at_ms));
    Moment {
        author: editor.store().person().clone(),
        clock: clock::facts(gps),
        salt: random::bytes(),
        app_version: VERSION.to_owned(),
    }
}
