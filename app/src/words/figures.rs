//! Figures for people, from whole numbers: the standard library's way of writing a fraction is
//! exact to the last of three hundred digits, and four kilobytes of a phone's first load.

/// Rounded to the nearest whole number.
pub fn whole(value: f64) -> String {
    decimal(value, 0)
}

/// With so many digits after the point.
pub fn decimal(value: f64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "degrees, metres and megabytes; anything else saturates"
    )]
    let units = (value.abs() * unit as f64).round() as u64;
    let sign = if value < 0.0 && units > 0 { "-" } else { "" };
    let (front, rest) = (units / unit, units % unit);
    if places == 0 {
        return format!("{sign}{front}");
    }
    let digits = places as usize;
    format!("{sign}{front}.{rest:0digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        for (value, places, told) in [
            (35.507_314_2, 6, "35.507314"),
            (-0.000_000_4, 6, "0.000000"),
            (-110.06, 1, "-110.1"),
            (9.999_999_9, 6, "10.000000"),
            (4.06, 1, "4.1"),
            (12.5, 0, "13"),
            (f64::NAN, 0, "0"),
        ] {
            assert_eq!(decimal(value, places), told);
        }
    }
}
