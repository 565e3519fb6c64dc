use crate::case::Stage;
use crate::entry::Fix;
use crate::ids::RecordId;
use serde::{Deserialize, Serialize};

/// A place on the map: WGS-84, in ten-millionths of a degree (about 1 cm).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// North.
    pub lat_e7: i32,
    /// East.
    pub lon_e7: i32,
}

impl Spot {
    /// Where a fix is; `None` for one that is not on Earth.
    pub fn of(fix: &Fix) -> Option<Self> {
        // In range by the check, and far more exact than any fix.
        #[expect(clippy::cast_possible_truncation, reason = "degrees on Earth fit")]
        let e7 = |degrees: f64| (degrees * 1e7).round() as i32;
        fix.is_on_earth().then(|| Self {
            lat_e7: e7(fix.lat),
            lon_e7: e7(fix.lon),
        })
    }

    /// Degrees in the order of `GeoJSON`: east, north.
    pub fn lon_lat(self) -> [f64; 2] {
        [f64::from(self.lon_e7) / 1e7, f64::from(self.lat_e7) / 1e7]
    }
}

/// One record on the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPoint {
    /// The record.
    pub record_id: RecordId,
    /// As shown to people.
    pub number: String,
    /// Kind word.
    pub kind: String,
    /// Where its case stands.
    pub stage: Stage,
    /// Where.
    pub at: Spot,
}

/// `GET /map/records?…`: what matches a `RecordFilter`, newest received first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordMap {
    /// At most 5,000.
    pub points: Vec<RecordPoint>,
    /// Matching records without a position.
    pub others: u64,
    /// Whether there are more with one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beyond: bool,
}
