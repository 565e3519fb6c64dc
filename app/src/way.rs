//! Where one is: the path in the address bar, and going elsewhere without loading the page anew.
//!
//! Eight places do not need a router: `leptos_router` would be a tenth of the phone's first load
//! (`docs/adr/0007`).

use gloo_events::EventListener;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// The path, for whoever is inside the page.
#[derive(Clone, Copy)]
pub struct Way(RwSignal<String>);

impl Way {
    /// Reads the address bar and follows the way back and forth.
    pub fn open() -> Self {
        let way = Self(RwSignal::new(address()));
        if let Some(window) = web_sys::window() {
            let back = move |_: &web_sys::Event| way.0.set(address());
            // As long as the page: there is one way in a page.
            EventListener::new(&window, "popstate", back).forget();
        }
        provide_context(way);
        way
    }

    /// From the context of the page.
    pub fn here() -> Self {
        expect_context()
    }

    /// Where one is; `/` at least.
    pub fn path(self) -> String {
        self.0.get()
    }

    /// Goes there; the way back leads here.
    pub fn go(self, to: &str) {
        self.change(to, false);
    }

    /// Goes there; the way back leads to where one was before.
    pub fn replace(self, to: &str) {
        self.change(to, true);
    }

    fn change(self, to: &str, replace: bool) {
        let Some(window) = web_sys::window() else {
            return;
        };
        if let Ok(history) = window.history() {
            let _ = if replace {
                history.replace_state_with_url(&JsValue::NULL, "", Some(to))
            } else {
                history.push_state_with_url(&JsValue::NULL, "", Some(to))
            };
        }
        window.scroll_to_with_x_and_y(0.0, 0.0);
        self.0.set(to.to_owned());
    }
}

fn address() -> String {
    let location = web_sys::window().map(|w| w.location());
    let path = location.and_then(|l| l.pathname().ok());
    path.unwrap_or_else(|| "/".to_owned())
}

/// The words between the slashes: `/records/x` is `["records", "x"]`, `/` is nothing.
pub fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_path_is_its_words() {
        assert_eq!(parts("/records/x/"), ["records", "x"]);
        assert!(parts("/").is_empty());
    }
}
