use super::{Ladder, Stage, Step, Verdict};
use crate::hash::Sha256;
use crate::ids::{EntryId, RecordId};
use crate::record::Record;
use crate::register::{Day, DeadlineClass, DivisionId, PersonId, PostId, UnitId};
use crate::time::WallMs;
use std::collections::BTreeSet;

/// 问题: a report with everything that was done about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The report that opened it.
    pub record_id: RecordId,
    /// Who reported it.
    pub reporter: PersonId,
    /// Where it stands.
    pub stage: Stage,
    /// How soon, once accepted.
    pub class: Option<DeadlineClass>,
    /// Who works on it, the lead first.
    pub duties: Vec<Duty>,
    /// The first handing over: from here the overall clock runs, whoever has it later.
    pub begun: Option<WallMs>,
    /// The last day, once handed over.
    pub due: Option<Due>,
    /// A request for more time that nobody decided yet.
    pub asked: Option<Asked>,
    /// The 13710 ladder, while it is on.
    pub ladder: Option<Ladder>,
    /// Urgings without an answer.
    pub urged: Vec<Urged>,
    /// The desk to which it was sent up.
    pub escalated: Option<DivisionId>,
    /// Every unit it was ever handed to: they go on seeing it.
    pub units: BTreeSet<UnitId>,
    /// Every step in the order received, with what became of it.
    pub steps: Vec<Taken>,
    /// Entries that a step may name as the last one its author knew, in their order.
    pub(super) order: Vec<EntryId>,
    /// Every entry of the record that was told, with effect or without.
    pub(super) known: BTreeSet<EntryId>,
    /// Since which place of `order` the present duties hold: a step whose author knew less is
    /// out of date.
    pub(super) turn: usize,
}

/// A unit's part in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Which unit.
    pub unit: UnitId,
    /// 牵头, else 配合.
    pub lead: bool,
    /// 承办人.
    pub assignee: Option<PersonId>,
    /// When it was handed over.
    pub handed: WallMs,
    /// When it signed.
    pub signed: Option<WallMs>,
    /// How often it reported progress.
    pub reports: u32,
}

/// The last day of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// As first set.
    pub first: Day,
    /// As it holds now.
    pub now: Day,
}

/// A request for more time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The request.
    pub entry_id: EntryId,
    /// Which unit.
    pub unit: UnitId,
    /// Until when.
    pub due: Day,
}

/// An urging that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urged {
    /// The urging.
    pub entry_id: EntryId,
    /// Which unit.
    pub unit: UnitId,
}

/// A step with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The entry.
    pub entry_id: EntryId,
    /// Who made it.
    pub author: PersonId,
    /// The post acted under.
    pub post: Option<PostId>,
    /// When, by the best clock of the device.
    pub at: WallMs,
    /// The server's clock; `None` while it waits on this phone.
    pub received: Option<WallMs>,
    /// The step.
    pub step: Step,
    /// What became of it.
    pub verdict: Verdict,
}

impl Case {
    /// The case of a report before any step.
    pub(super) fn opened(record: &Record) -> Self {
        Self {
            record_id: record.record_id,
            reporter: record.author.clone(),
            stage: Stage::OnSpot,
            class: None,
            duties: Vec::new(),
            begun: None,
            due: None,
            asked: None,
            ladder: None,
            urged: Vec::new(),
            escalated: None,
            units: BTreeSet::new(),
            steps: Vec::new(),
            order: Vec::new(),
            known: BTreeSet::new(),
            turn: 0,
        }
    }

    /// The lead unit's part.
    pub fn lead(&self) -> Option<&Duty> {
        self.duties.iter().find(|d| d.lead)
    }

    /// A unit's part.
    pub fn duty(&self, unit: &UnitId) -> Option<&Duty> {
        self.duties.iter().find(|d| d.unit == *unit)
    }

    /// What a new step names as its basis: the last entry that its author saw or made.
    pub fn basis(&self) -> Option<EntryId> {
        self.order.last().copied()
    }

    /// Photos taken after, of the newest application for closure that counts.
    pub fn after_photos(&self) -> &[Sha256] {
        let mut newest_first = self.steps.iter().rev();
        let found = newest_first.find_map(|t| match &t.step {
            Step::ApplyClosure { after, .. } if t.verdict.counts() => Some(after.as_slice()),
            _ => None,
        });
        found.unwrap_or_default()
    }
}
