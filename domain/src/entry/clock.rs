use crate::ids::BootId;
use crate::time::{MonoMs, WallMs};
use serde::{Deserialize, Serialize};

/// Raw clock facts of the device at the moment of recording. The best time is computed from
/// them by the server; no order ever depends on them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// The device's wall clock, right or wrong.
    pub wall_ms: WallMs,
    /// Milliseconds since this start of the page.
    pub mono_ms: MonoMs,
    /// Which start of the page `mono_ms` counts from.
    pub boot_id: BootId,
    /// The last time a server told, in this start of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<ServerTime>,
    /// Time of the last satellite fix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gps_ms: Option<WallMs>,
}

/// A server's time and the monotonic instant at which it was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerTime {
    /// What the server said.
    pub wall_ms: WallMs,
    /// When it was heard.
    pub mono_ms: MonoMs,
}

impl Clock {
    /// The most trustworthy time of the moment: the server's plus the monotonic distance, else
    /// the satellites', else the device's own.
    pub fn best(&self) -> WallMs {
        match (self.server, self.gps_ms) {
            (Some(server), _) => {
                let passed = i64::try_from(self.mono_ms.since(server.mono_ms)).unwrap_or(i64::MAX);
                WallMs(server.wall_ms.0.saturating_add(passed))
            }
            (None, Some(gps)) => gps,
            (None, None) => self.wall_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_time_ignores_a_device_clock_ten_years_off() {
        let mut clock = Clock {
            wall_ms: WallMs(0),
            mono_ms: MonoMs(65_000),
            boot_id: BootId::new([0; 8]),
            server: Some(ServerTime {
                wall_ms: WallMs(1_000_000),
                mono_ms: MonoMs(5_000),
            }),
            gps_ms: Some(WallMs(77)),
        };
        assert_eq!(clock.best(), WallMs(1_060_000));
        clock.server = None;
        assert_eq!(clock.best(), WallMs(77));
        clock.gps_ms = None;
        assert_eq!(clock.best(), WallMs(0));
    }
}
