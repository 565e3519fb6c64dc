use super::{Day, DivisionId, Term};
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// Days that are looked through: no term is longer, and a date mistyped as 9026 is none.
const LONGEST: i64 = 400;

/// How a county counts the days of its cases. Configuration with a source: no notice says how
/// the days of 13710 are counted. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountingRule {
    /// For cases of this division and below, unless one below has its own.
    pub division: DivisionId,
    /// Which days count.
    pub days: CountedDays,
    /// What becomes of a last day on which nobody works.
    pub on_holiday: OnHoliday,
    /// From when to when it holds.
    #[serde(flatten)]
    pub term: Term,
    /// Where it comes from, in words.
    pub source: String,
}

open_words! {
    /// Which days count.
    CountedDays {
        /// 自然日
        Natural = "natural",
        /// 工作日
        Working = "working",
    }
}

open_words! {
    /// What becomes of a last day that falls on a holiday.
    OnHoliday {
        /// It stays.
        Kept = "kept",
        /// 顺延: the next working day.
        Moved = "moved",
    }
}

/// 放假调休 of one year, as the State Council publishes it each autumn. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayTable {
    /// The year.
    pub year: u16,
    /// Days off, also those that are weekends anyway.
    pub off: Vec<Holiday>,
    /// 调休上班: weekend days on which people work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub work: Vec<Day>,
    /// Number and date of the notice, in words. Desk only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// One holiday; both days belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// 国庆节
    pub name: String,
    /// First day off.
    pub from: Day,
    /// Last day off.
    pub to: Day,
}

/// How days are counted at one place. Pure: the same on desk, phone and server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Which days count.
    pub days: CountedDays,
    /// What becomes of a last day on which nobody works.
    pub on_holiday: OnHoliday,
    /// The tables that are known. A year without one has only its weekends.
    pub tables: Vec<HolidayTable>,
}

impl Default for Calendar {
    /// 自然日, kept where it falls: what holds unless a county says otherwise.
    fn default() -> Self {
        Self {
            days: CountedDays::Natural,
            on_holiday: OnHoliday::Kept,
            tables: Vec::new(),
        }
    }
}

impl HolidayTable {
    /// Without what only desks need.
    #[must_use]
    pub fn for_phone(&self) -> Self {
        Self {
            source: String::new(),
            ..self.clone()
        }
    }
}

impl Calendar {
    /// The calendar of a place: by the rule of the nearest division, if one is in force on `day`.
    /// `lineage` is the place and everything above it, nearest first.
    pub fn of<'a>(
        rules: &[CountingRule],
        tables: Vec<HolidayTable>,
        lineage: impl IntoIterator<Item = &'a DivisionId>,
        day: Day,
    ) -> Self {
        let lineage: Vec<_> = lineage.into_iter().collect();
        let near = |r: &CountingRule| lineage.iter().position(|id| **id == r.division);
        let in_force = rules.iter().filter(|r| r.term.holds_on(day));
        let nearest = in_force
            .filter_map(|r| Some((near(r)?, r)))
            .min_by_key(|(near, _)| *near);
        let mut calendar = Self {
            tables,
            ..Self::default()
        };
        if let Some((_, rule)) = nearest {
            calendar.days = rule.days.clone();
            calendar.on_holiday = rule.on_holiday.clone();
        }
        calendar
    }

    /// Whether only working days count.
    pub fn counts_working_days(&self) -> bool {
        self.days == CountedDays::Working
    }

    /// Whether nobody works on a day: a holiday, or a weekend that is not worked for one.
    pub fn is_off(&self, day: Day) -> bool {
        let mut work = self.tables.iter().flat_map(|t| &t.work);
        self.holiday(day).is_some() || (day.is_weekend() && !work.any(|w| *w == day))
    }

    /// What the day off is called; `None` for weekends and days of work.
    pub fn holiday(&self, day: Day) -> Option<&str> {
        let mut all = self.tables.iter().flat_map(|t| &t.off);
        let found = all.find(|h| h.from <= day && day <= h.to);
        found.map(|h| h.name.as_str())
    }

    /// So many days that count after `from`, whose own day is not one of them; `None` beyond the
    /// calendar.
    pub fn after(&self, from: Day, days: u16) -> Option<Day> {
        if !self.counts_working_days() {
            return self.settle(from.plus_days(i64::from(days))?);
        }
        let mut day = from;
        for _ in 0..days {
            day = self.next_working(day)?;
        }
        // None to count, say 立行立改: the day itself.
        self.settle(day)
    }

    /// The last day as it holds: where the county moves it, never a day off.
    pub fn settle(&self, day: Day) -> Option<Day> {
        if self.on_holiday == OnHoliday::Moved && self.is_off(day) {
            return self.next_working(day);
        }
        Some(day)
    }

    /// The last working day before `due`: the day of the reminder.
    pub fn reminder(&self, due: Day) -> Option<Day> {
        self.search(due, -1)
    }

    fn next_working(&self, day: Day) -> Option<Day> {
        self.search(day, 1)
    }

    /// The nearest working day in a direction. No table leaves out a whole year; one that does is
    /// no reason to count forever.
    fn search(&self, from: Day, step: i64) -> Option<Day> {
        let days = (1..=366).filter_map(|n| from.plus_days(n * step));
        days.into_iter().find(|day| !self.is_off(*day))
    }

    /// The days off after `from` up to `to`: those that a term of working days leaves out. At
    /// most of the next 400 days.
    pub fn days_off(&self, from: Day, to: Day) -> Vec<Day> {
        let length = from.days_until(to).min(LONGEST);
        let days = (1..=length).filter_map(|n| from.plus_days(n));
        days.filter(|day| self.is_off(*day)).collect()
    }

    /// The first years from `from` to `to` for which there is no table: of them only weekends are
    /// known.
    pub fn years_without_table(&self, from: Day, to: Day) -> Vec<u16> {
        let known = |year: &u16| self.tables.iter().any(|t| t.year == *year);
        let years = (from.year()..=to.year()).filter(|y| !known(y));
        years.take(2).collect()
    }
}
