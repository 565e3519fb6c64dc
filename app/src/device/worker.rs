//! The service worker: registered without delay, never taking over under an open form.

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerRegistration, ServiceWorkerState, ServiceWorkerUpdateViaCache};

/// Registers the worker and calls `waiting` as soon as a newer version is complete and waits.
/// `None` where the browser has no workers: the app then needs a network to start.
pub async fn register(waiting: impl Fn() + Clone + 'static) -> Option<ServiceWorkerRegistration> {
    let navigator = web_sys::window()?.navigator();
    if !js_sys::Reflect::has(&navigator, &"serviceWorker".into()).ok()? {
        return None;
    }
    let options = web_sys::RegistrationOptions::new();
    options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
    let promise = navigator
        .service_worker()
        .register_with_options("/sw.js", &options);
    let registration: ServiceWorkerRegistration =
        JsFuture::from(promise).await.ok()?.unchecked_into();
    if registration.waiting().is_some() {
        waiting();
    }
    watch(&registration, waiting);
    if let Some(active) = registration.active() {
        let _ = active.post_message(&message("ask-kill"));
    }
    Some(registration)
}

/// Lets the waiting version take over. The caller has made sure that no form is open and loads
/// the page anew.
pub fn take_over(registration: &ServiceWorkerRegistration) {
    if let Some(worker) = registration.waiting() {
        let _ = worker.post_message(&message("take-over"));
    }
}

/// Suggests to keep the map for the time without a network; the worker looks at the line first.
pub fn keep_map(registration: &ServiceWorkerRegistration) {
    if let Some(worker) = registration.active() {
        let _ = worker.post_message(&message("keep-map"));
    }
}

fn watch(registration: &ServiceWorkerRegistration, waiting: impl Fn() + Clone + 'static) {
    let found = Closure::<dyn FnMut()>::new({
        let registration = registration.clone();
        move || {
            let Some(worker) = registration.installing() else {
                return;
            };
            let waiting = waiting.clone();
            let changed = Closure::<dyn FnMut()>::new({
                let worker = worker.clone();
                move || {
                    // The first installation of all has nobody to wait for.
                    let first = web_sys::window()
                        .is_none_or(|w| w.navigator().service_worker().controller().is_none());
                    if worker.state() == ServiceWorkerState::Installed && !first {
                        waiting();
                    }
                }
            });
            worker.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
            // Lives as long as the worker may change its state.
            changed.forget();
        }
    });
    registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
    found.forget();
}

fn message(kind: &str) -> JsValue {
    let message = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&message, &"type".into(), &kind.into());
    message.into()
}
