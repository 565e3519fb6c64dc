use crate::ids::{DeviceId, LogId};
use crate::register::PersonId;
use crate::time::WallMs;
use serde::{Deserialize, Serialize};

/// `GET /logs`: logs of which the server knows that something is missing, for the desk that sees
/// to it that their phones come in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogList {
    /// The longest silent first.
    pub logs: Vec<LogView>,
}

/// One person's log on one installation, and what of it has not come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogView {
    /// The log.
    pub log_id: LogId,
    /// Whose.
    pub person: PersonId,
    /// The person's name now.
    pub name: String,
    /// On which installation.
    pub device: DeviceId,
    /// Entries that the phone said it has, or that the newest received one follows.
    pub announced: u64,
    /// Entries neither received nor refused among them.
    pub missing: u64,
    /// Photos that the phone said it still has to send.
    pub blobs: u32,
    /// When the phone last announced itself; absent if it never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_ms: Option<WallMs>,
    /// Two entries claim one place: the phone was set back to an older state.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forked: bool,
    /// Somebody said that the rest will never come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<ClosedLog>,
}

/// `POST /logs/{id}/close`: what is missing of this log will never come (手机丢失, 数据被清).
/// Should it come after all, it is taken like anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseLog {
    /// Why; 1 to 500 characters.
    pub reason: String,
}

/// That a log was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedLog {
    /// By whom.
    pub by: PersonId,
    /// When, by the server's clock.
    pub at_ms: WallMs,
    /// Why.
    pub reason: String,
    /// Up to this place nothing is waited for any more.
    pub through: u64,
}
