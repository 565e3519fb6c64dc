use super::{DivisionId, PersonId, UnitId};
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// A person. Telephone numbers are not part of the registers: these travel to phones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// The unit they work in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Invented for the demonstration.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demo: bool,
}

impl Person {
    /// The name as shown; an invented person is always marked as one.
    pub fn shown_name(&self) -> String {
        if self.demo {
            format!("{}（演示）", self.name)
        } else {
            self.name.clone()
        }
    }
}

/// 单位: a department, town, zone or company that answers for something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// 永济市水利局.
    pub name: String,
    /// Where.
    pub division: DivisionId,
    /// What it is.
    pub kind: UnitKind,
}

open_words! {
    /// What a unit is.
    UnitKind {
        /// 部门
        Department = "department",
        /// 河长制办公室
        ChiefOffice = "chief_office",
        /// 乡镇政府, 街道办事处
        Township = "township",
        /// 村委会, 居委会
        Village = "village",
        /// 管委会
        Zone = "zone",
        /// 企业
        Company = "company",
    }
}
