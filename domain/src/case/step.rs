use super::Rung;
use super::any_step::AnyStep;
use crate::hash::Sha256;
use crate::ids::EntryId;
use crate::register::{Day, DeadlineClass, DivisionId, PersonId, UnitId};
use serde::{Deserialize, Serialize};

/// One step of a case; the fields of an entry of kind `step`. **\[wire\]**
///
/// The words are those of the 河长制 offices. Who may do what is decided by
/// [`may`](crate::access::may); whether it takes effect by [`Case::judge`](super::Case::judge).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case", try_from = "AnyStep")]
pub enum Step {
    /// 受理: it is ours to deal with.
    Accept {
        /// How soon; from the catalogue unless the desk says otherwise.
        class: DeadlineClass,
        /// Free words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// 不予受理, with the reason that the reporter reads.
    Reject {
        /// Why.
        reason: String,
    },
    /// 交办: to the unit that must put it right, with one due date for all.
    HandOver {
        /// 责任单位（牵头）.
        lead: UnitId,
        /// 配合单位.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        assisting: Vec<UnitId>,
        /// 承办人, if one is named already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignee: Option<PersonId>,
        /// The last day.
        due: Day,
        /// What is asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        demand: Option<String>,
    },
    /// 签收, by each unit for itself.
    Sign {
        /// Which.
        unit: UnitId,
    },
    /// 退回（非本单位职责）.
    Return {
        /// Which unit gives it back.
        unit: UnitId,
        /// Why.
        reason: String,
    },
    /// 整改进展.
    Progress {
        /// Which unit reports.
        unit: UnitId,
        /// What was done.
        text: String,
        /// Originals that show it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        photos: Vec<Sha256>,
    },
    /// 申请销号: put right, with photos of it. This is 办结, not yet 销号.
    ApplyClosure {
        /// Which unit applies: the lead.
        unit: UnitId,
        /// What was done.
        text: String,
        /// Originals taken after.
        after: Vec<Sha256>,
    },
    /// 复核通过，销号.
    Close {
        /// Free words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// 退回重办: not put right.
    Redo {
        /// What is missing.
        reason: String,
        /// A new last day; the old one stands without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
    },
    /// 上报: beyond what this level can do.
    Escalate {
        /// To the desk of which division.
        to: DivisionId,
        /// Why.
        reason: String,
    },
    /// 催办.
    Urge {
        /// Which unit.
        unit: UnitId,
        /// What is asked.
        text: String,
    },
    /// 催办回复.
    Answer {
        /// The urging that is answered.
        urge: EntryId,
        /// Which unit answers.
        unit: UnitId,
        /// What it says.
        text: String,
    },
    /// 延期申请.
    AskExtension {
        /// Which unit asks.
        unit: UnitId,
        /// Until when.
        due: Day,
        /// Why.
        reason: String,
    },
    /// 延期审批; the author is the approver. The first date stays visible.
    DecideExtension {
        /// The request.
        of: EntryId,
        /// Whether it is granted.
        granted: bool,
        /// Free words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// 纳入13710督办, or out of it again.
    Ladder {
        /// In or out.
        on: bool,
        /// Who approved it: somebody who may decide about the case.
        approver: PersonId,
        /// The days that are promised with it, by the calendar of the county.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rungs: Vec<Rung>,
        /// Free words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// 撤回, by the author before anybody took it up.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl Step {
    /// The word on the wire.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accept { .. } => "accept",
            Self::Reject { .. } => "reject",
            Self::HandOver { .. } => "hand_over",
            Self::Sign { .. } => "sign",
            Self::Return { .. } => "return",
            Self::Progress { .. } => "progress",
            Self::ApplyClosure { .. } => "apply_closure",
            Self::Close { .. } => "close",
            Self::Redo { .. } => "redo",
            Self::Escalate { .. } => "escalate",
            Self::Urge { .. } => "urge",
            Self::Answer { .. } => "answer",
            Self::AskExtension { .. } => "ask_extension",
            Self::DecideExtension { .. } => "decide_extension",
            Self::Ladder { .. } => "ladder",
            Self::Withdraw { .. } => "withdraw",
        }
    }

    /// The unit in whose name it is made; `None` for steps of the desk and of the author.
    pub const fn unit(&self) -> Option<&UnitId> {
        match self {
            Self::Sign { unit }
            | Self::Return { unit, .. }
            | Self::Progress { unit, .. }
            | Self::ApplyClosure { unit, .. }
            | Self::Answer { unit, .. }
            | Self::AskExtension { unit, .. } => Some(unit),
            _ => None,
        }
    }

    /// Free words of the step.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Accept { note, .. }
            | Self::Close { note }
            | Self::Ladder { note, .. }
            | Self::DecideExtension { note, .. } => note.as_deref(),
            Self::HandOver { demand, .. } => demand.as_deref(),
            Self::Reject { reason }
            | Self::Return { reason, .. }
            | Self::Redo { reason, .. }
            | Self::Escalate { reason, .. }
            | Self::AskExtension { reason, .. }
            | Self::Withdraw { reason } => Some(reason),
            Self::Progress { text, .. }
            | Self::ApplyClosure { text, .. }
            | Self::Urge { text, .. }
            | Self::Answer { text, .. } => Some(text),
            Self::Sign { .. } => None,
        }
    }

    /// Persons that it names besides its author.
    pub fn persons(&self) -> impl Iterator<Item = &PersonId> {
        let named = match self {
            Self::HandOver { assignee, .. } => assignee.as_ref(),
            Self::Ladder { approver, .. } => Some(approver),
            _ => None,
        };
        named.into_iter()
    }

    /// Originals that the step brings along.
    pub fn photos(&self) -> &[Sha256] {
        match self {
            Self::Progress { photos, .. } => photos,
            Self::ApplyClosure { after, .. } => after,
            _ => &[],
        }
    }
}
