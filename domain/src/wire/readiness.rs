use super::{ClosedLog, Room};
use crate::ids::{DeviceId, LogId};
use crate::register::{Day, PersonId};
use crate::time::WallMs;
use serde::{Deserialize, Serialize};

/// `GET /readiness?silent_days&skip`: 久未上传人员. Of the people for whom the caller's desk
/// answers, those whose phones were not heard for so long, the most urgent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// The server's clock.
    pub now_ms: WallMs,
    /// The server's day in China.
    pub today: Day,
    /// The last day of the period that the ledgers are for now: what comes later is 补报.
    pub closes: Day,
    /// People for whom the desk answers and who hold a post today that is not an office's, or of
    /// whose logs something is missing.
    pub all: u32,
    /// Those of them who were silent for that long: `people` are a page of these.
    pub total: u32,
    /// Those of `total` of whom something is missing.
    pub waiting: u32,
    /// Those of `total` who were never heard.
    pub never: u32,
    /// The first people of the page stand after so many.
    pub skip: u32,
    /// The page.
    pub people: Vec<PersonReadiness>,
}

/// A person, and what of theirs has not come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonReadiness {
    /// Who.
    pub person: PersonId,
    /// The person's name now.
    pub name: String,
    /// What the posts are called that they hold today.
    pub posts: Vec<String>,
    /// What the unit is called in which they work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Since when nothing was heard of the phone that matters; absent if nothing ever was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_since: Option<WallMs>,
    /// Something of theirs is known and not here.
    pub waiting: bool,
    /// Their phones, the longest silent of those of which something is missing first.
    pub phones: Vec<PhoneReadiness>,
}

/// One installation of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneReadiness {
    /// The installation.
    pub device: DeviceId,
    /// Entries of its logs that were announced, or follow from others, and are not here.
    pub missing: u64,
    /// Photos that it said it has and that did not come since.
    pub blobs: u32,
    /// What it said last; absent if it never announced itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<PhoneSaid>,
    /// Its logs: mostly one.
    pub logs: Vec<LogReadiness>,
}

/// What a phone said of itself when it was heard last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneSaid {
    /// When, by the server's clock.
    pub heard_ms: WallMs,
    /// Entries without a receipt. Most of them came right after.
    pub unsent: u32,
    /// Bytes of their texts.
    pub unsent_bytes: u64,
    /// When the oldest of these was saved, by the server's clock.
    pub oldest_ms: WallMs,
    /// Bytes of the photos without a receipt.
    pub blob_bytes: u64,
    /// Entries that it put aside because they were refused.
    pub parked: u32,
    /// The app.
    pub app_version: String,
    /// Whether the browser promised not to clear the store.
    pub persisted: bool,
    /// How full the store was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<Room>,
}

/// A log, as far as it is of interest where it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogReadiness {
    /// The log.
    pub log_id: LogId,
    /// Its last known place.
    pub announced: u64,
    /// Entries neither received nor refused among them, beyond what was closed.
    pub missing: u64,
    /// Where they are missing, at most the first 20 runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Run>,
    /// Two entries claim one place: the phone was set back to an older state.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forked: bool,
    /// Somebody said that the rest will never come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<ClosedLog>,
    /// What that person is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<String>,
}

/// Places of a log, both ends belonging to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The first.
    pub from: u64,
    /// The last.
    pub to: u64,
}
