use super::{Cleanup, Comment, Discharge, Finding, Outcome, ProblemCode, Purge};
use crate::case::Step;
use crate::entry::{Kind, RawFields};
use crate::hash::Sha256;
use crate::json;
use crate::patrol::{PatrolFinish, PatrolStart, Ruling, TrackPart};
use crate::register::OutfallId;
use serde::de::Error as _;

/// The fields of the kinds that this version understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fields {
    /// 垃圾清理
    Cleanup(Cleanup),
    /// 问题
    Finding(Finding),
    /// 疑似排污
    Discharge(Discharge),
    /// A remark.
    Comment(Comment),
    /// A step of a case.
    Step(Step),
    /// 开始巡河
    PatrolStart(PatrolStart),
    /// A stretch of a track.
    Track(TrackPart),
    /// 结束巡河
    PatrolFinish(PatrolFinish),
    /// 不予计次, or taking it back.
    Ruling(Ruling),
    /// 按规定删除
    Purge(Purge),
}

impl Fields {
    /// Reads `raw` as the fields of `kind`.
    pub fn read(kind: &Kind, raw: &RawFields) -> Result<Self, serde_json::Error> {
        let text = raw.text();
        Ok(match kind {
            Kind::Cleanup => Self::Cleanup(json::read_own(text)?),
            Kind::Finding => Self::Finding(json::read_own(text)?),
            Kind::Discharge => Self::Discharge(json::read_own(text)?),
            Kind::Comment => Self::Comment(json::read_own(text)?),
            Kind::Step => Self::Step(json::read_own(text)?),
            Kind::PatrolStart => Self::PatrolStart(json::read_own(text)?),
            Kind::Track => Self::Track(json::read_own(text)?),
            Kind::PatrolFinish => Self::PatrolFinish(json::read_own(text)?),
            Kind::Ruling => Self::Ruling(json::read_own(text)?),
            Kind::Purge => Self::Purge(json::read_own(text)?),
            Kind::Other(word) => {
                return Err(serde_json::Error::custom(format!(
                    "kind {word:?} is not known"
                )));
            }
        })
    }

    /// As they go into a body.
    pub fn write(&self) -> Result<RawFields, serde_json::Error> {
        match self {
            Self::Cleanup(fields) => RawFields::write(fields),
            Self::Finding(fields) => RawFields::write(fields),
            Self::Discharge(fields) => RawFields::write(fields),
            Self::Comment(fields) => RawFields::write(fields),
            Self::Step(fields) => RawFields::write(fields),
            Self::PatrolStart(fields) => RawFields::write(fields),
            Self::Track(fields) => RawFields::write(fields),
            Self::PatrolFinish(fields) => RawFields::write(fields),
            Self::Ruling(fields) => RawFields::write(fields),
            Self::Purge(fields) => RawFields::write(fields),
        }
    }

    /// The kind these are fields of.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Cleanup(_) => Kind::Cleanup,
            Self::Finding(_) => Kind::Finding,
            Self::Discharge(_) => Kind::Discharge,
            Self::Comment(_) => Kind::Comment,
            Self::Step(_) => Kind::Step,
            Self::PatrolStart(_) => Kind::PatrolStart,
            Self::Track(_) => Kind::Track,
            Self::PatrolFinish(_) => Kind::PatrolFinish,
            Self::Ruling(_) => Kind::Ruling,
            Self::Purge(_) => Kind::Purge,
        }
    }

    /// The catalogue code of a report.
    pub const fn problem(&self) -> Option<&ProblemCode> {
        match self {
            Self::Cleanup(c) => Some(&c.rubbish),
            Self::Finding(f) => Some(&f.problem),
            Self::Discharge(d) => Some(&d.problem),
            _ => None,
        }
    }

    /// The outfall that a report names.
    pub const fn outfall(&self) -> Option<&OutfallId> {
        match self {
            Self::Discharge(d) => d.signs.outfall.as_ref(),
            Self::Purge(p) => p.outfall.as_ref(),
            _ => None,
        }
    }

    /// What became of a report on the spot.
    pub const fn outcome(&self) -> Option<&Outcome> {
        match self {
            Self::Cleanup(c) => Some(&c.outcome),
            Self::Finding(f) => Some(&f.outcome),
            Self::Discharge(d) => Some(&d.outcome),
            _ => None,
        }
    }

    /// The free words of a report or comment.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Cleanup(c) => c.note.as_deref(),
            Self::Finding(f) => f.note.as_deref(),
            Self::Discharge(d) => d.note.as_deref(),
            Self::Comment(c) => Some(&c.text),
            Self::Step(s) => s.text(),
            Self::PatrolFinish(f) => f.note.as_deref().or(f.explanation.as_deref()),
            Self::Ruling(r) => Some(&r.reason),
            Self::Purge(p) => p.reason.as_deref(),
            Self::PatrolStart(_) | Self::Track(_) => None,
        }
    }

    /// Originals that show the state before (or as found).
    pub fn before(&self) -> &[Sha256] {
        match self {
            Self::Cleanup(c) => &c.before,
            Self::Finding(f) => &f.photos,
            Self::Discharge(d) => &d.photos,
            Self::Comment(c) => &c.photos,
            _ => &[],
        }
    }

    /// Originals that show the state after.
    pub fn after(&self) -> &[Sha256] {
        match self {
            Self::Cleanup(c) => &c.after,
            Self::Finding(f) => &f.after,
            Self::Discharge(d) => &d.after,
            Self::Step(s) => s.photos(),
            _ => &[],
        }
    }
}
