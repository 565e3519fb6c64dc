//! The console: the supervisor's desk.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    xunhe_app::settings::apply();
    xunhe_app::words::prepare(|| leptos::mount::mount_to_body(xunhe_app::pages::Console));
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
