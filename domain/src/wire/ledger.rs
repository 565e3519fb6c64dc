use crate::register::{Day, DivisionId, Period};
use serde::{Deserialize, Serialize};

/// `GET /ledgers?division`: for which days its ledgers are, by the setting of the office and the
/// server's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPeriods {
    /// The division asked for, else that of the caller's desk, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<DivisionId>,
    /// The server's day in China.
    pub today: Day,
    /// The period that holds today.
    pub now: Period,
    /// The one before.
    pub before: Period,
}
