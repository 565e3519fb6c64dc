//! What maps show, in the form that `public/map/river-map.js` reads: `GeoJSON` by layer.

use crate::words::{Key, t};
use domain::case::Stage;
use domain::patrol::{TrackFix, stretches};
use domain::register::ReachLine;
use serde::Serialize;

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

/// What is drawn, layer by layer; what is not known is drawn as nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Layers {
    /// Lines of reaches.
    pub reaches: Option<Collection>,
    /// Outfalls.
    pub outfalls: Option<Collection>,
    /// Records.
    pub records: Option<Collection>,
    /// What was walked.
    pub tracks: Option<Collection>,
    /// Where the person stands.
    pub me: Option<Collection>,
}

impl Layers {
    /// As the map's program reads it.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// One layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "FeatureCollection")]
pub struct Collection {
    features: Vec<Feature>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type")]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct Properties {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tone: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gap: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Point([f64; 2]),
    LineString(Vec<[f64; 2]>),
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
pub fn points(points: impl Iterator<Item = Point>) -> Collection {
    let feature = |p: Point| Feature {
        properties: Properties {
            id: Some(p.id),
            mark: Some(p.mark),
            tone: Some(p.tone),
            gap: None,
        },
        geometry: Geometry::Point(p.at),
    };
    Collection {
        features: points.map(feature).collect(),
    }
}

/// A layer of tracks: what was walked, and the gaps as gaps.
pub fn tracks(fixes: &[TrackFix]) -> Collection {
    let drawn = stretches(fixes).into_iter();
    lines(drawn.map(|s| (Some(s.gap), s.points)))
}

/// A layer of reaches.
pub fn reaches<'a>(all: impl Iterator<Item = &'a ReachLine>) -> Collection {
    lines(all.map(|l| (None, l.coordinates.clone())))
}

fn lines(all: impl Iterator<Item = (Option<bool>, Vec<[f64; 2]>)>) -> Collection {
    let feature = |(gap, points)| Feature {
        properties: Properties {
            gap,
            ..Properties::default()
        },
        geometry: Geometry::LineString(points),
    };
    Collection {
        features: all.map(feature).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_geojson() {
        let point = Point {
            id: "r\"1".to_owned(),
            at: [110.5, 35.25],
            mark: "巡",
            tone: "info",
        };
        let layers = Layers {
            records: Some(points([point].into_iter())),
            tracks: Some(lines([(Some(true), vec![[1.0, 2.0]])].into_iter())),
            ..Layers::default()
        };
        let expected = concat!(
            r#"{"reaches":null,"outfalls":null,"records":{"type":"FeatureCollection","features":["#,
            r#"{"type":"Feature","properties":{"id":"r\"1","mark":"巡","tone":"info"},"#,
            r#""geometry":{"type":"Point","coordinates":[110.5,35.25]}}]},"#,
            r#""tracks":{"type":"FeatureCollection","features":["#,
            r#"{"type":"Feature","properties":{"gap":true},"#,
            r#""geometry":{"type":"LineString","coordinates":[[1.0,2.0]]}}]},"me":null}"#
        );
        assert_eq!(layers.text(), expected);
    }
}
