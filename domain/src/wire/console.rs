use super::Spot;
use crate::case::{Stage, Verdict};
use crate::entry::{BlobRef, Entry};
use crate::hash::EntryHash;
use crate::ids::{EntryId, RecordId};
use crate::receipt::Receipt;
use crate::register::{Day, DivisionId, PersonId, ReachId, UnitId};
use crate::time::WallMs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `GET /records?…`: what a desk asks for. Every field narrows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordFilter {
    /// `cleanup`, `discharge`, `finding`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// This division and everything below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub division: Option<DivisionId>,
    /// Recorded for this reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reach: Option<ReachId>,
    /// By this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<PersonId>,
    /// Catalogue code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Outcome word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Only records whose photos have not all arrived (`false`), or have (`true`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete: Option<bool>,
    /// Only quarantined ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quarantined: Option<bool>,
    /// Received at or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_ms: Option<WallMs>,
    /// Received before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_ms: Option<WallMs>,
    /// Stages of the case, separated by commas.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub stage: String,
    /// Handed to this unit, now or before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Due before this day and not closed: with today, what is overdue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_before: Option<Day>,
    /// Sent up to a desk above (`true`), or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalated: Option<bool>,
    /// Words, a name, or a number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub search: String,
    /// Where the last page ended; opaque.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Rows wanted, 1–200; 50 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// One page of records, newest received first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPage {
    /// The rows.
    pub rows: Vec<RecordRow>,
    /// Ask again with `after` set to this for the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many match in all, as far as the server counts.
    pub total: u64,
    /// Whether there are more than that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beyond: bool,
}

/// One record in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRow {
    /// The record.
    pub record_id: RecordId,
    /// Its short number as shown to people: shard's number in the feed, e.g. `YJ-000118`.
    pub number: String,
    /// Kind word.
    pub kind: String,
    /// Catalogue code.
    pub problem: Option<String>,
    /// Outcome word.
    pub outcome: Option<String>,
    /// Who began it.
    pub author: PersonId,
    /// Their name now.
    pub author_name: String,
    /// Where it belongs.
    pub division: Option<DivisionId>,
    /// Where it belongs.
    pub reach: Option<ReachId>,
    /// Best device time of the first entry.
    pub recorded_ms: WallMs,
    /// The server's clock at the first entry.
    pub received_ms: WallMs,
    /// Blobs verified, and blobs named.
    pub blobs_held: u32,
    /// Blobs named by all entries.
    pub blobs_named: u32,
    /// Comments.
    pub comments: u32,
    /// Versions.
    pub versions: u32,
    /// Somebody must look.
    pub quarantined: bool,
    /// Free words, cut to 120 characters.
    pub words: Option<String>,
    /// The entry and index of a thumbnail, if one is held.
    pub thumb: Option<(EntryId, u32)>,
    /// Where it was made, if the device knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Spot>,
    /// Where its case stands.
    #[serde(default = "on_spot")]
    pub stage: Stage,
    /// 责任单位.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<UnitId>,
    /// 承办人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    /// Since when the 13710 ladder runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ladder: Option<Day>,
    /// Urgings without an answer.
    #[serde(default)]
    pub urged: u32,
    /// More time was asked for and nobody decided.
    #[serde(default)]
    pub asked: bool,
    /// The desk to which it was sent up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalated: Option<DivisionId>,
}

const fn on_spot() -> Stage {
    Stage::OnSpot
}

/// `GET /records/{id}`: everything about one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordView {
    /// As in the list.
    pub row: RecordRow,
    /// Every entry: reports and remarks in the order received, then steps in the order in which
    /// they count.
    pub entries: Vec<EntryView>,
}

/// One entry with what the server knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// The exact texts; the reader folds them with the same code as the phone. The body is empty
    /// after a purge.
    pub entry: Entry,
    /// Its hash.
    pub hash: EntryHash,
    /// The author's name now.
    pub author_name: String,
    /// What the post acted under is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_name: Option<String>,
    /// What persons are called whom a step names: 承办人, 批准人.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<PersonId, String>,
    /// The server's clock.
    pub received_ms: WallMs,
    /// The shard and number of its feed row.
    pub feed: Vec<(DivisionId, u64)>,
    /// Why somebody must look, if so.
    pub quarantine: Option<String>,
    /// What it does to its case, if it is a step that was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// An earlier entry of its log is missing.
    pub waiting: bool,
    /// Another entry has its place in the log.
    pub forked: bool,
    /// The receipt, re-issued.
    pub receipt: Receipt,
    /// Its blobs in the order of the header.
    pub blobs: Vec<BlobView>,
}

/// One blob and whether it is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobView {
    /// As in the header.
    pub blob: BlobRef,
    /// The server's clock when it was complete; absent while it is missing.
    pub held_ms: Option<WallMs>,
}
