use super::Lacking;
use crate::hash::Sha256;
use crate::time::WallMs;
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// 开始巡河; begins the record. Post, reach and place stand in the body. **\[wire\]**
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatrolStart {
    /// The rule in force when it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// A stretch of the track, at most ten minutes. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackPart {
    /// 1 for the first; no number is left out.
    pub number: u32,
    /// The first fix.
    pub from_ms: WallMs,
    /// The last fix.
    pub to_ms: WallMs,
    /// How many.
    pub fixes: u32,
    /// The blob with role `track`; see [`write_track`](super::write_track).
    pub track: Sha256,
}

/// 结束巡河. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatrolFinish {
    /// How many track parts there are.
    pub parts: u32,
    /// With a position, seconds; pauses and gaps are not in it.
    pub seconds: u32,
    /// That count, metres.
    pub metres: u32,
    /// Of the reach, percent; absent without a line (无河段线).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// Gaps in the track.
    pub gaps: u32,
    /// What was found; empty is 未见异常.
    pub found: Vec<Tick>,
    /// By which rule the phone judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What was missing by that rule; nothing is 有效.
    #[serde(default)]
    pub lacking: Lacking,
    /// What the chief says about a patrol that was too short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// Free words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

open_words! {
    /// What a patrol looks at, the rows of the 巡河记录表. Each may be ticked as found.
    Tick {
        /// 河面漂浮物、垃圾
        Rubbish = "rubbish",
        /// 排污口异常、污水直排
        Discharge = "discharge",
        /// 乱占
        Occupation = "occupation",
        /// 乱采
        Extraction = "extraction",
        /// 乱堆
        Dumping = "dumping",
        /// 乱建
        Building = "building",
        /// 水色、气味异常
        Water = "water",
        /// 堤防、闸坝损坏
        Works = "works",
        /// 公示牌缺损
        Board = "board",
        /// 其他
        Else = "else",
    }
}

impl Tick {
    /// The ten of them, in the order of the form.
    pub const ALL: [Self; 10] = [
        Self::Rubbish,
        Self::Discharge,
        Self::Occupation,
        Self::Extraction,
        Self::Dumping,
        Self::Building,
        Self::Water,
        Self::Works,
        Self::Board,
        Self::Else,
    ];
}
