use crate::case::Verdict;
use crate::entry::Entry;
use crate::feed::FeedOp;
use crate::ids::RecordId;
use crate::register::{DivisionId, PersonId};
use crate::time::WallMs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `GET /sync/pull?cursor`: what is new in the caller's phone scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullAnswer {
    /// In feed order per shard.
    pub rows: Vec<PulledRow>,
    /// To send next time; opaque.
    pub cursor: String,
    /// More is waiting.
    pub more: bool,
    /// The scope changed: forget everything received that is not named from here on, except
    /// your own.
    pub reset: bool,
    /// As in hello: a phone that never loses its connection hears of changes here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registers_version: Option<u64>,
    /// The epoch in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
}

/// One feed row as the phone sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PulledRow {
    /// The shard.
    pub shard: DivisionId,
    /// Its number in the shard.
    pub seq: u64,
    /// Put or leave.
    pub op: FeedOp,
    /// The record.
    pub record_id: RecordId,
    /// The entry; absent for `leave_scope`. After a purge its body is the empty text: read it
    /// with [`Entry::check_kept`], and show that the content was erased by law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
    /// The server's clock when it was received.
    pub received_ms: WallMs,
    /// Stored but waiting for somebody to look.
    #[serde(default)]
    pub quarantined: bool,
    /// The author's name now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_name: Option<String>,
    /// What the post acted under is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_name: Option<String>,
    /// What persons are called whom a step names: 承办人, 批准人.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<PersonId, String>,
    /// What a step does to its case, once it was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The place of a judged step among all of this server: steps of a case count in this order,
    /// whatever shard a row came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<u64>,
}
