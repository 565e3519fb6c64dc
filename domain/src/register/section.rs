use super::{DivisionId, SectionId, WaterId};
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// 断面: where a government's water quality is judged. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its id.
    pub id: SectionId,
    /// 张留庄.
    pub name: String,
    /// Of which water, where the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub water: Option<WaterId>,
    /// Where it stands, where the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<DivisionId>,
    /// The governments that answer for it; 张留庄 has four.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responsible: Vec<DivisionId>,
    /// Who judges.
    pub grade: SectionGrade,
    /// Wanted class, Ⅰ to Ⅴ, where the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_class: Option<String>,
    /// The target in the words of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

open_words! {
    /// Who judges a section.
    SectionGrade {
        /// 国考
        National = "national",
        /// 省考
        Provincial = "provincial",
        /// 市考
        City = "city",
        /// The source does not say.
        Unstated = "unstated",
    }
}
