use super::sheet::{self, Column};
use super::{Item, Ledger, Material, cells};
use domain::case::{Stage, Step};
use domain::register::Day;
use rust_xlsxwriter::{Workbook, XlsxError};

const COLUMNS: [Column; 18] = [
    ("序号", 5.0),
    ("编号", 15.0),
    ("发现时间", 16.0),
    ("发现人", 12.0),
    ("区划", 12.0),
    ("河段", 20.0),
    ("位置（WGS-84）", 24.0),
    ("问题类型", 16.0),
    ("问题描述", 24.0),
    ("交办时间", 16.0),
    ("责任单位（牵头）", 18.0),
    ("配合单位", 18.0),
    ("办理期限", 11.0),
    ("整改情况", 24.0),
    ("销号时间", 16.0),
    ("状态", 9.0),
    ("是否超期", 7.0),
    ("备注", 8.0),
];

/// 问题台账: whatever became a case.
pub(super) fn write(book: &mut Workbook, material: &Material<'_>) -> Result<(), XlsxError> {
    let rows = material
        .items
        .iter()
        .filter(|i| i.case.stage != Stage::OnSpot);
    let rows = rows.map(|item| cells(item, material));
    sheet::table(book, Ledger::Problems.title(), material, &COLUMNS, rows)
}

fn cells(item: &Item, material: &Material<'_>) -> Vec<String> {
    let registers = material.registers;
    let row = &item.stored.row;
    let handed = cells::last(item, |s| matches!(s, Step::HandOver { .. }));
    let (mut lead, mut helping) = (String::new(), String::new());
    if let Some(Step::HandOver {
        lead: unit,
        assisting,
        ..
    }) = handed.map(|t| &t.step)
    {
        lead = cells::unit(unit, registers);
        let units = assisting.iter().map(|u| cells::unit(u, registers));
        helping = units.collect::<Vec<_>>().join("、");
    }
    let done = cells::last(item, |s| {
        matches!(s, Step::ApplyClosure { .. } | Step::Progress { .. })
    });
    let closed = cells::last(item, |s| matches!(s, Step::Close { .. }));
    let closed_at = closed.and_then(|t| t.received);
    let due = item.case.due.map(|d| d.now);
    let until = closed_at.or(material.period.to.plus_days(1).map(Day::begins));
    let over = due
        .zip(until.and_then(Day::in_china))
        .is_some_and(|(due, until)| until > due);
    let late = material.period.is_late(row.recorded_ms);
    vec![
        row.number.clone(),
        cells::time(row.recorded_ms),
        cells::author(item, registers),
        cells::division(item, registers),
        cells::reach(item, registers),
        cells::place(item),
        cells::problem(item, registers),
        cells::words(item),
        handed.map(|t| cells::time(t.at)).unwrap_or_default(),
        lead,
        helping,
        due.map(|d| d.to_string()).unwrap_or_default(),
        done.and_then(|t| t.step.text())
            .unwrap_or_default()
            .to_owned(),
        closed_at.map(cells::time).unwrap_or_default(),
        cells::stage(&item.case.stage).to_owned(),
        if over { "是" } else { "否" }.to_owned(),
        if late { "补报" } else { "" }.to_owned(),
    ]
}
