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

impl Fault {
    /// A fault with its code alone.
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            detail: None,
            retry_after_s: None,
        }
    }
}
