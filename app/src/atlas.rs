//! What maps show, in the form that `public/map/river-map.js` reads: `GeoJSON` by layer.

use crate::words::{Key, t};
use domain::case::Stage;
use domain::patrol::{TrackFix, stretches};
use domain::register::ReachLine;
use serde_json::{Value, json};

/// One point with a sign that is not told by its colour alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// What a touch of it tells.
    pub id: String,
    /// East, north.
    pub at: [f64; 2],
    /// One character.
    pub mark: &'static str,
    /// `bad`, `warn`, `good` or `info`.
    pub tone: &'static str,
}

/// How a record looks on the map: 巡 for a patrol, else where its case stands.
pub fn mark(kind: &str, stage: &Stage) -> (&'static str, &'static str) {
    let (key, tone) = match stage {
        _ if kind == "patrol_start" => (Key::MarkPatrol, "info"),
        Stage::Registered | Stage::Accepted => (Key::MarkWaits, "bad"),
        Stage::HandedOver | Stage::InHand => (Key::MarkInHand, "warn"),
        Stage::ClosureApplied => (Key::MarkCheck, "warn"),
        Stage::Closed => (Key::MarkClosed, "good"),
        Stage::OnSpot => (Key::MarkOnSpot, "good"),
        _ => (Key::MarkOther, "info"),
    };
    (t(key), tone)
}

/// A layer of points.
pub fn points(points: &[Point]) -> Value {
    let feature = |p: &Point| {
        json!({
            "type": "Feature",
            "properties": { "id": p.id, "mark": p.mark, "tone": p.tone },
            "geometry": { "type": "Point", "coordinates": p.at },
        })
    };
    collection(points.iter().map(feature))
}

/// A layer of tracks: what was walked, and the gaps as gaps.
pub fn tracks(fixes: &[TrackFix]) -> Value {
    let drawn = stretches(fixes);
    collection(
        drawn
            .iter()
            .map(|s| line(&json!({ "gap": s.gap }), &s.points)),
    )
}

/// A layer of reaches.
pub fn reaches<'a>(lines: impl Iterator<Item = &'a ReachLine>) -> Value {
    collection(lines.map(|l| line(&json!({}), &l.coordinates)))
}

fn line(properties: &Value, points: &[[f64; 2]]) -> Value {
    json!({
        "type": "Feature",
        "properties": properties,
        "geometry": { "type": "LineString", "coordinates": points },
    })
}

fn collection(features: impl Iterator<Item = Value>) -> Value {
    json!({ "type": "FeatureCollection", "features": features.collect::<Vec<_>>() })
}
