use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// 不予计次, or taking that back: what a supervisor rules about a patrol. The last one by the
/// server's order holds. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Whether the patrol counts.
    pub counts: bool,
    /// Why, for its author to read. A ruling without a reason is none.
    #[serde(deserialize_with = "given")]
    pub reason: String,
}

impl Ruling {
    /// The longest reason, characters.
    pub const MAX_CHARS: usize = 500;

    /// A ruling from what was typed; `None` without a reason, or if it is too long.
    pub fn read(counts: bool, typed: &str) -> Option<Self> {
        let reason = typed.trim();
        let fits = (1..=Self::MAX_CHARS).contains(&reason.chars().count());
        fits.then(|| Self {
            counts,
            reason: reason.to_owned(),
        })
    }
}

fn given<'de, D: Deserializer<'de>>(d: D) -> Result<String, D::Error> {
    let reason = String::deserialize(d)?;
    if reason.trim().is_empty() {
        return Err(D::Error::custom("a ruling without a reason"));
    }
    Ok(reason)
}
