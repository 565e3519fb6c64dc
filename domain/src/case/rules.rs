use super::{Asked, Case, Due, Duty, Ladder, Stage, Step, Taken, Urged, Verdict};
use crate::ids::EntryId;
use crate::register::{Day, UnitId};
use crate::time::WallMs;

/// How long a unit may take to say that it is not its business, milliseconds.
const RETURN_WITHIN_MS: i64 = 24 * 3_600_000;

impl Case {
    /// What a step would do now. `basis` is the last entry that its author saw or made, `at` the
    /// best time of the device.
    ///
    /// Several steps made offline one after the other name each other as basis and so all hold;
    /// a step whose author did not know of the newest handing over, return or decision is out of
    /// date.
    pub fn judge(&self, step: &Step, basis: Option<EntryId>, at: WallMs) -> Verdict {
        if basis.is_some_and(|b| !self.known.contains(&b)) {
            return Verdict::Waiting;
        }
        let place = basis.and_then(|b| self.order.iter().position(|known| *known == b));
        let knew = place.is_some_and(|place| place >= self.turn);
        if !knew || !self.allows(step) {
            return Verdict::Stale;
        }
        if self.is_late(step, at) {
            Verdict::Late
        } else {
            Verdict::Applied
        }
    }

    /// Whether the step is possible where the case stands.
    pub fn allows(&self, step: &Step) -> bool {
        let on_duty = |unit: &UnitId| self.stage.is_with_units() && self.duty(unit).is_some();
        let leads = |unit: &UnitId| self.lead().is_some_and(|d| d.unit == *unit);
        match step {
            Step::Accept { .. } => matches!(self.stage, Stage::OnSpot | Stage::Registered),
            Step::Reject { .. } | Step::Withdraw { .. } => self.stage == Stage::Registered,
            Step::HandOver {
                lead, assisting, ..
            } => {
                let open = matches!(
                    self.stage,
                    Stage::Accepted | Stage::HandedOver | Stage::InHand
                );
                open && !assisting.contains(lead)
            }
            Step::Sign { unit } => {
                self.stage.is_with_units() && self.duty(unit).is_some_and(|d| d.signed.is_none())
            }
            Step::Return { unit, .. } => on_duty(unit) && self.stage != Stage::ClosureApplied,
            Step::Progress { unit, .. } | Step::Urge { unit, .. } => on_duty(unit),
            Step::ApplyClosure { unit, .. } => {
                leads(unit) && matches!(self.stage, Stage::HandedOver | Stage::InHand)
            }
            Step::Close { .. } | Step::Redo { .. } => self.stage == Stage::ClosureApplied,
            Step::Escalate { .. } => matches!(self.stage, Stage::Registered | Stage::Accepted),
            Step::Answer { urge, unit, .. } => self
                .urged
                .iter()
                .any(|u| u.entry_id == *urge && u.unit == *unit),
            Step::AskExtension { unit, due, .. } => {
                leads(unit)
                    && matches!(self.stage, Stage::HandedOver | Stage::InHand)
                    && self.asked.is_none()
                    && self.due.is_some_and(|d| *due > d.now)
            }
            Step::DecideExtension { of, .. } => {
                self.asked.as_ref().is_some_and(|a| a.entry_id == *of)
            }
            Step::Ladder { on, .. } => {
                let open = self.stage.is_open() && self.stage != Stage::Registered;
                open && *on != self.ladder.is_some()
            }
        }
    }

    fn is_late(&self, step: &Step, at: WallMs) -> bool {
        match step {
            Step::Return { unit, .. } => self
                .duty(unit)
                .is_some_and(|d| at.0.saturating_sub(d.handed.0) > RETURN_WITHIN_MS),
            Step::ApplyClosure { .. } => {
                let today = Day::in_china(at);
                self.due
                    .zip(today)
                    .is_some_and(|(due, today)| today > due.now)
            }
            _ => false,
        }
    }

    /// Takes a step with what became of it.
    pub(super) fn take(&mut self, taken: Taken) {
        if taken.verdict != Verdict::Waiting {
            self.known.insert(taken.entry_id);
        }
        if taken.verdict.counts() {
            self.order.push(taken.entry_id);
            self.apply(&taken);
        }
        self.steps.push(taken);
    }

