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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn both_days_belong_to_it() {
        let (from, to) = (day("2026-10-26"), day("2026-11-25"));
        let period = Period { from, to };
        let (begins, beyond) = period.span();
        assert!(period.is_late(WallMs(begins.0 - 1)) && !period.is_late(begins));
        assert_eq!(beyond, day("2026-11-26").begins());
    }
}
