use domain::register::Day;
use domain::time::WallMs;

const SECOND: i64 = 1_000;
const DAY_MS: i64 = 24 * 3_600 * SECOND;
/// China's clock, the only one that the records know.
const EAST_MS: i64 = 8 * 3_600 * SECOND;

/// As people read it, by China's clock: `2026-11-25 10:51:07`.
pub(super) fn readable(at: WallMs) -> String {
    let [hour, minute, second] = clock(at);
    let day = Day::in_china(at).map_or_else(|| at.0.to_string(), |d| d.to_string());
    format!("{day} {hour:02}:{minute:02}:{second:02}")
}

/// As a name that sorts by time: `2026-11-25T105107-042`, the last part milliseconds.
pub(super) fn name(at: WallMs) -> String {
    let [hour, minute, second] = clock(at);
    let day = Day::in_china(at).map_or_else(|| at.0.to_string(), |d| d.to_string());
    let ms = at.0.rem_euclid(SECOND);
    format!("{day}T{hour:02}{minute:02}{second:02}-{ms:03}")
}

fn clock(at: WallMs) -> [i64; 3] {
    let seconds = (at.0 + EAST_MS).rem_euclid(DAY_MS) / SECOND;
    [seconds / 3_600, seconds / 60 % 60, seconds % 60]
}

/// Bytes as people read them: `12.3 MB`.
pub(super) fn bytes(bytes: u64) -> String {
    let mut scaled = bytes;
    let mut tenths = 0;
    for unit in ["B", "KB", "MB", "GB", "TB"] {
        if scaled < 1_000 || unit == "TB" {
            return match unit {
                "B" => format!("{bytes} B"),
                _ => format!("{scaled}.{tenths} {unit}"),
            };
        }
        tenths = scaled % 1_000 / 100;
        scaled /= 1_000;
    }
    bytes.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_chinas_and_bytes_are_short() {
        let at = WallMs(1_779_580_800_000);
        assert_eq!(readable(at), "2026-05-24 08:00:00");
        assert_eq!(name(at), "2026-05-24T080000-000");
        for (n, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 KB"),
            (12_345_678, "12.3 MB"),
            (5_000_000_000_000_000, "5000.0 TB"),
        ] {
            assert_eq!(bytes(n), text);
        }
    }
}
