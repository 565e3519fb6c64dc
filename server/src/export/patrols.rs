use super::cell::Cell;
use super::sheet::{Column, column};
use super::{About, Item, cells};
use domain::patrol::{Lacking, PatrolFinish, Tick};

pub(super) const COLUMNS: &[Column] = &[
    column("序号", 30),
    column("编号", 62),
    column("开始时间", 104),
    column("结束时间", 104),
    column("巡河人", 60),
    column("岗位", 96),
    column("河段", 96),
    column("区划", 64),
    column("定位时长（分钟）", 56),
    column("里程（米）", 66),
    column("占河段（%）", 72),
    column("轨迹中断（次）", 50),
    column("发现情况", 120),
    column("是否达到要求", 96),
    column("说明", 120),
    column("备注", 60),
];

/// 巡河台账: each patrol with what the phone computed, and why.
pub(super) fn cells(item: &Item, about: About<'_>, late: bool) -> Vec<Cell> {
    let registers = about.registers;
    let row = &item.stored.row;
    let end = item.record.finished.as_ref();
    let number = |of: fn(&PatrolFinish) -> u32| end.map_or(Cell::Empty, |f| Cell::number(of(f)));
    vec![
        Cell::text(&row.number),
        Cell::time(Some(row.recorded_ms)),
        Cell::time(item.ended),
        Cell::text(cells::author(item, registers)),
        Cell::text(cells::post(item.post.as_ref(), registers)),
        Cell::text(cells::reach(row.reach.as_ref(), registers)),
        Cell::text(cells::division(item, registers)),
        number(|f| f.seconds / 60),
        number(|f| f.metres),
        end.map_or(Cell::Empty, share),
        number(|f| f.gaps),
        Cell::text(end.map_or_else(String::new, found)),
        Cell::text(counted(item)),
        Cell::texts(end.into_iter().flat_map(said)),
        Cell::texts(cells::flags(item, late)),
    ]
}

/// The part of the reach, percent.
pub(super) fn share(end: &PatrolFinish) -> Cell {
    end.percent
        .map_or_else(|| Cell::text("无河段线"), Cell::number)
}

/// What was found, in the order of the form.
fn found(end: &PatrolFinish) -> String {
    if end.found.is_empty() {
        return "未见异常".to_owned();
    }
    let names = end.found.iter().map(tick_name);
    names.collect::<Vec<_>>().join("、")
}

/// What the chief said about it.
pub(super) fn said(end: &PatrolFinish) -> impl Iterator<Item = String> + use<> {
    let words = [end.explanation.clone(), end.note.clone()];
    words.into_iter().flatten()
}

/// What a supervisor ruled, before what the phone made of it.
pub(super) fn counted(item: &Item) -> String {
    let ruled = item.record.not_counted();
    ruled.map_or_else(
        || enough(item.record.finished.as_ref()),
        |r| format!("不予计次：{}", r.ruling.reason),
    )
}

/// What the phone made of it by the rule of that day.
fn enough(end: Option<&PatrolFinish>) -> String {
    match end {
        None => "未结束".to_owned(),
        Some(f) if f.rule.is_none() => "未定要求".to_owned(),
        Some(f) if f.lacking.is_nothing() => "达到".to_owned(),
        Some(f) => format!("未达（差{}）", lacks(f.lacking)),
    }
}

fn lacks(lacking: Lacking) -> String {
    let minutes = lacking.seconds.div_ceil(60);
    let parts = [
        (lacking.metres, "米"),
        (minutes, "分钟"),
        (lacking.percent.into(), "%河段"),
    ];
    let some = parts.into_iter().filter(|(lacks, _)| *lacks > 0);
    let said = some.map(|(lacks, of)| format!("{lacks}{of}"));
    said.collect::<Vec<_>>().join("、")
}

/// What a tick is called on paper.
pub(super) fn tick_name(tick: &Tick) -> &str {
    match tick {
        Tick::Rubbish => "漂浮物、垃圾",
        Tick::Discharge => "排污口异常、污水直排",
        Tick::Occupation => "乱占",
        Tick::Extraction => "乱采",
        Tick::Dumping => "乱堆",
        Tick::Building => "乱建",
        Tick::Water => "水色、气味异常",
        Tick::Works => "堤防、闸坝损坏",
        Tick::Board => "公示牌缺损",
        Tick::Else => "其他",
        Tick::Other(word) => word,
    }
}
