//! How the demonstration counts days.

use super::{
    DemoError,
    table::{COUNTING, HOLIDAYS, read},
};
use domain::register::{
    CountedDays, CountingRule, Day, DivisionId, Holiday, HolidayTable, OnHoliday, Term,
};
use serde::Deserialize;

/// The notice that every row of the file is from; `SOURCES.md` says where it was read.
const NOTICE: &str = "国务院办公厅关于2026年部分节假日安排的通知（2025-11-04）";

#[derive(Deserialize)]
struct HolidayRow {
    year: u16,
    /// `off`, or `work` for 调休上班.
    kind: String,
    name: String,
    from: Day,
    to: Day,
}

/// The tables, by year.
pub(super) fn holidays() -> Result<Vec<HolidayTable>, DemoError> {
    let mut tables: Vec<HolidayTable> = Vec::new();
    for row in read::<HolidayRow>(HOLIDAYS)? {
        let known = tables.iter().position(|t| t.year == row.year);
        let at = known.unwrap_or_else(|| {
            tables.push(HolidayTable {
                year: row.year,
                off: Vec::new(),
                work: Vec::new(),
                source: NOTICE.to_owned(),
            });
            tables.len() - 1
        });
        match row.kind.as_str() {
            "off" => tables[at].off.push(Holiday {
                name: row.name,
                from: row.from,
                to: row.to,
            }),
            "work" if row.from == row.to => tables[at].work.push(row.from),
            _ => return Err(HOLIDAYS.broken(format!("{} from {}", row.kind, row.from))),
        }
    }
    Ok(tables)
}

#[derive(Deserialize)]
struct CountingRow {
    division: DivisionId,
    days: CountedDays,
    on_holiday: OnHoliday,
    source: String,
}

/// The rules of counties that do not count natural days.
pub(super) fn counting() -> Result<Vec<CountingRule>, DemoError> {
    let from: Day = super::SINCE.parse().map_err(|e| COUNTING.broken(e))?;
    let rule = |row: CountingRow| CountingRule {
        division: row.division,
        days: row.days,
        on_holiday: row.on_holiday,
        term: Term { from, to: None },
        source: row.source,
    };
    Ok(read(COUNTING)?.into_iter().map(rule).collect())
}
