use serde::{Deserialize, Serialize};

/// What an entry is. An unknown kind is kept and relayed, never dropped: phones and servers of
/// different versions meet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Kind {
    /// 垃圾清理.
    Cleanup,
    /// 问题: something seen on the bank, by the problem catalogue.
    Finding,
    /// 疑似排污.
    Discharge,
    /// A remark on a record; comments are a set.
    Comment,
    /// 受理, 交办, 签收, 销号 and the other steps of a case.
    Step,
    /// 开始巡河.
    PatrolStart,
    /// A stretch of a patrol's track.
    Track,
    /// 结束巡河.
    PatrolFinish,
    /// 不予计次, or taking it back.
    Ruling,
    /// 按规定删除: the server erased bodies of this record. Only the server writes it.
    Purge,
    /// A kind that this version does not know.
    Other(String),
}

impl Kind {
    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Cleanup => "cleanup",
            Self::Finding => "finding",
            Self::Discharge => "discharge",
            Self::Comment => "comment",
            Self::Step => "step",
            Self::PatrolStart => "patrol_start",
            Self::Track => "track",
            Self::PatrolFinish => "patrol_finish",
            Self::Ruling => "ruling",
            Self::Purge => "purge",
            Self::Other(word) => word,
        }
    }

    /// The newest schema of this kind that this version writes and reads; 0 for unknown kinds.
    pub const fn schema(&self) -> u16 {
        match self {
            Self::Other(_) => 0,
            _ => 1,
        }
    }

    /// Whether an entry of this kind can begin a record of its own.
    pub const fn begins_record(&self) -> bool {
        matches!(
            self,
            Self::Cleanup | Self::Finding | Self::Discharge | Self::PatrolStart
        )
    }
}

impl From<String> for Kind {
    fn from(word: String) -> Self {
        match word.as_str() {
            "cleanup" => Self::Cleanup,
            "finding" => Self::Finding,
            "discharge" => Self::Discharge,
            "comment" => Self::Comment,
            "step" => Self::Step,
            "patrol_start" => Self::PatrolStart,
            "track" => Self::Track,
            "patrol_finish" => Self::PatrolFinish,
            "ruling" => Self::Ruling,
            "purge" => Self::Purge,
            _ => Self::Other(word),
        }
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> Self {
        kind.as_str().to_owned()
    }
}
