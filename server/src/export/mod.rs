//! 台账: what an office hands in, as xlsx that Excel opens without repair.
//!
//! A ledger is made from the same records and the same fold as every screen. Its period is that
//! of receiving; what was recorded before the period and received in it is 补报.
//!
//! What bounds its memory are [`Limits`]: records are dropped once their row is made, and rows
//! are counted; only small copies are shown, never originals, and beyond their limit cells say
//! that there are more.

mod body;
mod cell;
mod cells;
mod cleanups;
mod fit;
mod form;
mod gather;
mod look;
mod patrol_sheet;
mod patrols;
mod pictures;
mod problems;
mod row;
mod sheet;

pub use gather::{Gathered, Item, gather, item};
pub use patrol_sheet::PatrolSheet;
pub use pictures::Album;
pub use row::{About, Row};
pub use sheet::Heading;

use crate::blobs::Vault;
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

/// Every stage of a case.
const CASES: &str =
    "registered,rejected,accepted,handed_over,in_hand,closure_applied,closed,withdrawn";

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
            Self::Cleanups => "垃圾清理、立行立改台账",
            Self::Patrols => "巡河台账",
        }
    }

    /// The kinds of records that may stand in it, each with the stages as a filter names them;
    /// none is all. A report that became a case stands among the problems, one that was put
    /// right on the spot among the clean-ups, and a clean-up there in any case.
    const fn sorts(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Problems => &[("cleanup", CASES), ("discharge", CASES), ("finding", CASES)],
            Self::Cleanups => &[
                ("cleanup", ""),
                ("discharge", "on_spot"),
                ("finding", "on_spot"),
            ],
            Self::Patrols => &[("patrol_start", "")],
        }
    }

    /// What the reader should know besides the period.
    const fn note(self) -> &'static str {
        match self {
            Self::Problems | Self::Cleanups => {
                "时间为北京时间，位置为 WGS-84 经纬度；照片为平台所存小图，原图和凭证见平台。"
            }
            Self::Patrols => "时间为北京时间；时长、里程由手机定位计算，是否计次由上级认定。",
        }
    }

    const fn columns(self) -> &'static [sheet::Column] {
        match self {
            Self::Problems => problems::COLUMNS,
            Self::Cleanups => cleanups::COLUMNS,
            Self::Patrols => patrols::COLUMNS,
        }
    }
}

/// What a ledger may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Rows: a sheet that a person can still work with.
    pub rows: u64,
    /// Bytes of all its pictures. The writer keeps them twice for a moment and the file once.
    pub pictures: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 20_000,
            pictures: 64 * 1024 * 1024,
        }
    }
}

/// Reads the pictures that these rows show, from the first row on as long as there is room.
pub async fn album(vault: &Vault, rows: &[Row], limits: Limits) -> Album {
    let shown = rows.iter().flat_map(Row::shown);
    Album::fill(vault, shown.collect(), limits.pictures).await
}

/// The bytes of a workbook.
pub fn write(heading: &Heading, rows: Vec<Row>, album: Album) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    sheet::table(&mut book, heading, rows, &album)?;
    // The writer has its own copies by now.
    drop(album);
    book.save_to_buffer()
}
