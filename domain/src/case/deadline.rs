//! Days of a case: one due date by its class, and the 13710 ladder where it was switched on. Both
//! are counted by the calendar of the county.

use crate::register::{Calendar, Day, DeadlineClass};
use crate::words::open_words;
use serde::{Deserialize, Serialize};

impl DeadlineClass {
    /// The last day for a case handed over on `from`; `None` where the class has no number of
    /// its own (a work order names its date). A month is a calendar month whatever days count.
    pub fn due(&self, from: Day, calendar: &Calendar) -> Option<Day> {
        match self {
            Self::AtOnce => calendar.settle(from),
            Self::ThreeDays => calendar.after(from, 3),
            Self::SevenDays => calendar.after(from, 7),
            Self::OneMonth => calendar.settle(from.plus_month()?),
            Self::WorkOrder | Self::Other(_) => None,
        }
    }
}

/// A rung of the 13710 ladder. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// What is due.
    pub mark: Mark,
    /// On which day, to its end.
    pub day: Day,
}

open_words! {
    /// What 13710 asks for. 0 is 销号, which has no day of its own.
    Mark {
        /// 1: 当日部署
        Arranged = "arranged",
        /// 3: 三日反馈
        FedBack = "fed_back",
        /// 7: 七日办结 (一般事项)
        Solved = "solved",
        /// 1: 一个月办结 (复杂事项)
        SolvedComplex = "solved_complex",
        /// 延期后每月反馈
        Monthly = "monthly",
    }
}

/// The ladder that begins on `from` (M28: 1 day, 3 days, 7 days, 1 calendar month). Rungs beyond
/// the calendar are left out.
pub fn ladder(from: Day, calendar: &Calendar) -> Vec<Rung> {
    let rungs = [
        (Mark::Arranged, DeadlineClass::AtOnce),
        (Mark::FedBack, DeadlineClass::ThreeDays),
        (Mark::Solved, DeadlineClass::SevenDays),
        (Mark::SolvedComplex, DeadlineClass::OneMonth),
    ];
    let rung = |(mark, class): (Mark, DeadlineClass)| {
        let day = class.due(from, calendar)?;
        Some(Rung { mark, day })
    };
    rungs.into_iter().filter_map(rung).collect()
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
