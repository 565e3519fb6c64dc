use crate::time::WallMs;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A calendar day, `YYYY-MM-DD` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day {
    // Declared in this order so that the derived order is the calendar's.
    year: u16,
    month: u8,
    of_month: u8,
}

/// A text that is no day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a day written as YYYY-MM-DD: {0:?}")]
pub struct BadDay(String);

const DAY_MS: i64 = 86_400_000;
/// China has used one offset without summer time since 1992.
const CHINA_OFFSET_MS: i64 = 8 * 3_600_000;

impl Day {
    /// The day, if the calendar has it; years 1 to 9999.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let known = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        known.then_some(Self {
            year,
            month,
            of_month: day,
        })
    }

    /// The day on a wall in China at this instant; `None` outside the years 1 to 9999.
    pub fn in_china(at: WallMs) -> Option<Self> {
        Self::of_number(at.0.checked_add(CHINA_OFFSET_MS)?.div_euclid(DAY_MS))
    }

    /// The year.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// Saturday or Sunday.
    pub fn is_weekend(self) -> bool {
        // 1970-01-01 was a Thursday, three days after a Monday.
        (self.number() + 3).rem_euclid(7) >= 5
    }

    /// When the day begins in China.
    pub fn begins(self) -> WallMs {
        WallMs(self.number() * DAY_MS - CHINA_OFFSET_MS)
    }

    /// So many days later, or earlier; `None` outside the years 1 to 9999.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        Self::of_number(self.number().checked_add(days)?)
    }

    /// The same day of the next month, or its last one; `None` after the year 9999.
    pub fn plus_month(self) -> Option<Self> {
        let (year, month) = match self.month {
            12 => (self.year.checked_add(1)?, 1),
            month => (self.year, month + 1),
        };
        Self::new(year, month, self.of_month.min(days_in(year, month)))
    }

    /// The first and the last day of the reporting period that holds this day: 上月26日 to
    /// 本月25日 (4-domain, *Ledgers*); `None` beyond the calendar.
    pub fn period_of_the_25th(self) -> Option<(Self, Self)> {
        let month = if self.of_month <= 25 {
            self
        } else {
            Self {
                of_month: 25,
                ..self
            }
            .plus_month()?
        };
        let to = Self {
            of_month: 25,
            ..month
        };
        let first = Self { of_month: 1, ..to };
        let from = Self {
            of_month: 26,
            ..first.plus_days(-1)?
        };
        Some((from, to))
    }

    /// The first and the last day of its month.
    pub const fn month(self) -> (Self, Self) {
        let last = days_in(self.year, self.month);
        (
            Self {
                of_month: 1,
                ..self
            },
            Self {
                of_month: last,
                ..self
            },
        )
    }

    /// How many days from this day to `later`; negative if that lies before.
    pub fn days_until(self, later: Self) -> i64 {
        later.number() - self.number()
    }

    /// Days since 1970-01-01; the inverse of [`Day::of_number`].
    fn number(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.of_month));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let from_march = (month + 9) % 12;
        let of_year = (153 * from_march + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    fn of_number(days: i64) -> Option<Self> {
        // Days since 0000-03-01, counted in eras of 400 years so that leap days fall at the end
        // (H. Hinnant, "chrono-compatible low-level date algorithms").
        let shifted = days.checked_add(719_468)?;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self::new(
            u16::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(day).ok()?,
        )
    }
}

const fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl FromStr for Day {
    type Err = BadDay;
    fn from_str(text: &str) -> Result<Self, BadDay> {
        let bad = || BadDay(text.chars().take(16).collect());
        let bytes = text.as_bytes();
        let plain = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| match i {
                4 | 7 => *b == b'-',
                _ => b.is_ascii_digit(),
            });
        if !plain {
            return Err(bad());
        }
        let (year, month, day) = (text[..4].parse(), text[5..7].parse(), text[8..].parse());
        match (year, month, day) {
            (Ok(y), Ok(m), Ok(d)) => Self::new(y, m, d).ok_or_else(bad),
            _ => Err(bad()),
        }
    }
}

