use super::{Leg, Tally, TrackFix};

/// A piece of a track as a map shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// Nobody knows what was between its two points: a gap or a jump, never distance.
    pub gap: bool,
    /// Degrees in the order of `GeoJSON`: east, north.
    pub points: Vec<[f64; 2]>,
}

/// Cuts a track into what was walked and what is a gap, by the rules that count distance. A
/// pause leaves nothing between.
pub fn stretches(fixes: &[TrackFix]) -> Vec<Stretch> {
    let mut tally = Tally::default();
    let mut all: Vec<Stretch> = Vec::new();
    let mut line: Vec<[f64; 2]> = Vec::new();
    let mut finish = |line: &mut Vec<[f64; 2]>, next: Option<[f64; 2]>| {
        let last = line.last().copied();
        let points = std::mem::take(line);
        if points.len() > 1 {
            all.push(Stretch { gap: false, points });
        }
        if let Some(gap) = last.zip(next) {
            all.push(Stretch {
                gap: true,
                points: vec![gap.0, gap.1],
            });
        }
        line.extend(next);
    };
    for fix in fixes {
        if fix.resumed {
            tally.pause();
        }
        let here = [fix.lon, fix.lat];
        match tally.add(*fix) {
            Leg::Begun => {
                finish(&mut line, None);
                line.push(here);
            }
            Leg::Gap | Leg::Jump => finish(&mut line, Some(here)),
            Leg::Walked(metres) if metres > 0.0 => line.push(here),
            Leg::Walked(_) | Leg::Rough => {}
        }
    }
    finish(&mut line, None);
    all
}
