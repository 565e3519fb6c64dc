use crate::hash::Sha256;
use serde::{Deserialize, Serialize};

/// A remark on a record. Comments are a set: none replaces another. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// What is said; 1 to 2,000 characters.
    pub text: String,
    /// Photos that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Sha256>,
}

impl Comment {
    /// The longest comment, characters.
    pub const MAX_CHARS: usize = 2_000;

    /// A comment from what was typed; `None` if nothing remains or it is too long.
    pub fn read(typed: &str) -> Option<Self> {
        let text = typed.trim();
        let fits = (1..=Self::MAX_CHARS).contains(&text.chars().count());
        fits.then(|| Self {
            text: text.to_owned(),
            photos: Vec::new(),
        })
    }
}
