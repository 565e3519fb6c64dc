//! Lines, made as small as their own error allows before they travel to phones.

use super::ReachLine;
use crate::geo::{DEGREE_M, shrink};

impl ReachLine {
    /// The line with no more points than its error justifies: a quarter of the error, at least
    /// 10 m, and five decimals (about 1 m). Both ends stay.
    #[must_use]
    pub fn simplified(&self) -> Self {
        let tolerance_m = (f64::from(self.error_m) / 4.0).max(10.0);
        let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
        let coordinates = simplify(&self.coordinates, tolerance_m)
            .into_iter()
            .map(|[lon, lat]| [round(lon), round(lat)])
            .collect();
        Self {
            coordinates,
            ..self.clone()
        }
    }
}

/// Douglas and Peucker's method (1973): drops every point that lies within `tolerance_m` of the
/// line through those that stay.
fn simplify(points: &[[f64; 2]], tolerance_m: f64) -> Vec<[f64; 2]> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut keep = vec![false; points.len()];
    let last = points.len() - 1;
    keep[0] = true;
    keep[last] = true;
    let mut todo = vec![(0, last)];
    while let Some((from, to)) = todo.pop() {
        let farthest = (from + 1..to)
            .map(|i| (i, distance_m(points[i], points[from], points[to])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, off)) = farthest
            && off > tolerance_m
        {
            keep[i] = true;
            todo.extend([(from, i), (i, to)]);
        }
    }
    let kept = points.iter().zip(keep).filter(|(_, keep)| *keep);
    kept.map(|(point, _)| *point).collect()
}

/// Metres from a point to a segment, on a plane touching the Earth at the point: good to a
/// thousandth over the few kilometres of a reach.
fn distance_m(point: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let shrink = shrink(point[1]);
    let plane = |p: [f64; 2]| {
        [
            (p[0] - point[0]) * DEGREE_M * shrink,
            (p[1] - point[1]) * DEGREE_M,
        ]
    };
    let ([ax, ay], [bx, by]) = (plane(from), plane(to));
    let (dx, dy) = (bx - ax, by - ay);
    let length2 = dx.mul_add(dx, dy * dy);
    let along = if length2 > 0.0 {
        (-ax.mul_add(dx, ay * dy) / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    along.mul_add(dx, ax).hypot(along.mul_add(dy, ay))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn distances_are_in_metres() {
        // One hundredth of a degree north of a segment on the parallel of 永济.
        let off = distance_m([110.5, 34.88], [110.4, 34.87], [110.6, 34.87]);
        assert!((off - 1_113.2).abs() < 1.0, "{off}");
        let beyond = distance_m([110.5, 34.87], [110.6, 34.87], [110.7, 34.87]);
        assert!((beyond - 9_131.0).abs() < 20.0, "{beyond}");
    }

    #[test]
    fn a_straight_line_needs_two_points() {
        let line = ReachLine {
            coordinates: vec![[110.0, 35.0], [110.1, 35.0], [110.2, 35.0]],
            error_m: 400,
            source: "test".into(),
        };
        let ends = vec![[110.0, 35.0], [110.2, 35.0]];
        assert_eq!(line.simplified().coordinates, ends);
    }

    proptest! {
        #[test]
        fn no_dropped_point_lies_farther_off_than_allowed(
            points in prop::collection::vec((110.0..110.2, 34.8..35.0).prop_map(|(x, y)| [x, y]), 2..60),
            tolerance in 10.0..2_000.0,
        ) {
            let kept = simplify(&points, tolerance);
            prop_assert_eq!(kept.first(), points.first());
            prop_assert_eq!(kept.last(), points.last());
            for point in &points {
                let off = kept
                    .windows(2)
                    .map(|s| distance_m(*point, s[0], s[1]))
                    .fold(f64::INFINITY, f64::min);
                prop_assert!(off <= tolerance * 1.001, "{} m off", off);
            }
        }
    }
}
