//! Times as people read them: always the clock of China, whatever the phone is set to.

use domain::register::Day;
use domain::time::WallMs;

const HOUR_MS: i64 = 3_600_000;

/// `11-24 10:42`; `—` for a time that is none.
pub fn short(at: WallMs) -> String {
    match Day::in_china(at) {
        Some(day) => format!("{} {}", &day.to_string()[5..], clock(at)),
        None => "—".to_owned(),
    }
}

/// `2026-11-24 10:42:07`.
pub fn exact(at: WallMs) -> String {
    let seconds = at.0.div_euclid(1_000).rem_euclid(60);
    match Day::in_china(at) {
        Some(day) => format!("{day} {}:{seconds:02}", clock(at)),
        None => "—".to_owned(),
    }
}

/// `10:42`.
pub fn clock(at: WallMs) -> String {
    let minutes = (at.0 + 8 * HOUR_MS).div_euclid(60_000).rem_euclid(24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_chinas() {
        let at = WallMs(1_795_487_527_000);
        assert_eq!(exact(at), "2026-11-24 10:32:07");
        assert_eq!(short(at), "11-24 10:32");
        assert_eq!(clock(WallMs(0)), "08:00");
        assert_eq!(short(WallMs(i64::MAX)), "—");
    }
}
