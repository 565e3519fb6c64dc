use super::{Day, DivisionId, OutfallId, PersonId, ReachId, Term, UnitId};
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// 排污口: one outfall, one file. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outfall {
    /// Its id.
    pub id: OutfallId,
    /// 城北街道雨水口（演示）.
    pub name: String,
    /// A code of the outfall types.
    pub kind: String,
    /// The official code; opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Where.
    pub division: DivisionId,
    /// Into which reach.
    pub reach: ReachId,
    /// Longitude and latitude, degrees WGS-84, once surveyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<[f64; 2]>,
    /// Where, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// How it is now.
    pub state: OutfallState,
    /// Who answers for it, and who did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<Charge>,
    /// Invented for the demonstration.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demo: bool,
}

open_words! {
    /// How an outfall is.
    OutfallState {
        /// 在用
        InUse = "in_use",
        /// 停用
        OutOfUse = "out_of_use",
        /// 已封堵
        Sealed = "sealed",
        /// 已取缔
        Removed = "removed",
    }
}

/// Who answered for an outfall, in which way, from when to when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// As what.
    pub manner: ChargeManner,
    /// The unit.
    pub unit: UnitId,
    /// The person, if one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// From when to when.
    #[serde(flatten)]
    pub term: Term,
}

open_words! {
    /// In which way a unit answers for an outfall (M11).
    ChargeManner {
        /// 监管责任人, of the ecology department.
        Supervising = "supervising",
        /// 主管责任人, of the trade department.
        Leading = "leading",
    }
}

impl Outfall {
    /// Who answers for it in a manner on a day.
    pub fn charge(&self, manner: &ChargeManner, day: Day) -> Option<&Charge> {
        let mut held = self.charges.iter().filter(|c| c.term.holds_on(day));
        held.find(|c| c.manner == *manner)
    }

    /// Whether a person is its 监管责任人 on a day.
    pub fn is_supervised_by(&self, person: &PersonId, day: Day) -> bool {
        let mut held = self.charges.iter().filter(|c| c.term.holds_on(day));
        held.any(|c| c.manner == ChargeManner::Supervising && c.person.as_ref() == Some(person))
    }

    /// Without the names of others: a phone shows the units that answer for it.
    #[must_use]
    pub fn for_phone(&self, me: &PersonId) -> Self {
        let mut outfall = self.clone();
        for charge in &mut outfall.charges {
            charge.person.take_if(|p| *p != *me);
        }
        outfall
    }
}
