use super::{DivisionId, GrantId, PersonId, SectionId, Term, UnitId, WaterId};
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// A right given to a person beyond the posts that he holds. **\[wire\]**
///
/// Chiefs and inspectors need none: their rights are those of their posts, so that a right ends
/// with the duty it was for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// To whom.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Over what.
    pub scope: GrantScope,
    /// From when to when.
    #[serde(flatten)]
    pub term: Term,
}

open_words! {
    /// As what a person holds a grant. An unknown role gives no right.
    Role {
        /// 责任单位经办: works on what was handed to the unit.
        Handler = "handler",
        /// 河长办 and other supervisors.
        Supervisor = "supervisor",
        /// 督查: reads, changes nothing.
        Auditor = "auditor",
        /// Keeps accounts and registers; sees no reports by it.
        Admin = "admin",
    }
}

/// Over what a grant holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum GrantScope {
    /// A division and everything below it.
    Division(DivisionId),
    /// What was handed to a unit.
    Unit(UnitId),
    /// 流域: every reach of a water, across counties, read-only.
    Water(WaterId),
    /// 断面: the reaches of its water in the divisions that answer for it, across counties,
    /// read-only.
    Section(SectionId),
}

impl Role {
    /// Whether the role means something over such a scope; [`Registers`](super::Registers)
    /// report a grant that would give nothing.
    pub const fn fits(&self, scope: &GrantScope) -> bool {
        match self {
            Self::Supervisor | Self::Auditor => true,
            Self::Handler => matches!(scope, GrantScope::Unit(_)),
            Self::Admin => matches!(scope, GrantScope::Division(_)),
            Self::Other(_) => false,
        }
    }
}
