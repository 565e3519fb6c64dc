use crate::time::WallMs;
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// Where something was recorded: the device's own fix (never EXIF) and words, both optional.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Place {
    /// The fix; absent with a reason in `no_fix`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_fix: Option<NoFix>,
    /// In words a villager would use: 村 + 桥/闸/排口 + 上/下游.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// A position, WGS-84. Conversion to a map's datum happens only to draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Radius of 68 % confidence, metres.
    pub accuracy_m: f64,
    /// Time of the fix by the position source.
    pub at_ms: WallMs,
    /// Age when the entry was made, milliseconds.
    pub age_ms: u64,
    /// Where it came from.
    pub source: FixSource,
}

open_words! {
    /// Where a fix came from.
    FixSource {
        /// The device's position service (satellites, network: the browser does not say which).
        Device = "device",
        /// Picked on a map, converted back to WGS-84.
        Picked = "picked",
    }
}

open_words! {
    /// Why an entry has no fix.
    NoFix {
        /// The person or the system refused.
        Denied = "denied",
        /// The device found none.
        Unavailable = "unavailable",
        /// None came in time.
        Timeout = "timeout",
        /// The browser cannot.
        Unsupported = "unsupported",
    }
}

impl Fix {
    /// Whether the numbers can be a place on Earth; a fix that is not makes the entry
    /// quarantined, never refused.
    pub fn is_on_earth(&self) -> bool {
        (-90.0..=90.0).contains(&self.lat)
            && (-180.0..=180.0).contains(&self.lon)
            && self.accuracy_m.is_finite()
            && self.accuracy_m >= 0.0
    }
}
