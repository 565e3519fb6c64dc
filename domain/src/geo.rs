//! Degrees as metres, on a plane that touches the Earth near by: good to a thousandth over the
//! few kilometres of a patrol or a reach.

use std::f64::consts::PI;

/// Metres of one degree of latitude, and of longitude at the equator.
pub const DEGREE_M: f64 = 111_320.0;

/// The cosine's series as far as it is needed for an error below 10⁻¹² at the poles.
const SERIES: [f64; 9] = [
    1.0,
    -1.0 / 2.0,
    1.0 / 24.0,
    -1.0 / 720.0,
    1.0 / 40_320.0,
    -1.0 / 3_628_800.0,
    1.0 / 479_001_600.0,
    -1.0 / 87_178_291_200.0,
    1.0 / 20_922_789_888_000.0,
];

/// By how much degrees of longitude are shorter at a latitude: its cosine.
///
/// Plain arithmetic: a phone and a server get the same metres to the last bit, which the cosines
/// of two systems do not promise, and a phone need not download how to take the cosine of a
/// thousand turns.
pub fn shrink(latitude: f64) -> f64 {
    let angle = latitude.clamp(-90.0, 90.0) * (PI / 180.0);
    let square = angle * angle;
    SERIES.iter().rev().fold(0.0, |sum, c| sum * square + c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_cosine(latitude in -90.0..=90.0_f64) {
            let off = shrink(latitude) - latitude.to_radians().cos();
            prop_assert!(off.abs() < 1e-12, "{off}");
        }
    }
}
