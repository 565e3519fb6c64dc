//! Reading steps: one flat shape for all of them. What serde makes of a tagged enum with sixteen
//! variants is eight times as large, and every phone would carry it.

use super::{Rung, Step};
use crate::hash::Sha256;
use crate::ids::EntryId;
use crate::register::{Day, DeadlineClass, DivisionId, PersonId, UnitId};
use serde::Deserialize;

/// Every field that any step has.
#[derive(Deserialize)]
pub(super) struct AnyStep {
    step: String,
    unit: Option<UnitId>,
    lead: Option<UnitId>,
    #[serde(default)]
    assisting: Vec<UnitId>,
    assignee: Option<PersonId>,
    approver: Option<PersonId>,
    class: Option<DeadlineClass>,
    due: Option<Day>,
    to: Option<DivisionId>,
    of: Option<EntryId>,
    urge: Option<EntryId>,
    granted: Option<bool>,
    on: Option<bool>,
    text: Option<String>,
    reason: Option<String>,
    note: Option<String>,
    demand: Option<String>,
    #[serde(default)]
    rungs: Vec<Rung>,
    #[serde(default)]
    photos: Vec<Sha256>,
    after: Option<Vec<Sha256>>,
}

/// A step that this version does not know, or one that lacks what it needs.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoStep {
    #[error("step {0:?} is not known")]
    Unknown(String),
    #[error("a step without {0}")]
    Lacks(&'static str),
}

fn need<T>(field: Option<T>, name: &'static str) -> Result<T, NoStep> {
    field.ok_or(NoStep::Lacks(name))
}

impl TryFrom<AnyStep> for Step {
    type Error = NoStep;

    fn try_from(any: AnyStep) -> Result<Self, NoStep> {
        let unit = || need(any.unit.clone(), "unit");
        let text = || need(any.text.clone(), "text");
        let reason = || need(any.reason.clone(), "reason");
        Ok(match any.step.as_str() {
            "accept" => Self::Accept {
                class: need(any.class, "class")?,
                note: any.note,
            },
            "reject" => Self::Reject { reason: reason()? },
            "hand_over" => Self::HandOver {
                lead: need(any.lead, "lead")?,
                assisting: any.assisting,
                assignee: any.assignee,
                due: need(any.due, "due")?,
                demand: any.demand,
            },
            "sign" => Self::Sign { unit: unit()? },
            "return" => Self::Return {
                unit: unit()?,
                reason: reason()?,
            },
            "progress" => Self::Progress {
                unit: unit()?,
                text: text()?,
                photos: any.photos,
            },
            "apply_closure" => Self::ApplyClosure {
                unit: unit()?,
                text: text()?,
                after: need(any.after, "after")?,
            },
            "close" => Self::Close { note: any.note },
            "redo" => Self::Redo {
                reason: reason()?,
                due: any.due,
            },
            "escalate" => Self::Escalate {
                to: need(any.to, "to")?,
                reason: reason()?,
            },
            "urge" => Self::Urge {
                unit: unit()?,
                text: text()?,
            },
            "answer" => Self::Answer {
                urge: need(any.urge, "urge")?,
                unit: unit()?,
                text: text()?,
            },
            "ask_extension" => Self::AskExtension {
                unit: unit()?,
                due: need(any.due, "due")?,
                reason: reason()?,
            },
            "decide_extension" => Self::DecideExtension {
                of: need(any.of, "of")?,
                granted: need(any.granted, "granted")?,
                note: any.note,
            },
            "ladder" => Self::Ladder {
                on: need(any.on, "on")?,
                approver: need(any.approver, "approver")?,
                rungs: any.rungs,
                note: any.note,
            },
            "withdraw" => Self::Withdraw { reason: reason()? },
            _ => return Err(NoStep::Unknown(any.step)),
        })
    }
}
