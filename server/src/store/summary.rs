//! A record's line in lists, folded from its entries by the code that the phone runs too.

use super::plan::{KeptEntry, KnownRecord};
use domain::ids::RecordId;
use domain::record::{self, Record};
use domain::time::WallMs;

/// The longest excerpt of a record's words, characters.
const EXCERPT_CHARS: usize = 120;

/// What lists and filters read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) kind: String,
    pub(crate) problem: Option<String>,
    pub(crate) outcome: Option<String>,
    pub(crate) author: String,
    pub(crate) recorded_ms: WallMs,
    pub(crate) received_ms: WallMs,
    pub(crate) comments: usize,
    pub(crate) versions: usize,
    pub(crate) quarantined: bool,
    pub(crate) words: Option<String>,
    pub(crate) blobs_named: usize,
}

impl Summary {
    /// `None` while the entry that begins the record is missing.
    pub(crate) fn of(id: RecordId, record: &KnownRecord) -> Option<Self> {
        let is_first = |kept: &&KeptEntry| kept.entry.header().entry_id.as_record() == id;
        let first = record.entries.iter().find(is_first)?;
        // What somebody must look at first does not count yet, but for the entry that the record
        // cannot be shown without.
        let counted = record
            .entries
            .iter()
            .filter(|k| !k.quarantined || is_first(k));
        let folded = record::fold(id, counted.map(|k| &k.entry));
        let current = folded.as_ref().and_then(Record::current).map(|v| &v.fields);
        let begun = folded.as_ref().and_then(|r| r.versions.first());
        let header = first.entry.header();
        Some(Self {
            kind: header.kind.as_str().to_owned(),
            problem: current.and_then(|f| f.problem()).map(|p| p.0.clone()),
            outcome: current
                .and_then(|f| f.outcome())
                .map(|o| o.as_str().to_owned()),
            author: header.author.to_string(),
            recorded_ms: begun.map_or(first.received_ms, |v| v.body.clock.best()),
            received_ms: first.received_ms,
            comments: folded.as_ref().map_or(0, |r| r.remarks.len()),
            versions: folded.as_ref().map_or(0, |r| r.versions.len()),
            quarantined: record.entries.iter().any(|k| k.quarantined),
            words: current
                .and_then(|f| f.words())
                .map(|w| w.chars().take(EXCERPT_CHARS).collect()),
            blobs_named: record
                .entries
                .iter()
                .map(|k| k.entry.header().blobs.len())
                .sum(),
        })
    }
}
