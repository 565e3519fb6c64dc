//! Where a case stands on its 13710 ladder.

use super::{Case, Mark, Rung, Stage, Step, ladder};
use crate::register::{Calendar, Day, PersonId};
use crate::time::WallMs;

/// More months of 每月反馈 are not drawn: nobody extends a case by two years.
const MONTHS: usize = 24;

/// The 13710 ladder of a case, while it is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    /// The day from which it runs: that of the first handing over.
    pub from: Day,
    /// Its days as they were promised when it was switched on: a calendar that changes later
    /// moves none of them.
    pub rungs: Vec<Rung>,
    /// Who approved it.
    pub approver: PersonId,
}

/// How a rung stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// What it asks for was done, on this day.
    Met(Day),
    /// Its day has passed.
    Passed,
    /// The next one, and in how many days; 0 is today.
    Next(u32),
    /// After the next one.
    Ahead,
}

impl Ladder {
    /// As a step switches it on. One that brings no days is from a time when all of them were
    /// counted as natural ones.
    pub(super) fn begun(from: Day, rungs: &[Rung], approver: &PersonId) -> Self {
        let rungs = if rungs.is_empty() {
            ladder(from, &Calendar::default())
        } else {
            rungs.to_vec()
        };
        Self {
            from,
            rungs,
            approver: approver.clone(),
        }
    }
}

impl Case {
    /// The rungs with how each stands today; empty while the ladder is off. An extension adds
    /// 每月反馈 between the last rung and the new date.
    pub fn rungs(&self, today: Day) -> Vec<(Rung, Reached)> {
        let Some(ladder) = &self.ladder else {
            return Vec::new();
        };
        let mut rungs = ladder.rungs.clone();
        rungs.extend(self.monthly(&ladder.rungs));
        let mut next = true;
        rungs
            .into_iter()
            .map(|rung| {
                let left = today.days_until(rung.day);
                let reached = match (self.met(&rung.mark), u32::try_from(left)) {
                    (Some(day), _) => Reached::Met(day),
                    (None, Err(_)) => Reached::Passed,
                    (None, Ok(left)) if std::mem::take(&mut next) => Reached::Next(left),
                    (None, Ok(_)) => Reached::Ahead,
                };
                (rung, reached)
            })
            .collect()
    }

    /// 每月反馈, from the last promised day to the extended one.
    fn monthly(&self, promised: &[Rung]) -> Vec<Rung> {
        let Some((last, due)) = promised.last().zip(self.due) else {
            return Vec::new();
        };
        let months = std::iter::successors(last.day.plus_month(), |day| day.plus_month());
        let within = months.take_while(|day| *day < due.now).take(MONTHS);
        let within = within.map(|day| Rung {
            mark: Mark::Monthly,
            day,
        });
        within.collect()
    }

    /// The day on which what a rung asks for was done.
    fn met(&self, mark: &Mark) -> Option<Day> {
        let counted = || self.steps.iter().filter(|t| t.verdict.counts());
        let at: Option<WallMs> = match mark {
            Mark::Arranged => self.begun,
            Mark::FedBack => counted()
                .find(|t| {
                    let told = matches!(t.step, Step::Progress { .. } | Step::Answer { .. });
                    told || matches!(t.step, Step::ApplyClosure { .. })
                })
                .map(|t| t.at),
            Mark::Solved | Mark::SolvedComplex => {
                let done = matches!(self.stage, Stage::ClosureApplied | Stage::Closed);
                let mut applied = counted().filter(|t| matches!(t.step, Step::ApplyClosure { .. }));
                applied.next_back().filter(|_| done).map(|t| t.at)
            }
            Mark::Monthly | Mark::Other(_) => None,
        };
        at.and_then(Day::in_china)
    }
}
