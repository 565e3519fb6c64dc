use super::Day;
use crate::time::WallMs;
use serde::{Deserialize, Serialize};

/// The days of a ledger, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl Period {
    /// When it begins, and when what follows it begins.
    pub fn span(self) -> (WallMs, WallMs) {
        let beyond = self.to.plus_days(1).unwrap_or(self.to);
        (self.from.begins(), beyond.begins())
    }

    /// 补报: whether something received in the period was recorded before it.
    pub fn is_late(self, recorded: WallMs) -> bool {
        recorded < self.from.begins()
    }
}

/// How a county divides the year into ledgers (4-domain, *Ledgers*).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerPeriod {
    /// 上月26日–本月25日: the notices ask for ledgers by the 25th (M29).
    #[default]
    #[serde(rename = "to_25th")]
    ToThe25th,
    /// 自然月
    Month,
}

impl LedgerPeriod {
    /// The period that holds this day; `None` beyond the calendar.
    pub fn holding(self, day: Day) -> Option<Period> {
        let (from, to) = match self {
            Self::ToThe25th => day.period_of_the_25th()?,
            Self::Month => day.month(),
        };
        Some(Period { from, to })
    }

    /// The one before; `None` beyond the calendar.
    pub fn before(self, period: Period) -> Option<Period> {
        self.holding(period.from.plus_days(-1)?)
    }
}

/// What an office should know of its periods today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// This one closes in so many days; 0 is today. From the 20th for one that closes on the 25th.
    Soon(u32),
    /// The one before closed so many days ago.
    Past(u32),
}

/// How many days before its last one a period is called to mind: the 20th before the 25th.
const CALL_TO_MIND: u32 = 5;

impl Closing {
    /// Seen on `today`, which belongs to the period `now`.
    pub fn on(today: Day, now: Period) -> Self {
        let days = |from: Day, to: Day| u32::try_from(from.days_until(to)).unwrap_or(0);
        let left = days(today, now.to);
        if left <= CALL_TO_MIND {
            Self::Soon(left)
        } else {
            Self::Past(days(now.from, today) + 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn period(from: &str, to: &str) -> Period {
        Period {
            from: day(from),
            to: day(to),
        }
    }

    #[test]
    fn both_days_belong_to_it_to_the_millisecond() {
        for now in [
            period("2026-10-26", "2026-11-25"),
            period("2026-11-01", "2026-11-30"),
        ] {
            let (begins, beyond) = now.span();
            assert!(now.is_late(WallMs(begins.0 - 1)) && !now.is_late(begins));
            assert_eq!(Day::in_china(begins), Some(now.from));
            assert_eq!(Day::in_china(WallMs(beyond.0 - 1)), Some(now.to));
            assert_eq!(Day::in_china(beyond), now.to.plus_days(1));
        }
    }

    #[test]
    fn periods_follow_each_other_without_gap() {
        for (kind, today, now, last) in [
            (
                LedgerPeriod::ToThe25th,
                "2026-11-25",
                period("2026-10-26", "2026-11-25"),
                period("2026-09-26", "2026-10-25"),
            ),
            (
                LedgerPeriod::ToThe25th,
                "2026-12-26",
                period("2026-12-26", "2027-01-25"),
                period("2026-11-26", "2026-12-25"),
            ),
            (
                LedgerPeriod::Month,
                "2026-11-25",
                period("2026-11-01", "2026-11-30"),
                period("2026-10-01", "2026-10-31"),
            ),
            (
                LedgerPeriod::Month,
                "2028-02-29",
                period("2028-02-01", "2028-02-29"),
                period("2028-01-01", "2028-01-31"),
            ),
            (
                LedgerPeriod::Month,
                "2026-12-31",
                period("2026-12-01", "2026-12-31"),
                period("2026-11-01", "2026-11-30"),
            ),
        ] {
            let found = kind.holding(day(today)).unwrap();
            assert_eq!((found, kind.before(found)), (now, Some(last)), "{today}");
            assert_eq!(kind.holding(now.from), Some(now));
            assert_eq!(kind.holding(now.to), Some(now));
        }
    }

    #[test]
    fn it_is_called_to_mind_from_the_20th_and_when_it_is_over() {
        let kinds = (LedgerPeriod::ToThe25th, LedgerPeriod::Month);
        for (kind, today, closing) in [
            (kinds.0, "2026-11-19", Closing::Past(25)),
            (kinds.0, "2026-11-20", Closing::Soon(5)),
            (kinds.0, "2026-11-25", Closing::Soon(0)),
            (kinds.0, "2026-11-26", Closing::Past(1)),
            (kinds.0, "2026-11-30", Closing::Past(5)),
            (kinds.1, "2026-11-24", Closing::Past(24)),
            (kinds.1, "2026-11-25", Closing::Soon(5)),
            (kinds.1, "2026-11-30", Closing::Soon(0)),
            (kinds.1, "2026-12-01", Closing::Past(1)),
        ] {
            let now = kind.holding(day(today)).unwrap();
            assert_eq!(Closing::on(day(today), now), closing, "{today}");
        }
    }

    #[test]
    fn the_words_in_a_register_are_these() {
        let written = serde_json::to_string(&[LedgerPeriod::ToThe25th, LedgerPeriod::Month]);
        assert_eq!(written.unwrap(), r#"["to_25th","month"]"#);
    }
}
