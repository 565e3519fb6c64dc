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

/// `GET /ledgers/{ledger}?…`: what a desk asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerWanted {
    /// Received on these days.
    pub period: Period,
    /// This division and everything below; everything in sight if absent.
    pub division: Option<DivisionId>,
    /// With small pictures.
    pub photos: bool,
}

impl LedgerWanted {
    /// As it stands in the address. Days and ids need no escaping.
    pub fn query(&self) -> String {
        let Period { from, to } = self.period;
        let division = self.division.as_ref();
        let division = division.map_or_else(String::new, |d| format!("&division={d}"));
        let photos = u8::from(self.photos);
        format!("from={from}&to={to}{division}&photos={photos}")
    }
}
