use super::Fields;
use crate::entry::CheckedEntry;
use crate::ids::EntryId;
use crate::register::PersonId;
use crate::words::open_words;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// 核实: what a supervisor ruled about an entry that was stored 待核实. It stands in the server's own
/// log, and the first one about an entry holds: what was decided is not decided again.
/// **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vetting {
    /// The entry, of the record that this one joins.
    pub entry: EntryId,
    /// What.
    pub ruling: VettingRuling,
    /// Why, for its author to read.
    #[serde(deserialize_with = "reason")]
    pub reason: String,
    /// Who ruled.
    pub by: PersonId,
}

open_words! {
    /// What becomes of an entry that somebody had to look at.
    VettingRuling {
        /// 采信: it counts like any other from here on.
        Accepted = "accepted",
        /// 不予采信: it stays as it is, and never counts.
        SetAside = "set_aside",
    }
}

impl Vetting {
    /// The longest reason, characters.
    pub const MAX_REASON: usize = 500;

    /// The words as a reason, if they are one.
    pub fn read_reason(words: &str) -> Option<String> {
        let words = words.trim();
        let fits = !words.is_empty() && words.chars().count() <= Self::MAX_REASON;
        fits.then(|| words.to_owned())
    }

    /// What an entry rules. Only the server writes it down: from anybody else it is nothing.
    pub fn of(entry: &CheckedEntry) -> Option<Self> {
        match entry.body() {
            Ok((_, Fields::Vetting(vetting))) if entry.header().is_servers() => Some(vetting),
            _ => None,
        }
    }
}

fn reason<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let words = String::deserialize(from)?;
    Vetting::read_reason(&words).ok_or_else(|| D::Error::custom("a reason of 1 to 500 characters"))
}
