use super::cell::Cell;
use super::pictures::Shown;
use super::{Item, Ledger, cleanups, patrols, problems};
use domain::ids::RecordId;
use domain::register::{Period, Registers};
use domain::time::WallMs;

/// What the rows of a ledger are made with.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The registers of today: names.
    pub registers: &'a Registers,
    /// The days of the ledger.
    pub period: Period,
    /// The server's clock.
    pub now: WallMs,
}

/// One row, made as soon as its record is read: a ledger keeps its cells, not its records.
#[derive(Debug)]
pub struct Row {
    /// Rows stand in the order in which their records were received.
    pub(super) place: (WallMs, RecordId),
    /// The record's number, for who cannot see its pictures.
    pub(super) number: String,
    /// 补报
    pub(super) late: bool,
    /// From the second column on.
    pub(super) cells: Vec<Cell>,
}

impl Row {
    /// The row of a record; `None` if it does not belong in that ledger.
    pub(super) fn of(ledger: Ledger, item: &Item, about: About<'_>) -> Option<Self> {
        let late = about.period.is_late(item.stored.row.recorded_ms);
        let cells = match ledger {
            Ledger::Problems => problems::cells(item, about, late),
            Ledger::Cleanups => cleanups::cells(item, about, late),
            Ledger::Patrols => Some(patrols::cells(item, about, late)),
        }?;
        let row = &item.stored.row;
        Some(Self {
            place: (row.received_ms, row.record_id),
            number: row.number.clone(),
            late,
            cells,
        })
    }

    /// The small copies that it should show.
    pub(super) fn shown(&self) -> impl Iterator<Item = Shown> {
        self.cells.iter().filter_map(|cell| match cell {
            Cell::Pictures(pictures) => pictures.shown(),
            _ => None,
        })
    }
}
