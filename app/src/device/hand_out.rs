use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlElement, Url};

/// How long the browser may take to begin with its own copy, milliseconds.
const KEEP_MS: u32 = 60_000;

/// Gives bytes to the person as a file of this name, as if a link had been touched. `false` in a
/// browser without the means.
pub fn hand_out(bytes: &Blob, name: &str) -> bool {
    let Ok(url) = Url::create_object_url_with_blob(bytes) else {
        return false;
    };
    let touched = touch(&url, name).is_some();
    Timeout::new(KEEP_MS, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    touched
}

fn touch(url: &str, name: &str) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let link: HtmlElement = document.create_element("a").ok()?.dyn_into().ok()?;
    link.set_attribute("href", url).ok()?;
    link.set_attribute("download", name).ok()?;
    link.click();
    Some(())
}
