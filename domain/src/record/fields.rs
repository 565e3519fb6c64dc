use super::{Cleanup, Comment, Finding, Outcome, ProblemCode};
use crate::entry::Kind;
use crate::hash::Sha256;
use serde::{Deserialize, de::Error as _};
use serde_json::Value;

/// The fields of the kinds that this version understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fields {
    /// 垃圾清理
    Cleanup(Cleanup),
    /// 问题
    Finding(Finding),
    /// A remark.
    Comment(Comment),
}

impl Fields {
    /// Reads `value` as the fields of `kind`.
    pub fn read(kind: &Kind, value: &Value) -> Result<Self, serde_json::Error> {
        Ok(match kind {
            Kind::Cleanup => Self::Cleanup(Cleanup::deserialize(value)?),
            Kind::Finding => Self::Finding(Finding::deserialize(value)?),
            Kind::Comment => Self::Comment(Comment::deserialize(value)?),
            Kind::Other(word) => {
                return Err(serde_json::Error::custom(format!(
                    "kind {word:?} is not known"
                )));
            }
        })
    }

    /// As they go into a body.
    pub fn to_value(&self) -> Result<Value, serde_json::Error> {
        match self {
            Self::Cleanup(fields) => serde_json::to_value(fields),
            Self::Finding(fields) => serde_json::to_value(fields),
            Self::Comment(fields) => serde_json::to_value(fields),
        }
    }

    /// The kind these are fields of.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Cleanup(_) => Kind::Cleanup,
            Self::Finding(_) => Kind::Finding,
            Self::Comment(_) => Kind::Comment,
        }
    }

    /// The catalogue code of a report.
    pub const fn problem(&self) -> Option<&ProblemCode> {
        match self {
            Self::Cleanup(c) => Some(&c.rubbish),
            Self::Finding(f) => Some(&f.problem),
            Self::Comment(_) => None,
        }
    }

    /// What became of a report on the spot.
    pub const fn outcome(&self) -> Option<&Outcome> {
        match self {
            Self::Cleanup(c) => Some(&c.outcome),
            Self::Finding(f) => Some(&f.outcome),
            Self::Comment(_) => None,
        }
    }

    /// The free words of a report or comment.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Cleanup(c) => c.note.as_deref(),
            Self::Finding(f) => f.note.as_deref(),
            Self::Comment(c) => Some(&c.text),
        }
    }

    /// Originals that show the state before (or as found).
    pub fn before(&self) -> &[Sha256] {
        match self {
            Self::Cleanup(c) => &c.before,
            Self::Finding(f) => &f.photos,
            Self::Comment(c) => &c.photos,
        }
    }

    /// Originals that show the state after.
    pub fn after(&self) -> &[Sha256] {
        match self {
            Self::Cleanup(c) => &c.after,
            Self::Finding(f) => &f.after,
            Self::Comment(_) => &[],
        }
    }
}
