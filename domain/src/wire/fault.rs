use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success. The words for people live in the locale
/// files under `code`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Stable code, e.g. `not_signed_in`.
    pub code: String,
    /// For logs and developers, English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Seconds after which another try makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
}

/// Codes that say that a message was changed on the way: what was sent is not to blame.
const DAMAGED: [&str; 6] = [
    "body_cut_off",
    "body_hash_mismatch",
    "digest_mismatch",
    "gzip_unreadable",
    "json_duplicate_key",
    "json_unreadable",
];

impl Fault {
    /// A fault with its code alone.
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            detail: None,
            retry_after_s: None,
        }
    }

    /// Whether the code says that the message was changed on the way. The phone checked an entry
    /// before it saved it, so it goes again instead of into the tray.
    pub fn is_damage(code: &str) -> bool {
        DAMAGED.contains(&code)
    }
}
