//! Recording: kind, photo, save. Everything else is below the fold and may stay empty.

mod editor;
mod more;
mod photos;
mod save;
mod signs;

use self::editor::Editor;
use self::more::More;
use self::photos::Photos;
use self::save::SaveBar;
use self::signs::SignChips;
use crate::model::App;
use crate::ui::{Chip, ChipGroup, Loading, Notice, Tone, Top};
use crate::words::{Key, say_code, t};
use domain::ids::DraftId;
use domain::record::{ProblemCode, Subject};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What is found most often, first; the rest of the catalogue is one touch away.
const CLEANUP_FIRST: [&str; 4] = ["LJ-01", "LJ-02", "LJ-03", "LJ-05"];
const DISCHARGE_FIRST: [&str; 5] = ["PW-01", "PW-03", "PW-06", "PW-02", "XQ-02"];
const FINDING_FIRST: [&str; 6] = ["SL-03", "SL-04", "SL-01", "ST-03", "SS-04", "SS-01"];

#[component]
pub(super) fn Form(id: Option<DraftId>) -> impl IntoView {
    let app = App::here();
    let editor = RwSignal::new_local(None::<Editor>);
    let gone = RwSignal::new(false);
    spawn_local(async move {
        let found = match (app.store(), id) {
            (Some(store), Some(id)) => store.draft(id).await.ok().flatten().map(|d| (store, d)),
            _ => None,
        };
        match found {
            Some((store, draft)) => {
                let _ = editor.try_set(Some(Editor::open(app, store, draft)));
            }
            None => {
                let _ = gone.try_set(true);
            }
        }
    });
    on_cleanup(move || {
        if let Some(Some(editor)) = editor.try_get_untracked() {
            editor.close();
        }
    });
    move || match editor.get() {
        Some(editor) => view! { <Fields editor /> }.into_any(),
        None if gone.get() => view! {
            <main class="screen">
                <Top title=t(Key::FormGone) back="/" />
                <Notice tone=Tone::Info><p>{t(Key::FormGoneWhy)}</p></Notice>
            </main>
        }
        .into_any(),
        None => view! { <Loading /> }.into_any(),
    }
}

#[component]
fn Fields(editor: Editor) -> impl IntoView {
    let subject = editor.draft.with_untracked(|d| d.subject);
    let title = t(subject_key(subject));
    let back = editor.draft.with_untracked(|d| {
        let case = d.step.as_ref().map(|s| format!("/records/{}", s.case));
        case.unwrap_or_else(|| "/".to_owned())
    });
    view! {
        <main class="screen">
            <Top title back=back />
            {move || editor.trouble.get().map(|code| view! {
                <Notice tone=Tone::Bad testid="error-message"><p>{say_code(&code)}</p></Notice>
            })}
            {subject.is_report().then(|| view! { <Kinds editor subject /> })}
            <Photos editor />
            {(subject == Subject::Discharge).then(|| view! { <SignChips editor /> })}
            <More editor />
        </main>
        <SaveBar editor />
    }
}

/// What a draft is called.
pub(super) const fn subject_key(subject: Subject) -> Key {
    match subject {
        Subject::Cleanup => Key::HomeCleanup,
        Subject::Discharge => Key::HomeDischarge,
        Subject::Finding => Key::HomeFinding,
        Subject::Progress => Key::FormProgress,
        Subject::Closure => Key::FormClosure,
    }
}

#[component]
fn Kinds(editor: Editor, subject: Subject) -> impl IntoView {
    let app = App::here();
    let all = RwSignal::new(false);
    let first: &[&str] = match subject {
        Subject::Cleanup => &CLEANUP_FIRST,
        Subject::Discharge => &DISCHARGE_FIRST,
        _ => &FINDING_FIRST,
    };
    let offered = move || {
        let mut codes: Vec<ProblemCode> =
            first.iter().map(|c| ProblemCode((*c).to_owned())).collect();
        if all.get() {
            app.registers.with(|registers| {
                let rest = registers
                    .iter()
                    .flat_map(|r| &r.problems)
                    .map(|p| p.code.clone());
                codes.extend(rest.filter(|c| !first.contains(&c.0.as_str())));
            });
        }
        // A draft's own choice is always to be seen.
        let chosen = editor.draft.with(|d| d.problem.clone());
        codes.extend(
            chosen
                .filter(|c| !codes.contains(c))
                .into_iter()
                .collect::<Vec<_>>(),
        );
        codes
    };
    view! {
        <ChipGroup question=t(Key::FormKind) big=true>
            <For each=offered key=|code| code.0.clone() let:code>
                <KindChip editor code />
            </For>
            <button type="button" class="chip" data-testid="kind-more"
                aria-expanded=move || all.get().to_string()
                on:click=move |_| all.update(|all| *all = !*all)>
                {move || t(if all.get() { Key::FormKindLess } else { Key::FormKindMore })}
            </button>
        </ChipGroup>
    }
}

#[component]
fn KindChip(editor: Editor, code: ProblemCode) -> impl IntoView {
    let app = App::here();
    let label = app.problem_name(&code);
    let testid = format!("kind-{}", code.0);
    let mine = code.clone();
    let chosen = Signal::derive(move || editor.draft.with(|d| d.problem.as_ref() == Some(&mine)));
    view! {
        <Chip label chosen testid touch=move || editor.change(|d| d.problem = Some(code.clone())) />
    }
}
