use super::editor::Editor;
use crate::store::Durability;
use crate::ui::{Camera, Notice, StoredPhoto, Tone};
use crate::words::{Key, fill, say_code, t};
use domain::entry::{BlobRole, CapturedVia};
use domain::record::{Draft, DraftPhoto, PhotoSide, Subject};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Event, File, HtmlInputElement};

/// Photos before and after.
#[component]
pub(super) fn Photos(editor: Editor) -> impl IntoView {
    let subject = editor.draft.with_untracked(|d| d.subject);
    let before = match subject {
        Subject::Cleanup => Some(Key::PhotoBefore),
        Subject::Discharge | Subject::Finding => Some(Key::PhotoScene),
        // What it was like before stands in the report.
        Subject::Progress | Subject::Closure => None,
    };
    let after = if before.is_some() {
        Key::PhotoAfter
    } else {
        Key::PhotoDone
    };
    view! {
        {before.map(|key| view! { <Side editor side=PhotoSide::Before title=t(key) testid="photo-before" /> })}
        <Side editor side=PhotoSide::After title=t(after) testid="photo-after" />
        <Show when=move || editor.taking.get() != 0>
            <Notice tone=Tone::Info testid="photo-taking"><p>{t(Key::PhotoTaking)}</p></Notice>
        </Show>
        {move || editor.remark.get().map(|code| view! {
            <Notice tone=Tone::Warn testid="photo-remark"><p>{say_code(&code)}</p></Notice>
        })}
    }
}

#[component]
fn Side(
    editor: Editor,
    side: PhotoSide,
    title: &'static str,
    testid: &'static str,
) -> impl IntoView {
    // The same picture may be taken twice, so its place belongs to the key.
    let mine = move || {
        editor.draft.with(|d| {
            let here = d.photos.iter().enumerate().filter(|(_, p)| p.side == side);
            here.map(|(n, p)| (n, p.clone())).collect::<Vec<_>>()
        })
    };
    view! {
        <section class="stack-tight">
            <h2>{title}</h2>
            <div class="photos">
                <For each=mine key=|(n, p)| (*n, p.sha256, p.derived.len()) let((n, photo))>
                    <Taken editor n photo />
                </For>
            </div>
            <label class="camera">
                <Camera />
                <span>{t(Key::PhotoTake)}</span>
                <Field editor side via=CapturedVia::Camera testid=testid />
            </label>
            <label class="gallery">
                {t(Key::PhotoChoose)}
                <Field editor side via=CapturedVia::Gallery testid=format!("{testid}-gallery") />
            </label>
        </section>
    }
}

/// A file field; with `capture` the system's camera opens.
#[component]
fn Field(
    editor: Editor,
    side: PhotoSide,
    via: CapturedVia,
    #[prop(into)] testid: String,
) -> impl IntoView {
    let capture = (via == CapturedVia::Camera).then_some("environment");
    let chosen = move |event: Event| {
        let files = take_files(&event);
        let via = via.clone();
        spawn_local(async move {
            // One after the other: two decoded photos at once are too much for a small phone.
            for file in files {
                editor.take(file, side, via.clone()).await;
            }
        });
    };
    view! {
        <input
            class="hidden-input"
            type="file"
            accept="image/*,.heic,.heif"
            capture=capture
            multiple=capture.is_none()
            data-testid=testid
            on:click=move |_| editor.keep(Durability::Strict)
            on:change=chosen
        />
    }
}

fn take_files(event: &Event) -> Vec<File> {
    let Some(input) = event
        .target()
        .and_then(|t| t.dyn_into::<HtmlInputElement>().ok())
    else {
        return Vec::new();
    };
    let list = input.files();
    let files = (0..list.as_ref().map_or(0, web_sys::FileList::length))
        .filter_map(|i| list.as_ref().and_then(|list| list.get(i)))
        .collect();
    // The same file may be chosen once more.
    input.set_value("");
    files
}

#[component]
fn Taken(editor: Editor, n: usize, photo: DraftPhoto) -> impl IntoView {
    let thumb = photo
        .derived
        .iter()
        .find(|d| d.role == BlobRole::Thumb)
        .map(|d| d.sha256);
    let shown: Vec<_> = thumb.into_iter().collect();
    let tenths = photo.size * 10 / 1_048_576;
    let size = format!("{}.{} MB", tenths / 10, tenths % 10);
    view! {
        <div class="stack-tight">
            <StoredPhoto show=shown alt=t(Key::PhotoAlt)
                caption=fill(Key::PhotoKept, &[("size", &size)]) testid="photo-tile" />
            <button type="button" class="button button-plain button-bad" data-testid="photo-remove"
                on:click=move |_| editor.change(|d| remove(d, n))>
                {t(Key::PhotoRemove)}
            </button>
        </div>
    }
}

fn remove(draft: &mut Draft, n: usize) {
    if n < draft.photos.len() {
        draft.photos.remove(n);
    }
}
