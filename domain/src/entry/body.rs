use super::{Clock, Fix, Kind, Place};
use crate::hash::Sha256;
use crate::ids::{EntryId, RecordId};
use crate::json::{self, JsonError};
use crate::record::Fields;
use crate::register::{DivisionId, PersonId, PostId, ReachId};
use crate::time::WallMs;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What was recorded. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// 16 random bytes, hex: a body that was erased cannot be guessed back from its hash.
    pub salt: String,
    /// Version of the app that made it.
    pub app_version: String,
    /// Clock facts of the moment.
    pub clock: Clock,
    /// The reach, from the post: never from geocoding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<ReachId>,
    /// The division, from the post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<DivisionId>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Who else was there (联合巡河).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<Participant>,
    /// The last entry of the record that the author saw or made: for versions and workflow steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<EntryId>,
    /// The patrol on which a report was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patrol: Option<RecordId>,
    /// When and where each photo was taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captures: Vec<Capture>,
    /// The fields of the kind.
    pub fields: RawFields,
}

/// The fields of a kind as exact text. A parsed value would be written again in an order that
/// depends on how `serde_json` was built.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawFields(Box<RawValue>);

impl RawFields {
    /// Writes the fields of a kind.
    ///
    /// # Errors
    /// Only if a number in them cannot be written as JSON (not finite).
    pub fn write<T: Serialize>(fields: &T) -> Result<Self, serde_json::Error> {
        serde_json::value::to_raw_value(fields).map(Self)
    }

    /// The exact text.
    pub fn text(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for RawFields {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

/// Somebody who was there and confirms it with an entry of his own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// The person.
    pub person: PersonId,
    /// The post in which he was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostId>,
}

/// The shutter's own facts of one photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Capture {
    /// Which photo.
    pub sha256: Sha256,
    /// The device's wall clock when the bytes arrived.
    pub wall_ms: WallMs,
    /// The fix of that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// Why a body is stored but not understood. The entry is kept and quarantined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// The common part does not read.
    #[error("the body does not read: {0}")]
    Body(JsonError),
    /// The fields of the kind do not read.
    #[error("the fields of {kind:?} do not read: {why}")]
    Fields {
        /// The kind.
        kind: String,
        /// What the reader said.
        why: String,
    },
    /// There is none any more: it was erased by law.
    #[error("the body was erased")]
    Erased,
    /// The kind, or this version of it, is newer than this program.
    #[error("kind {kind:?} version {schema} is not known here")]
    Unknown {
        /// The kind.
        kind: String,
        /// Its version.
        schema: u16,
    },
}

impl Body {
    /// Reads the common part.
    pub fn read(text: &str) -> Result<Self, BodyError> {
        json::read(text).map_err(BodyError::Body)
    }

    /// Reads the fields of `kind`; newer versions are unknown rather than half understood.
    pub fn fields(&self, kind: &Kind, schema: u16) -> Result<Fields, BodyError> {
        if kind.schema() == 0 || schema == 0 || schema > kind.schema() {
            return Err(BodyError::Unknown {
                kind: kind.as_str().to_owned(),
                schema,
            });
        }
        Fields::read(kind, &self.fields).map_err(|e| BodyError::Fields {
            kind: kind.as_str().to_owned(),
            why: e.to_string(),
        })
    }
}
