//! The phone: what a river chief or inspector carries along the bank.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    xunhe_app::settings::apply();
    xunhe_app::words::prepare(|| leptos::mount::mount_to_body(xunhe_app::pages::Phone));
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