impl TryFrom<String> for Day {
    type Error = BadDay;
    fn try_from(text: String) -> Result<Self, BadDay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.of_month)
    }
}

/// From which day to which something holds; both days belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Term {
    /// First day.
    pub from: Day,
    /// Last day; open if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
}

impl Term {
    /// Whether it holds on `day`.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// Whether its last day lies before its first.
    pub fn is_reversed(&self) -> bool {
        self.to.is_some_and(|to| to < self.from)
    }

    /// Whether some day belongs to both.
    pub fn overlaps(&self, other: &Self) -> bool {
        other.to.is_none_or(|to| self.from <= to) && self.to.is_none_or(|to| other.from <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn only_days_of_the_calendar_are_read() {
        for good in ["2024-02-29", "2000-02-29", "2026-12-31", "0001-01-01"] {
            assert_eq!(day(good).to_string(), good);
        }
        for bad in [
            "2023-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "0000-01-01",
            "2026-4-01",
            "2026-04-01T00:00",
            "+026-04-01",
            "２０２６-04-01",
            "",
        ] {
            assert!(bad.parse::<Day>().is_err(), "{bad} was read");
        }
    }

    #[test]
    fn the_day_in_china_turns_at_sixteen_hours_utc() {
        for (ms, want) in [
            (0, "1970-01-01"),
            (1_709_135_999_999, "2024-02-28"),
            (1_709_136_000_000, "2024-02-29"),
            (1_709_222_400_000, "2024-03-01"),
            (-28_800_001, "1969-12-31"),
        ] {
            assert_eq!(Day::in_china(WallMs(ms)).unwrap().to_string(), want);
        }
        assert_eq!(Day::in_china(WallMs(i64::MAX)), None);
        assert_eq!(Day::in_china(WallMs(i64::MIN)), None);
    }

    #[test]
    fn a_day_begins_at_its_own_midnight_and_days_add_up() {
        for text in [
            "1970-01-01",
            "2024-02-29",
            "2026-12-31",
            "1900-03-01",
            "9999-12-31",
        ] {
            let begins = day(text).begins();
            assert_eq!(Day::in_china(begins).unwrap(), day(text));
            assert_eq!(
                Day::in_china(WallMs(begins.0 - 1)),
                day(text).plus_days(-1),
                "{text}"
            );
        }
        assert_eq!(day("2024-02-28").plus_days(2), Some(day("2024-03-01")));
        assert_eq!(day("9999-12-31").plus_days(1), None);
        assert_eq!(day("2026-01-01").plus_days(i64::MAX), None);
    }

    #[test]
    fn a_period_ends_on_the_25th() {
        for (today, from, to) in [
            ("2026-11-24", "2026-10-26", "2026-11-25"),
            ("2026-11-25", "2026-10-26", "2026-11-25"),
            ("2026-11-26", "2026-11-26", "2026-12-25"),
            ("2026-12-31", "2026-12-26", "2027-01-25"),
            ("2026-01-31", "2026-01-26", "2026-02-25"),
            ("2026-03-01", "2026-02-26", "2026-03-25"),
        ] {
            let period = day(today).period_of_the_25th();
            assert_eq!(period, Some((day(from), day(to))), "{today}");
        }
        assert_eq!(day("9999-12-31").period_of_the_25th(), None);
    }

    #[test]
    fn both_ends_of_a_term_belong_to_it() {
        let term = Term {
            from: day("2026-01-10"),
            to: Some(day("2026-01-20")),
        };
        for (on, holds) in [
            ("2026-01-09", false),
            ("2026-01-10", true),
            ("2026-01-20", true),
            ("2026-01-21", false),
        ] {
            assert_eq!(term.holds_on(day(on)), holds, "{on}");
        }
        let open = Term {
            from: day("2026-01-20"),
            to: None,
        };
        assert!(open.holds_on(day("9999-12-31")));
        assert!(term.overlaps(&open) && open.overlaps(&term));
        let later = Term {
            from: day("2026-01-21"),
            to: None,
        };
        assert!(!term.overlaps(&later) && !later.overlaps(&term));
    }
}
