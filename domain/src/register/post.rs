use super::{ChiefLevel, DivisionId, PersonId, PostId, ReachId, Term, UnitId};
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// 岗位: a duty that exists whether or not somebody holds it. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// What kind.
    pub kind: PostKind,
    /// The level, for chiefs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<ChiefLevel>,
    /// For which division.
    pub division: DivisionId,
    /// For which reaches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reaches: Vec<ReachId>,
    /// In which unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// As people call it: names of posts are data.
    pub name: String,
}

open_words! {
    /// What kind of post. Operators add their own words.
    PostKind {
        /// 河长
        RiverChief = "river_chief",
        /// 湖长
        LakeChief = "lake_chief",
        /// 总河长
        GeneralChief = "general_chief",
        /// 网格员
        GridInspector = "grid_inspector",
        /// 巡河员, 护河员
        Patroller = "patroller",
        /// 联络员
        Liaison = "liaison",
        /// 责任人
        Responsible = "responsible",
        /// 河长办
        ChiefOffice = "chief_office",
        /// 专班办
        TaskForceOffice = "task_force_office",
        /// 督查
        Oversight = "oversight",
    }
}

impl PostKind {
    /// Whether the holder is a chief and sees the levels below him.
    pub const fn is_chief(&self) -> bool {
        matches!(
            self,
            Self::RiverChief | Self::LakeChief | Self::GeneralChief
        )
    }

    /// Whether the holder works at a desk: nobody waits for a phone of theirs.
    pub const fn is_office(&self) -> bool {
        matches!(
            self,
            Self::ChiefOffice | Self::TaskForceOffice | Self::Oversight
        )
    }
}

/// 任职: who holds a post, and when. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The post.
    pub post: PostId,
    /// Who.
    pub person: PersonId,
    /// From when to when.
    #[serde(flatten)]
    pub term: Term,
    /// In which manner.
    pub manner: Manner,
}

open_words! {
    /// In which manner a post is held.
    Manner {
        /// 正式
        Regular = "regular",
        /// 代理: acting, while nobody holds it regularly.
        Acting = "acting",
        /// 代巡: walks for the holder.
        Delegated = "delegated",
    }
}

impl Assignment {
    /// Whether it holds on `day`.
    pub fn holds_on(&self, day: super::Day) -> bool {
        self.term.holds_on(day)
    }
}
