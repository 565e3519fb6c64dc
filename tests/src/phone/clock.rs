use domain::entry::{Clock, ServerTime};
use domain::ids::BootId;
use domain::time::{MonoMs, WallMs};
use std::cell::Cell;

/// The clocks of a device: its own, which may be years off, and what a server last told.
#[derive(Debug)]
pub struct DeviceClock {
    /// How far the device's clock is from the true one.
    pub off_ms: Cell<i64>,
    boot: BootId,
    heard: Cell<Option<ServerTime>>,
}

impl DeviceClock {
    /// A clock that is so far off, of one start of the page.
    pub const fn new(off_ms: i64, boot: BootId) -> Self {
        Self {
            off_ms: Cell::new(off_ms),
            boot,
            heard: Cell::new(None),
        }
    }

    /// What the device takes this true time for.
    pub const fn wall(&self, truly: WallMs) -> WallMs {
        WallMs(truly.0 + self.off_ms.get())
    }

    /// Remembers what a server said of the time.
    pub fn hear(&self, wall_ms: WallMs, mono_ms: MonoMs) {
        self.heard.set(Some(ServerTime { wall_ms, mono_ms }));
    }

    /// All clock facts of a moment.
    pub fn facts(&self, truly: WallMs, mono_ms: MonoMs) -> Clock {
        Clock {
            wall_ms: self.wall(truly),
            mono_ms,
            boot_id: self.boot,
            server: self.heard.get(),
            gps_ms: None,
        }
    }
}
