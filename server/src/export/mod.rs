//! 台账: what an office hands in, as xlsx that Excel opens without repair.
//!
//! A ledger is made from the same records and the same fold as every screen. Its period is that
//! of receiving; what was recorded before the period and received in it is 补报.

mod cells;
mod cleanups;
mod gather;
mod patrol_sheet;
mod patrols;
mod period;
mod problems;
mod sheet;

pub use gather::{Item, gather, item};
pub use patrol_sheet::patrol_sheet;
pub use period::Period;

use domain::register::Registers;
use rust_xlsxwriter::{Workbook, XlsxError};

/// Which ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ledger {
    /// 问题台账
    Problems,
    /// 清理（立行立改）台账
    Cleanups,
    /// 巡河台账
    Patrols,
}

impl Ledger {
    /// By its word in the address.
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "problems" => Some(Self::Problems),
            "cleanups" => Some(Self::Cleanups),
            "patrols" => Some(Self::Patrols),
            _ => None,
        }
    }

    /// Its title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Problems => "河湖问题台账",
            Self::Cleanups => "垃圾清理（立行立改）台账",
            Self::Patrols => "巡河台账",
        }
    }

    /// The kinds of records that may stand in it.
    pub const fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Problems => &["cleanup", "discharge", "finding"],
            Self::Cleanups => &["cleanup"],
            Self::Patrols => &["patrol_start"],
        }
    }
}

/// Everything that a ledger is made from.
#[derive(Debug)]
pub struct Material<'a> {
    /// The registers of today: names.
    pub registers: &'a Registers,
    /// The period.
    pub period: Period,
    /// For whom: 永济市.
    pub office: String,
    /// The records in scope, oldest received first.
    pub items: Vec<Item>,
}

/// The bytes of a workbook.
pub fn write(ledger: Ledger, material: &Material<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    match ledger {
        Ledger::Problems => problems::write(&mut book, material)?,
        Ledger::Cleanups => cleanups::write(&mut book, material)?,
        Ledger::Patrols => patrols::write(&mut book, material)?,
    }
    book.save_to_buffer()
}
