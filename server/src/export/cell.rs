use super::pictures::Pictures;
use domain::register::Day;
use domain::time::WallMs;

/// What stands in a cell. Numbers, days and times are such, so that Excel sums and sorts them.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// Words; never a formula, whatever they begin with.
    Text(String),
    /// A count or a measure; its unit stands in the heading.
    Number(f64),
    /// A day.
    Day(Day),
    /// A day with hour and minute, China.
    Time(WallMs),
    /// A small picture, or words why there is none.
    Pictures(Pictures),
}

impl Cell {
    pub(super) fn text(words: impl Into<String>) -> Self {
        let words = words.into();
        if words.is_empty() {
            return Self::Empty;
        }
        Self::Text(words)
    }

    /// What there is of several remarks.
    pub(super) fn texts(words: impl IntoIterator<Item = String>) -> Self {
        let words = words.into_iter().filter(|w| !w.is_empty());
        Self::text(words.collect::<Vec<_>>().join("；"))
    }

    pub(super) fn number(number: impl Into<f64>) -> Self {
        Self::Number(number.into())
    }

    pub(super) fn day(day: Option<Day>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }

    /// The day in China, without the hour.
    pub(super) fn day_of(at: Option<WallMs>) -> Self {
        Self::day(at.and_then(Day::in_china))
    }

    pub(super) fn time(at: Option<WallMs>) -> Self {
        at.map_or(Self::Empty, Self::Time)
    }
}

/// The first day that every program counts alike: Excel believes in 1900-02-29.
const FIRST_SERIAL: i32 = 61;

/// The day as Excel counts it; `None` before March 1900.
pub(super) fn day_serial(day: Day) -> Option<f64> {
    let zero = Day::new(1899, 12, 30)?;
    let days = i32::try_from(zero.days_until(day)).ok()?;
    (days >= FIRST_SERIAL).then(|| f64::from(days))
}

/// The minute as Excel counts it, on a clock in China.
pub(super) fn time_serial(at: WallMs) -> Option<f64> {
    let day = Day::in_china(at)?;
    let minutes = i32::try_from((at.0 - day.begins().0).div_euclid(60_000)).ok()?;
    Some(day_serial(day)? + f64::from(minutes) / 1_440.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_excel_does() {
        for (day, serial) in [
            ("1900-02-28", None),
            ("1900-03-01", Some(61.0)),
            ("1970-01-01", Some(25_569.0)),
            ("2026-11-25", Some(46_351.0)),
        ] {
            assert_eq!(day_serial(day.parse().unwrap()), serial, "{day}");
        }
        // 18:30 in China is 10:30 UTC.
        let half_past_six = WallMs(37_800_000);
        let fraction = time_serial(half_past_six).unwrap() - 25_569.0;
        assert!((fraction * 24.0 - 18.5).abs() < 1e-6, "{fraction}");
        assert_eq!(time_serial(WallMs(i64::MAX)), None);
    }
}
