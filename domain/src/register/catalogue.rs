use crate::record::ProblemCode;
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// A kind of problem in the catalogue. **\[wire\]**
///
/// A phone gets the first fields; the rest, which only desks need, are empty there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemKind {
    /// `LJ-01`.
    pub code: ProblemCode,
    /// 垃圾漂浮: under which heading it is offered.
    pub group: String,
    /// 垃圾堆放.
    pub name: String,
    /// Dumped refuse on bank or in channel.
    pub name_en: String,
    /// What belongs to it, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what_counts: String,
    /// How grave, unless the case says otherwise.
    pub severity: Severity,
    /// How soon.
    pub deadline: DeadlineClass,
    /// Natural days, where the class has a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
    /// When it is graver than by default. Desk only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub graver_when: String,
    /// Who leads, in words. Desk only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lead: String,
    /// Who helps, in words. Desk only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub assist: String,
    /// What must be shown when it is reported.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
    /// What must be shown when it is closed. Desk only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub close_out: String,
    /// Where the kind comes from, in words. Desk only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
}

impl ProblemKind {
    /// Without what only desks need.
    #[must_use]
    pub fn for_phone(&self) -> Self {
        Self {
            graver_when: String::new(),
            lead: String::new(),
            assist: String::new(),
            close_out: String::new(),
            basis: String::new(),
            ..self.clone()
        }
    }
}

open_words! {
    /// How grave a problem is.
    Severity {
        /// 一般
        Ordinary = "ordinary",
        /// 较严重
        Serious = "serious",
        /// 重大
        Major = "major",
    }
}

open_words! {
    /// How soon a problem must be dealt with. The numbers are proposals until an operator
    /// confirms them.
    DeadlineClass {
        /// 立行立改
        AtOnce = "at_once",
        /// 三日
        ThreeDays = "three_days",
        /// 一般, 7 日
        SevenDays = "seven_days",
        /// 重大/复杂, 1 个月
        OneMonth = "one_month",
        /// By the date of the complaint's work order.
        WorkOrder = "work_order",
    }
}

/// A type of outfall, HJ 1312-2023 where it has a row there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutfallType {
    /// `GY-GK-1`, our own; the official code is opaque.
    pub code: String,
    /// 工业排污口.
    pub level1: String,
    /// 工矿企业排污口.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub level2: String,
    /// 工业企业排污口.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub level3: String,
    /// 审批, 登记 or neither, in the words of the source.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub regime: String,
    /// Open or shut by season, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seasonal_rule: String,
    /// What to look at on the spot.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field_check: String,
    /// How sure the row is.
    pub certainty: String,
}

/// A department as the notices name it, with its duties for water.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// 生态环境局(分局).
    pub name: String,
    /// At which levels it exists: 市/县.
    pub levels: String,
    /// Its duties, in words.
    pub duties: String,
}
