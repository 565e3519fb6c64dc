//! The server's clock: the only place that reads it.

use domain::time::WallMs;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, by the operating system.
pub fn now() -> WallMs {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    WallMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
