use super::{Outcome, ProblemCode};
use crate::hash::Sha256;
use crate::register::OutfallId;
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// 疑似排污: what a chief can see and smell. Whether it is illegal is for enforcement to say.
/// **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discharge {
    /// Which problem, by the catalogue.
    pub problem: ProblemCode,
    /// What was seen.
    #[serde(flatten)]
    pub signs: Signs,
    /// Originals of what was seen, in the order taken.
    pub photos: Vec<Sha256>,
    /// Originals taken after it was put right on the spot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Sha256>,
    /// Why there is no photo at all, if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_photo_reason: Option<String>,
    /// What became of it on the spot.
    pub outcome: Outcome,
    /// Free words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The signs of a discharge; each may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signs {
    /// The outfall, if it is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outfall: Option<OutfallId>,
    /// 颜色
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    /// 气味
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smell: Option<Smell>,
    /// 泡沫
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foam: Option<Foam>,
    /// 水量
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow>,
}

open_words! {
    /// What colour the water has.
    Colour {
        /// 无色
        Clear = "clear",
        /// 发黑
        Black = "black",
        /// 灰白
        Grey = "grey",
        /// 黄褐
        Brown = "brown",
        /// 发红
        Red = "red",
        /// 发绿
        Green = "green",
    }
}

open_words! {
    /// How it smells.
    Smell {
        /// 无味
        None = "none",
        /// 臭
        Foul = "foul",
        /// 刺鼻
        Pungent = "pungent",
        /// 油味
        Oily = "oily",
    }
}

open_words! {
    /// Whether it foams.
    Foam {
        /// 无
        None = "none",
        /// 少量
        Some = "some",
        /// 大量
        Much = "much",
    }
}

open_words! {
    /// How much comes out.
    Flow {
        /// 滴流
        Trickle = "trickle",
        /// 细流
        Small = "small",
        /// 明显
        Steady = "steady",
        /// 大量
        Strong = "strong",
    }
}
