//! Clocks: the device's own, the monotonic one of this page, and the server's as last heard.

use super::random;
use domain::entry::{Clock, ServerTime};
use domain::ids::BootId;
use domain::time::{MonoMs, WallMs};
use std::cell::{Cell, OnceCell};

thread_local! {
    static BOOT: OnceCell<BootId> = const { OnceCell::new() };
    static SERVER: Cell<Option<ServerTime>> = const { Cell::new(None) };
}

/// The device's clock, right or wrong.
pub fn wall() -> WallMs {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "milliseconds fit for 285,000 years"
    )]
    WallMs(js_sys::Date::now() as i64)
}

/// Milliseconds since this start of the page.
pub fn mono() -> MonoMs {
    let now = web_sys::window()
        .and_then(|w| w.performance())
        .map_or(0.0, |p| p.now());
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "never negative"
    )]
    MonoMs(now as u64)
}

/// Remembers what a server said of the time.
pub fn heard(wall_ms: WallMs) {
    SERVER.set(Some(ServerTime {
        wall_ms,
        mono_ms: mono(),
    }));
}

/// All clock facts of this moment.
pub fn facts(gps_ms: Option<WallMs>) -> Clock {
    Clock {
        wall_ms: wall(),
        mono_ms: mono(),
        boot_id: BOOT.with(|boot| *boot.get_or_init(random::boot_id)),
        server: SERVER.get(),
        gps_ms,
    }
}

/// Marks this instant on the browser's own timeline, where the benches read it.
pub fn mark(name: &str) {
    if let Some(performance) = web_sys::window().and_then(|w| w.performance()) {
        let _ = performance.mark(name);
    }
}

/// The stretch since [`mark`]`(begun)` on the browser's own timeline.
pub fn measure(name: &str, begun: &str) {
    if let Some(performance) = web_sys::window().and_then(|w| w.performance()) {
        let _ = performance.measure_with_start_mark(name, begun);
    }
}
