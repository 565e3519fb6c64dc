use crate::model::App;
use crate::pages::append::append;
use crate::ui::{Notice, Tone};
use crate::words::{Key, say_code, t};
use domain::ids::{EntryId, RecordId};
use domain::record::{self, Fields};
use domain::sync::SessionState;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A remark on the record. It goes the same way as everything else: saved in this browser's own
/// log first, then sent by the engine, so that a broken connection loses no words.
#[component]
pub(super) fn Comment(
    /// The record.
    id: RecordId,
    /// The last entry that is on the screen.
    newest: Signal<Option<EntryId>, LocalStorage>,
) -> impl IntoView {
    let app = App::here();
    let text = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(comment) = record::Comment::read(&text.get_untracked()) else {
            wrong.set(Some("comment_length".to_owned()));
            return;
        };
        let basis = newest.get_untracked();
        spawn_local(async move {
            match append(app, id, basis, Fields::Comment(comment)).await {
                Ok(()) => {
                    let _ = text.try_set(String::new());
                    let _ = wrong.try_set(None);
                }
                Err(code) => {
                    let _ = wrong.try_set(Some(code));
                }
            }
        });
    };
    let waiting = move || {
        app.status
            .with(|s| s.unsent != 0 && s.session == SessionState::Good)
    };
    view! {
        <form class="card stack" on:submit=send>
            <label class="field">
                <span>{t(Key::CommentTitle)}</span>
                <textarea class="input" rows="3" maxlength="2000" data-testid="console-comment-text"
                    prop:value=move || text.get()
                    on:input:target=move |e| text.set(e.target().value())></textarea>
            </label>
            {move || wrong.get().map(|code| view! {
                <Notice tone=Tone::Bad><p>{say_code(&code)}</p></Notice>
            })}
            <div class="row">
                <button class="button button-main" data-testid="console-comment-send">{t(Key::CommentSend)}</button>
                <Show when=waiting><span class="muted" role="status">{t(Key::CommentWaiting)}</span></Show>
            </div>
        </form>
    }
}
