use domain::register::Day;
use domain::time::WallMs;

/// The days of a ledger, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl Period {
    /// 上月26日–本月25日 that holds `today` (4-domain, *Ledgers*); `None` beyond the calendar.
    pub fn of_the_25th(today: Day) -> Option<Self> {
        let mut to = today;
        while day_of_month(to) != 25 {
            to = to.plus_days(1)?;
        }
        let mut from = to;
        while day_of_month(from) != 26 {
            from = from.plus_days(-1)?;
        }
        Some(Self { from, to })
    }

    /// When it begins, and when what follows it begins.
    pub fn span(self) -> (WallMs, WallMs) {
        let beyond = self.to.plus_days(1).unwrap_or(self.to);
        (self.from.begins(), beyond.begins())
    }

    /// Whether something was recorded before the period.
    pub fn is_late(self, recorded: WallMs) -> bool {
        recorded < self.from.begins()
    }
}

fn day_of_month(day: Day) -> u8 {
    day.to_string()[8..].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_ends_on_the_25th() {
        for (today, from, to) in [
            ("2026-11-24", "2026-10-26", "2026-11-25"),
            ("2026-11-25", "2026-10-26", "2026-11-25"),
            ("2026-11-26", "2026-11-26", "2026-12-25"),
            ("2026-12-31", "2026-12-26", "2027-01-25"),
            ("2026-03-01", "2026-02-26", "2026-03-25"),
        ] {
            let period = Period::of_the_25th(day(today)).unwrap();
            assert_eq!((period.from, period.to), (day(from), day(to)), "{today}");
        }
        let period = Period::of_the_25th(day("2026-11-24")).unwrap();
        let (begins, beyond) = period.span();
        assert!(period.is_late(WallMs(begins.0 - 1)) && !period.is_late(begins));
        assert_eq!(beyond, day("2026-11-26").begins());
    }
}