    fn apply(&mut self, taken: &Taken) {
        let turns = match &taken.step {
            Step::Accept { class, .. } => {
                self.stage = Stage::Accepted;
                self.class = Some(class.clone());
                true
            }
            Step::Reject { .. } => self.end(Stage::Rejected),
            Step::Withdraw { .. } => self.end(Stage::Withdrawn),
            Step::Close { .. } => self.end(Stage::Closed),
            Step::HandOver { .. } => self.hand_over(taken),
            Step::Sign { unit } => self.sign(unit, taken.at),
            Step::Return { unit, .. } => self.give_back(unit),
            Step::Progress { unit, .. } => {
                self.sign(unit, taken.at);
                self.duties
                    .iter_mut()
                    .filter(|d| d.unit == *unit)
                    .for_each(|d| d.reports += 1);
                false
            }
            Step::ApplyClosure { unit, .. } => {
                self.sign(unit, taken.at);
                self.stage = Stage::ClosureApplied;
                false
            }
            Step::Redo { due, .. } => {
                self.stage = Stage::InHand;
                if let (Some(day), Some(standing)) = (due, &mut self.due) {
                    standing.now = *day;
                }
                true
            }
            Step::Escalate { to, .. } => {
                self.escalated = Some(to.clone());
                true
            }
            Step::Urge { unit, .. } => {
                self.urged.push(Urged {
                    entry_id: taken.entry_id,
                    unit: unit.clone(),
                });
                false
            }
            Step::Answer { urge, .. } => {
                self.urged.retain(|u| u.entry_id != *urge);
                false
            }
            Step::AskExtension { unit, due, .. } => {
                self.asked = Some(Asked {
                    entry_id: taken.entry_id,
                    unit: unit.clone(),
                    due: *due,
                });
                false
            }
            Step::DecideExtension { granted, .. } => {
                if let (Some(asked), Some(due), true) = (self.asked.take(), &mut self.due, granted)
                {
                    due.now = asked.due;
                }
                false
            }
            Step::Ladder {
                on,
                approver,
                rungs,
                ..
            } => {
                // The overall clock began with the first handing over, if there was one.
                let from = Day::in_china(self.begun.unwrap_or(taken.at)).filter(|_| *on);
                self.ladder = from.map(|from| Ladder::begun(from, rungs, approver));
                false
            }
        };
        if turns {
            self.turn = self.order.len() - 1;
        }
    }

    fn end(&mut self, stage: Stage) -> bool {
        self.stage = stage;
        self.asked = None;
        self.urged.clear();
        true
    }

    fn hand_over(&mut self, taken: &Taken) -> bool {
        let Step::HandOver {
            lead,
            assisting,
            assignee,
            due,
            ..
        } = &taken.step
        else {
            return false;
        };
        let duty = |unit: &UnitId, lead: bool| Duty {
            unit: unit.clone(),
            lead,
            assignee: assignee.clone().filter(|_| lead),
            handed: taken.at,
            signed: None,
            reports: 0,
        };
        // Each unit's clock starts at its own handing over; the overall one never restarts.
        self.duties = vec![duty(lead, true)];
        self.duties.extend(assisting.iter().map(|u| duty(u, false)));
        self.units
            .extend(self.duties.iter().map(|d| d.unit.clone()));
        self.begun = self.begun.or(Some(taken.at));
        let first = self.due.map_or(*due, |d| d.first);
        self.due = Some(Due { first, now: *due });
        self.asked = None;
        self.urged.clear();
        self.stage = Stage::HandedOver;
        true
    }

    fn sign(&mut self, unit: &UnitId, at: WallMs) -> bool {
        for duty in self.duties.iter_mut().filter(|d| d.unit == *unit) {
            duty.signed = duty.signed.or(Some(at));
        }
        if self.stage == Stage::HandedOver && self.lead().is_some_and(|d| d.signed.is_some()) {
            self.stage = Stage::InHand;
        }
        false
    }

    /// A unit that helps drops out; when the lead gives it back, it is to be handed over anew.
    fn give_back(&mut self, unit: &UnitId) -> bool {
        let led = self.lead().is_some_and(|d| d.unit == *unit);
        if led {
            self.duties.clear();
            self.stage = Stage::Accepted;
        } else {
            self.duties.retain(|d| d.unit != *unit);
        }
        self.urged.retain(|u| u.unit != *unit);
        led
    }
}
