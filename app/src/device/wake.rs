//! Keeping the screen on during a patrol: a page behind a dark screen gets no positions.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Keeps the screen on until it is dropped, or until the browser takes it back because the page
/// is hidden; then it is asked for again.
#[derive(Debug)]
pub struct WakeLock(JsValue);

impl WakeLock {
    /// `None` where the browser cannot, or does not want to (a low battery).
    pub async fn ask() -> Option<Self> {
        let navigator = web_sys::window()?.navigator();
        // web-sys counts it as unstable.
        let lock = Reflect::get(&navigator, &"wakeLock".into()).ok()?;
        let request: Function = Reflect::get(&lock, &"request".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let promise: Promise = request
            .call1(&lock, &"screen".into())
            .ok()?
            .dyn_into()
            .ok()?;
        JsFuture::from(promise).await.ok().map(Self)
    }
}

impl Drop for WakeLock {
    fn drop(&mut self) {
        let release = Reflect::get(&self.0, &"release".into());
        if let Some(release) = release.ok().and_then(|f| f.dyn_into::<Function>().ok()) {
            let _ = release.call0(&self.0);
        }
    }
}
