//! Both programs of the browser: the phone app and the console.

#[cfg(target_arch = "wasm32")]
pub mod api;
#[cfg(target_arch = "wasm32")]
pub mod device;
pub mod store;

use leptos::prelude::*;

/// Starts the phone app in the page's body.
pub fn phone() {
    mount_to_body(|| view! { <main>"巡河"</main> });
}

/// Starts the console in the page's body.
pub fn console() {
    mount_to_body(|| view! { <main>"巡河·工作台"</main> });
}
