use crate::register::{ChiefLevel, DivisionId, Term};
use serde::{Deserialize, Serialize};

/// 有效巡河: what a county asks of a patrol. Configuration with a source; presets are examples,
/// for no notice states a number (4-domain, *Rules*). **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidityRule {
    /// Names this wording of the rule: a patrol says by which it was judged.
    pub id: String,
    /// For posts of this division and below, unless one below has its own.
    pub division: DivisionId,
    /// For chiefs of this level; for everybody if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<ChiefLevel>,
    /// At least so many minutes.
    pub minutes: u32,
    /// At least so many metres.
    pub metres: u32,
    /// At least so many percent of the reach, where it has a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// From when to when it holds.
    #[serde(flatten)]
    pub term: Term,
    /// Where it comes from, in words.
    pub source: String,
}

/// What is still missing; everything `0` is 有效.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// Seconds.
    #[serde(default)]
    pub seconds: u32,
    /// Metres.
    #[serde(default)]
    pub metres: u32,
    /// Percent of the reach.
    #[serde(default)]
    pub percent: u8,
}

impl Lacking {
    /// Whether nothing is missing.
    pub const fn is_nothing(self) -> bool {
        self.seconds == 0 && self.metres == 0 && self.percent == 0
    }
}

impl ValidityRule {
    /// What is missing after so many seconds and metres. Without a line nobody knows the share,
    /// and it is not asked for.
    pub fn lacking(&self, seconds: u32, metres: u32, percent: Option<u8>) -> Lacking {
        let share = self.percent.zip(percent);
        Lacking {
            seconds: (self.minutes * 60).saturating_sub(seconds),
            metres: self.metres.saturating_sub(metres),
            percent: share.map_or(0, |(asked, walked)| asked.saturating_sub(walked)),
        }
    }
}
