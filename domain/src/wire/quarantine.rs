use super::{EntryView, RecordRow};
use crate::record::VettingRuling;
use serde::{Deserialize, Serialize};

/// `GET /quarantine?after`: 待核实. What was stored and does not count before somebody looked,
/// where the caller decides; the oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuarantineList {
    /// The page.
    pub rows: Vec<Doubtful>,
    /// To ask with for the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
    /// How many wait in all.
    pub total: u64,
}

/// An entry that waits, and its record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Doubtful {
    /// The record as in lists.
    pub row: RecordRow,
    /// The entry; `quarantine` says why it waits.
    pub entry: EntryView,
    /// Whether it can be accepted: it reads.
    pub readable: bool,
}

/// `POST /quarantine/{entry}`: what is ruled about it. Answered with the
/// [`Vetting`](crate::record::Vetting) that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vet {
    /// 采信 or 不予采信.
    pub ruling: VettingRuling,
    /// Why; 1 to 500 characters.
    pub reason: String,
}
