//! Random bytes and the ids made of them.

use super::clock;
use domain::ids::{BootId, DeviceId, DraftId, LogId};
use uuid::{Builder, Uuid};

/// Random bytes from the browser's generator for keys.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut raw = [0; N];
    let crypto = web_sys::window().and_then(|w| w.crypto().ok());
    if let Some(crypto) = crypto {
        // Fails only above 65,536 bytes.
        let _ = crypto.get_random_values_with_u8_array(&mut raw);
    }
    raw
}

/// Fills a long stretch, piece by piece: the browser gives at most 65,536 bytes at once.
pub fn fill(bytes: &mut [u8]) {
    let crypto = web_sys::window().and_then(|w| w.crypto().ok());
    for piece in bytes.chunks_mut(65_536) {
        if let Some(crypto) = &crypto {
            let _ = crypto.get_random_values_with_u8_array(piece);
        }
    }
}

/// A new id for a draft, which becomes the id of its entry.
pub fn draft_id() -> DraftId {
    let millis = u64::try_from(clock::wall().0).unwrap_or(0);
    let id: Uuid = Builder::from_unix_timestamp_millis(millis, &bytes()).into_uuid();
    DraftId::new(id)
}

/// A new id for a log.
pub fn log_id() -> LogId {
    LogId::new(bytes())
}

/// A new id for an installation.
pub fn device_id() -> DeviceId {
    DeviceId::new(bytes())
}

/// A new id for this start of the page.
pub fn boot_id() -> BootId {
    BootId::new(bytes())
}

/// 16 random bytes, hex: the salt of a body.
pub fn hex() -> String {
    LogId::new(bytes()).to_string()
}
