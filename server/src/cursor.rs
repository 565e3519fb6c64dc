//! Where a phone's last pull ended: opaque to the phone, and ours alone to make, since one that
//! is ahead of the data is proof of a restored copy.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::register::DivisionId;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::BTreeMap;

/// Authenticates cursors.
#[derive(Clone)]
pub struct CursorKey([u8; 32]);

/// What a cursor says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The epoch it was made in.
    pub epoch: u64,
    /// The scope it was made for.
    pub scope: u64,
    /// How far each shard's feed was looked through.
    pub shards: BTreeMap<DivisionId, u64>,
}

const MARK_BYTES: usize = 16;

impl CursorKey {
    /// From a secret.
    pub const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    fn mac(&self, text: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(text);
        Some(mac)
    }

    /// As it travels.
    pub fn write(&self, cursor: &Cursor) -> Result<String, serde_json::Error> {
        let mut raw = serde_json::to_vec(cursor)?;
        let mark = self.mac(&raw).map(|m| m.finalize().into_bytes());
        raw.extend(mark.iter().flat_map(|m| &m[..MARK_BYTES]));
        Ok(URL_SAFE_NO_PAD.encode(raw))
    }

    /// What came; `None` if we did not make it.
    pub fn read(&self, text: &str) -> Option<Cursor> {
        let raw = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (said, mark) = raw.split_at_checked(raw.len().checked_sub(MARK_BYTES)?)?;
        self.mac(said)?.verify_truncated_left(mark).ok()?;
        serde_json::from_slice(said).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_cursors_are_read() {
        let key = CursorKey::new([1; 32]);
        let shards = [("yj".parse().unwrap(), 7)].into();
        let cursor = Cursor {
            epoch: 1,
            scope: 2,
            shards,
        };
        let text = key.write(&cursor).unwrap();
        assert_eq!(key.read(&text), Some(cursor));
        assert_eq!(CursorKey::new([2; 32]).read(&text), None);
        for bad in ["", "AAAA", "####", &text[1..], &format!("{text}AAAA")] {
            assert_eq!(key.read(bad), None, "{bad}");
        }
    }
}
