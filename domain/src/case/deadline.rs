//! Days of a case: one due date by its class, and the 13710 ladder where it was switched on.
//! Natural days in China; the working-day calendar of a county comes with its settings.

use crate::register::{Day, DeadlineClass};

impl DeadlineClass {
    /// The last day for a case handed over on `from`; `None` where the class has no number of
    /// its own (a work order names its date).
    pub fn due(&self, from: Day) -> Option<Day> {
        match self {
            Self::AtOnce => Some(from),
            Self::ThreeDays => from.plus_days(3),
            Self::SevenDays => from.plus_days(7),
            Self::OneMonth => from.plus_month(),
            Self::WorkOrder | Self::Other(_) => None,
        }
    }
}

/// A rung of the 13710 ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung {
    /// What is due.
    pub mark: Mark,
    /// On which day, to its end.
    pub day: Day,
}

/// What 13710 asks for. 0 is 销号, which has no day of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// 1: 当日部署
    Arranged,
    /// 3: 三日反馈
    FedBack,
    /// 7: 七日办结 (一般事项)
    Solved,
    /// 1: 一个月办结 (复杂事项)
    SolvedComplex,
}

/// The ladder that begins on `from` (M28: 1 day, 3 days, 7 days, 1 calendar month). Rungs beyond
/// the calendar are left out.
pub fn ladder(from: Day) -> Vec<Rung> {
    let rungs = [
        (Mark::Arranged, Some(from)),
        (Mark::FedBack, from.plus_days(3)),
        (Mark::Solved, from.plus_days(7)),
        (Mark::SolvedComplex, from.plus_month()),
    ];
    rungs
        .into_iter()
        .filter_map(|(mark, day)| Some(Rung { mark, day: day? }))
        .collect()
}

/// How a due date stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// So many days are left; 0 on the last one.
    Left(u32),
    /// So many days have passed since.
    Over(u32),
}

impl Standing {
    /// Of `due`, seen on `today`.
    pub fn of(due: Day, today: Day) -> Self {
        let days = today.days_until(due);
        let count = u32::try_from(days.unsigned_abs()).unwrap_or(u32::MAX);
        if days < 0 {
            Self::Over(count)
        } else {
            Self::Left(count)
        }
    }
}
