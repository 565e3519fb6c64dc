use super::TrackFix;
use crate::geo::{DEGREE_M, shrink};
use crate::order::sort_by;
use crate::register::ReachLine;

/// Which part of a reach's line was walked along.
#[derive(Debug, Clone, PartialEq)]
pub struct Cover {
    /// The line on a plane, metres.
    points: Vec<[f64; 2]>,
    /// Metres along the line to each point.
    along: Vec<f64>,
    origin: [f64; 2],
    shrink: f64,
    /// How far a fix may lie from the line and still be on the reach.
    tolerance_m: f64,
    walked: Vec<(f64, f64)>,
    last: Option<(i64, f64)>,
}

/// A person walks beside the water, not in it, metres.
const BANK_M: f64 = 100.0;

impl Cover {
    /// Of a line; `None` for one without length.
    pub fn of(line: &ReachLine) -> Option<Self> {
        let origin = *line.coordinates.first()?;
        let shrink = shrink(origin[1]);
        let mut cover = Self {
            points: Vec::new(),
            along: Vec::new(),
            origin,
            shrink,
            tolerance_m: f64::from(line.error_m) + BANK_M,
            walked: Vec::new(),
            last: None,
        };
        let mut far = 0.0;
        for point in &line.coordinates {
            let here = cover.plane(point[1], point[0]);
            if let Some(before) = cover.points.last() {
                far += distance(*before, here);
            }
            cover.points.push(here);
            cover.along.push(far);
        }
        (far > 0.0).then_some(cover)
    }

    /// Takes one more fix; distance between fixes that do not follow each other is not walked.
    pub fn add(&mut self, fix: TrackFix) {
        let place = self.place(fix);
        let follows = |at: i64| fix.at_ms - at <= super::limits::GAP_MS && !fix.resumed;
        if let (Some(here), Some((at, before))) = (place, self.last)
            && follows(at)
        {
            self.walk(before.min(here), before.max(here));
        }
        self.last = place.map(|here| (fix.at_ms, here));
    }

    /// The part walked so far, percent of the line's length.
    pub fn percent(&self) -> u8 {
        let whole = self.along.last().copied().unwrap_or(1.0);
        let walked: f64 = self.walked.iter().map(|(from, to)| to - from).sum();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 100"
        )]
        let percent = (walked / whole * 100.0).floor().clamp(0.0, 100.0) as u8;
        percent
    }

    fn plane(&self, lat: f64, lon: f64) -> [f64; 2] {
        [
            (lon - self.origin[0]) * DEGREE_M * self.shrink,
            (lat - self.origin[1]) * DEGREE_M,
        ]
    }

    /// Metres along the line to the point nearest to a fix; `None` if that is too far away.
    fn place(&self, fix: TrackFix) -> Option<f64> {
        let here = self.plane(fix.lat, fix.lon);
        let pairs = self.points.windows(2).zip(&self.along);
        let near = pairs.map(|(pair, along)| {
            let (from, to) = (pair[0], pair[1]);
            let edge = [to[0] - from[0], to[1] - from[1]];
            let square = edge[0] * edge[0] + edge[1] * edge[1];
            let dot = (here[0] - from[0]) * edge[0] + (here[1] - from[1]) * edge[1];
            let part = if square > 0.0 {
                (dot / square).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let foot = [from[0] + edge[0] * part, from[1] + edge[1] * part];
            (distance(here, foot), along + square.sqrt() * part)
        });
        let (off, along) = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
        (off <= self.tolerance_m + fix.accuracy_m).then_some(along)
    }

    /// Joins a stretch to those walked; they stay sorted and disjoint.
    fn walk(&mut self, from: f64, to: f64) {
        let (mut from, mut to) = (from, to);
        self.walked.retain(|(a, b)| {
            let apart = *b < from || *a > to;
            if !apart {
                from = from.min(*a);
                to = to.max(*b);
            }
            apart
        });
        self.walked.push((from, to));
        sort_by(&mut self.walked, |a, b| a.0.total_cmp(&b.0));
    }
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}
