use super::sheet::{self, Column};
use super::{Item, Ledger, Material, cells};
use domain::patrol::{PatrolFinish, Tick};
use domain::register::Registers;
use rust_xlsxwriter::{Workbook, XlsxError};

const COLUMNS: [Column; 13] = [
    ("序号", 5.0),
    ("编号", 15.0),
    ("开始时间", 16.0),
    ("巡河人", 12.0),
    ("岗位", 20.0),
    ("区划", 12.0),
    ("河段", 20.0),
    ("定位时长（分钟）", 9.0),
    ("里程（米）", 9.0),
    ("占河段（%）", 9.0),
    ("发现情况", 24.0),
    ("是否达到要求", 16.0),
    ("备注", 24.0),
];

/// 巡河台账: each patrol with what the phone computed, and why.
pub(super) fn write(book: &mut Workbook, material: &Material<'_>) -> Result<(), XlsxError> {
    let rows = material.items.iter();
    let rows = rows.map(|item| cells(item, material));
    sheet::table(book, Ledger::Patrols.title(), material, &COLUMNS, rows)
}

fn cells(item: &Item, material: &Material<'_>) -> Vec<String> {
    let registers = material.registers;
    let row = &item.stored.row;
    let end = item.record.finished.as_ref();
    let found = end.map(|f| {
        if f.found.is_empty() {
            return "未见异常".to_owned();
        }
        f.found.iter().map(tick_name).collect::<Vec<_>>().join("、")
    });
    let notes = end.map(|f| [f.explanation.clone(), f.note.clone()]);
    let mut notes: Vec<String> = notes.into_iter().flatten().flatten().collect();
    if material.period.is_late(row.recorded_ms) {
        notes.insert(0, "补报".to_owned());
    }
    vec![
        row.number.clone(),
        cells::time(row.recorded_ms),
        cells::author(item, registers),
        post(item, registers),
        cells::division(item, registers),
        cells::reach(item, registers),
        end.map(|f| (f.seconds / 60).to_string())
            .unwrap_or_default(),
        end.map(|f| f.metres.to_string()).unwrap_or_default(),
        end.map(share).unwrap_or_default(),
        found.unwrap_or_default(),
        counted(item),
        notes.join("；"),
    ]
}

/// The post acted under.
pub(super) fn post(item: &Item, registers: &Registers) -> String {
    let first = item.stored.entries.first();
    let header = first.and_then(|e| Some(e.entry.clone().check().ok()?.header().clone()));
    let post = header.and_then(|h| h.acting_post);
    let named = post.and_then(|p| registers.post(&p).map(|p| p.name.clone()));
    named.unwrap_or_default()
}

/// The part of the reach, percent.
pub(super) fn share(end: &PatrolFinish) -> String {
    end.percent
        .map_or_else(|| "无河段线".to_owned(), |p| p.to_string())
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
        Some(f) => {
            let minutes = f.lacking.seconds.div_ceil(60);
            format!("未达（差{}米、{minutes}分钟）", f.lacking.metres)
        }
    }
}

/// What a tick is called on paper.
pub(super) fn tick_name(tick: &Tick) -> String {
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
    .to_owned()
}
