use super::{Outcome, ProblemCode};
use crate::hash::Sha256;
use serde::{Deserialize, Serialize};

/// 问题: something seen on the bank. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which problem, by the catalogue.
    pub problem: ProblemCode,
    /// Originals of what was seen, in the order taken.
    pub photos: Vec<Sha256>,
    /// Originals taken after it was put right on the spot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Sha256>,
    /// Why there is no photo at all, if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_photo_reason: Option<String>,
    /// What became of it on the spot.
    pub outcome: Outcome,
    /// Free words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
