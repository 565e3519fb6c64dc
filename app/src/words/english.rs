//! The English words travel in a file of their own, and only to who reads them.

use super::ENGLISH;
use crate::settings::{self, Language};
use std::cell::OnceCell;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

thread_local! {
    static WORDS: OnceCell<Vec<&'static str>> = const { OnceCell::new() };
}

/// Goes on with `then` once the words of the language in force are there. Without a network the
/// service worker has them; if they are nowhere, everything is said in Chinese.
pub fn prepare(then: impl FnOnce() + 'static) {
    if settings::language() == Language::Chinese {
        return then();
    }
    spawn_local(async move {
        if let Some(words) = fetch().await {
            // Once for each page, and it needs them until it closes.
            let words = words.into_iter().map(|w| &*w.leak()).collect();
            WORDS.with(|all| all.set(words)).unwrap_or_default();
        }
        then();
    });
}

pub(super) fn word(place: usize) -> Option<&'static str> {
    WORDS.with(|all| all.get()?.get(place).copied())
}

async fn fetch() -> Option<Vec<String>> {
    let answer = JsFuture::from(web_sys::window()?.fetch_with_str(ENGLISH));
    let answer: Response = answer.await.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(answer.text().ok()?).await.ok()?;
    domain::json::read(&text.as_string()?).ok()
}
