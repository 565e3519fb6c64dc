use super::{DivisionId, ReachId, WaterId};
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// 河流/湖库. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Water {
    /// Its id.
    pub id: WaterId,
    /// 涑水河.
    pub name: String,
    /// What it is.
    pub kind: WaterKind,
}

open_words! {
    /// What a water is.
    WaterKind {
        /// 河
        River = "river",
        /// 渠
        Canal = "canal",
        /// 湖
        Lake = "lake",
        /// 水库
        Reservoir = "reservoir",
        /// 沟
        Ditch = "ditch",
        /// 湿地
        Wetland = "wetland",
    }
}

/// 河段: a stretch of a water for which posts answer. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reach {
    /// Its id.
    pub id: ReachId,
    /// Of which water.
    pub water: WaterId,
    /// 涑水河永济市开张镇段.
    pub name: String,
    /// Where it begins, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Where it ends, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// Which bank.
    pub bank: Bank,
    /// The divisions it touches; a boundary water touches several, and its records enter the
    /// feed of every county among them.
    pub divisions: Vec<DivisionId>,
    /// Its course, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<ReachLine>,
}

open_words! {
    /// Which bank, looking downstream.
    Bank {
        /// 左岸
        Left = "left",
        /// 右岸
        Right = "right",
        /// 两岸
        Both = "both",
    }
}

/// The course of a reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReachLine {
    /// Longitude and latitude, degrees WGS-84: the coordinates of a `GeoJSON` `LineString`.
    pub coordinates: Vec<[f64; 2]>,
    /// How far the drawn line may lie from the water, metres.
    pub error_m: u32,
    /// Where it was taken from.
    pub source: String,
}
