//! 导入手机记录: the file that a phone made of what it could not deliver.

use crate::api::{self, Abort};
use crate::ui::{Notice, Tone};
use crate::words::{Key, fill, say_code, t};
use domain::sync::Failure;
use domain::wire::RescueTaken;
use leptos::ev::Targeted;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use web_sys::{Event, HtmlInputElement};

/// How it goes with the file.
#[derive(Clone)]
enum Work {
    None,
    Sending(String, Option<Abort>),
    Done(Box<RescueTaken>),
    /// Why, in words.
    Failed(String),
}

type State = RwSignal<Work, LocalStorage>;

/// The page.
#[component]
pub(super) fn Imports() -> impl IntoView {
    let work: State = RwSignal::new_local(Work::None);
    let busy = move || work.with(|w| matches!(w, Work::Sending(..)));
    on_cleanup(move || give_up(work));
    view! {
        <h1>{t(Key::ImportsTitle)}</h1>
        <p class="muted">{t(Key::ImportsHow)}</p>
        <label class="button button-main file-button" data-testid="import-choose">
            {t(Key::ImportsChoose)}
            <input class="hidden-input" type="file" accept=".zip,application/zip" data-testid="import-file" disabled=busy
                on:change:target=move |e| begin(&e, work) />
        </label>
        {move || match work.get() {
            Work::None => None,
            Work::Sending(name, _) => {
                let words = fill(Key::ImportsMaking, &[("name", &name)]);
                Some(view! {
                    <div class="stack-tight" role="status" data-testid="import-going">
                        <p>{words.clone()}</p>
                        <progress class="progress" aria-label=words></progress>
                        <button type="button" class="button" data-testid="import-cancel"
                            on:click=move |_| give_up(work)>
                            {t(Key::ImportsCancel)}
                        </button>
                    </div>
                }.into_any())
            }
            Work::Done(taken) => Some(told(&taken)),
            Work::Failed(words) => Some(view! {
                <Notice tone=Tone::Bad testid="import-failed"><p>{words}</p></Notice>
            }.into_any()),
        }}
    }
}

fn begin(chosen: &Targeted<Event, HtmlInputElement>, work: State) {
    let input = chosen.target();
    let Some(file) = input.files().and_then(|all| all.get(0)) else {
        return;
    };
    // The same file can be chosen again.
    input.set_value("");
    let abort = Abort::new();
    work.set(Work::Sending(file.name(), abort.clone()));
    spawn_local(async move {
        let answer = api::take_rescue(&file, abort.as_ref()).await;
        // Given up, or the page is left.
        if !matches!(work.try_get_untracked(), Some(Work::Sending(..))) {
            return;
        }
        work.set(match answer {
            Ok(taken) => Work::Done(Box::new(taken)),
            Err(failure) => Work::Failed(why(&failure)),
        });
    });
}

/// What was taken before stays taken.
fn give_up(work: State) {
    if let Some(Work::Sending(_, abort)) = work.try_get_untracked() {
        let _ = work.try_set(Work::None);
        abort.iter().for_each(Abort::abort);
    }
}

fn why(failure: &Failure) -> String {
    match failure {
        Failure::Fault { status: 404, .. } => t(Key::ImportsHidden).to_owned(),
        Failure::Fault { fault, .. } => say_code(&fault.code),
        Failure::SignedOut => say_code("not_signed_in"),
        Failure::NotOurs => say_code("not_ours"),
        _ => t(Key::ImportsFailed).to_owned(),
    }
}

/// What became of the file, in words.
fn told(taken: &RescueTaken) -> AnyView {
    let count = |key, n: usize| (n > 0).then(|| fill(key, &[("n", &n)]));
    let pair = |key, new: u32, known: u32| {
        (new + known > 0).then(|| fill(key, &[("new", &new), ("known", &known)]))
    };
    let lines = [
        pair(Key::ImportsEntries, taken.stored, taken.known),
        count(Key::ImportsReviewed, taken.quarantined as usize),
        pair(Key::ImportsBlobs, taken.blobs, taken.blobs_known),
        count(Key::ImportsDrafts, taken.drafts as usize),
        count(Key::ImportsDamaged, taken.damaged.len()),
    ];
    let nothing = lines
        .iter()
        .all(Option::is_none)
        .then(|| t(Key::ImportsNone));
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for refused in &taken.refused {
        *reasons.entry(refused.reason.clone()).or_default() += 1;
    }
    let line = |words: String| view! { <p>{words}</p> };
    let reason = |(code, n): (String, usize)| view! { <li>{say_code(&code)}" × "{n}</li> };
    let done = fill(Key::ImportsDone, &[("name", &taken.name)]);
    let whole = taken.whole;
    let refused = taken.refused.len();
    view! {
        <Notice tone=if whole { Tone::Good } else { Tone::Warn } testid="import-done">
            <p><strong>{done}</strong></p>
            {lines.into_iter().flatten().map(line).collect_view()}
            {nothing.map(|words| line(words.to_owned()))}
            {(!whole).then(|| line(t(Key::ImportsCut).to_owned()))}
        </Notice>
        {(refused > 0).then(|| view! {
            <Notice tone=Tone::Bad testid="import-refused">
                <p>{fill(Key::ImportsRefused, &[("n", &refused)])}</p>
                <ul>{reasons.into_iter().map(reason).collect_view()}</ul>
            </Notice>
        })}
    }
    .into_any()
}
