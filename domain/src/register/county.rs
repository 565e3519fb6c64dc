use super::{DivisionId, LedgerPeriod};
use serde::{Deserialize, Serialize};

/// What an office settled for its division and for everything below that has no entry of its
/// own. What is left out is as usual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct County {
    /// For which division: mostly a county, but a township may differ.
    pub division: DivisionId,
    /// The days of a ledger.
    #[serde(default)]
    pub ledger_period: LedgerPeriod,
}
