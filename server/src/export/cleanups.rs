use super::sheet::{self, Column};
use super::{Item, Ledger, Material, cells};
use domain::record::{AmountUnit, Fields, Outcome};
use rust_xlsxwriter::{Workbook, XlsxError};

const COLUMNS: [Column; 13] = [
    ("序号", 5.0),
    ("编号", 15.0),
    ("时间", 16.0),
    ("清理人", 12.0),
    ("区划", 12.0),
    ("河段", 20.0),
    ("位置（WGS-84）", 24.0),
    ("垃圾类型", 14.0),
    ("清理量", 9.0),
    ("处理情况", 12.0),
    ("清理前照片", 8.0),
    ("清理后照片", 8.0),
    ("备注", 24.0),
];

/// 清理台账: each clean-up, amounts as they were entered.
pub(super) fn write(book: &mut Workbook, material: &Material<'_>) -> Result<(), XlsxError> {
    let rows = material.items.iter();
    let rows = rows.map(|item| cells(item, material));
    sheet::table(book, Ledger::Cleanups.title(), material, &COLUMNS, rows)
}

fn cells(item: &Item, material: &Material<'_>) -> Vec<String> {
    let registers = material.registers;
    let row = &item.stored.row;
    let fields = cells::version(item).map(|v| &v.fields);
    let amount = match fields {
        Some(Fields::Cleanup(cleanup)) => cleanup.amount.as_ref(),
        _ => None,
    };
    let amount = amount.map(|a| format!("{}{}", a.value, unit(&a.unit)));
    let outcome = fields.and_then(Fields::outcome).map(outcome);
    let count = |photos: Option<&[domain::hash::Sha256]>| photos.map_or(0, <[_]>::len).to_string();
    let late = material.period.is_late(row.recorded_ms);
    let note = cells::words(item);
    vec![
        row.number.clone(),
        cells::time(row.recorded_ms),
        cells::author(item, registers),
        cells::division(item, registers),
        cells::reach(item, registers),
        cells::place(item),
        cells::problem(item, registers),
        amount.unwrap_or_default(),
        outcome.unwrap_or_default(),
        count(fields.map(Fields::before)),
        count(fields.map(Fields::after)),
        if late { format!("补报 {note}") } else { note },
    ]
}

fn unit(unit: &AmountUnit) -> &str {
    match unit {
        AmountUnit::Bag => "袋",
        AmountUnit::Tricycle => "三轮车",
        AmountUnit::Truck => "车",
        AmountUnit::CubicMetre => "方",
        AmountUnit::Other(word) => word,
    }
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::FixedOnSpot => "当场处理完",
        Outcome::ToFollow => "待整改后照片",
        Outcome::HandedUp => "已上报",
        Outcome::Other(word) => word,
    }
    .to_owned()
}
