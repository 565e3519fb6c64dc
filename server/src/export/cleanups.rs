use super::cell::Cell;
use super::pictures::Pictures;
use super::sheet::{Column, column};
use super::{About, Item, cells};
use domain::case::Stage;
use domain::record::{Amount, AmountUnit, Fields};

pub(super) const COLUMNS: &[Column] = &[
    column("序号", 30),
    column("编号", 62),
    column("时间", 104),
    column("处理人", 60),
    column("岗位", 80),
    column("河段", 90),
    column("区划", 64),
    column("位置", 110),
    column("类别", 50),
    column("问题（垃圾）类型", 76),
    column("清理量", 48),
    column("单位", 44),
    column("处理情况", 70),
    column("处理前照片", 110),
    column("处理后照片", 110),
    column("说明", 120),
    column("备注", 80),
];

/// 垃圾清理、立行立改台账: each clean-up, amounts as they were entered, and what else was put
/// right on the spot.
pub(super) fn cells(item: &Item, about: About<'_>, late: bool) -> Option<Vec<Cell>> {
    let registers = about.registers;
    let row = &item.stored.row;
    let fields = &cells::version(item)?.fields;
    let sort = match fields {
        Fields::Cleanup(_) => "清理",
        Fields::Finding(_) | Fields::Discharge(_) if item.case.stage == Stage::OnSpot => "立行立改",
        _ => return None,
    };
    let cleanup = match fields {
        Fields::Cleanup(cleanup) => Some(cleanup),
        _ => None,
    };
    let amount = cleanup.and_then(|c| c.amount.as_ref());
    let campaign = cleanup.and_then(|c| c.campaign.clone());
    let author = &item.record.author;
    let picture = |of, none| Cell::Pictures(Pictures::of(&item.stored, author, of, none));
    Some(vec![
        Cell::text(&row.number),
        Cell::time(Some(row.recorded_ms)),
        Cell::text(cells::author(item, registers)),
        Cell::text(cells::post(item.post.as_ref(), registers)),
        Cell::text(cells::reach(row.reach.as_ref(), registers)),
        Cell::text(cells::division(item, registers)),
        Cell::text(cells::place(item)),
        Cell::text(sort),
        Cell::text(cells::problem(item, registers)),
        amount.map_or(Cell::Empty, value),
        Cell::text(amount.map_or("", |a| unit(&a.unit))),
        Cell::text(fields.outcome().map_or("", cells::outcome)),
        picture(fields.before(), cells::no_photo(fields)),
        picture(fields.after(), None),
        Cell::text(cells::words(item)),
        Cell::texts(cells::flags(item, late).chain(campaign)),
    ])
}

/// The number that was entered; what is none stays as it is.
fn value(amount: &Amount) -> Cell {
    let number = amount.value.parse().ok().filter(|n: &f64| n.is_finite());
    number.map_or_else(|| Cell::text(&amount.value), Cell::number)
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
