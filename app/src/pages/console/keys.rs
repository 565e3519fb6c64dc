use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// Listens to single keys by their place on the board, and to `?`, while a screen is open. Silent while
/// somebody types, also while an input method composes.
pub(super) fn on_keys(act: impl Fn(&str) + 'static) {
    let handle = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
        if event.is_composing() || modified || is_typing(&event) {
            return;
        }
        let code = event.code();
        // Enter on a button or a link is theirs.
        if code == "Enter" && presses(&event) {
            return;
        }
        act(if event.shift_key() && code == "Slash" {
            "?"
        } else {
            &code
        });
    });
    on_cleanup(move || handle.remove());
}

/// Whether somebody is in the middle of writing something.
pub(super) fn is_writing() -> bool {
    let page = web_sys::window().and_then(|w| w.document());
    let focus = page.and_then(|p| p.active_element());
    focus.is_some_and(|e| writes(&e.tag_name()))
}

fn writes(tag: &str) -> bool {
    matches!(tag, "INPUT" | "TEXTAREA" | "SELECT")
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|t| t.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|t| writes(&t.tag_name()))
}

fn presses(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|t| t.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|t| matches!(t.tag_name().as_str(), "A" | "BUTTON" | "SUMMARY"))
}

/// Touches the first element with this test id, as a hand would.
pub(super) fn touch(testid: &str) {
    touch_at(&format!("[data-testid='{testid}']"));
}

/// Touches the first element that a selector finds.
pub(super) fn touch_at(selector: &str) {
    let page = web_sys::window().and_then(|w| w.document());
    let found = page.and_then(|d| d.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        element.click();
        let _ = element.focus();
    }
}
