use super::cell::Cell;
use super::pictures::Pictures;
use super::sheet::{Column, column, grouped};
use super::{About, Item, cells};
use crate::registry::name_of;
use domain::case::{Case, Stage, Step, Taken};
use domain::record::Fields;
use domain::register::{Day, Registers};

pub(super) const COLUMNS: &[Column] = &[
    column("序号", 28),
    column("编号", 56),
    grouped("发现", "日期", 66),
    grouped("发现", "发现人", 50),
    grouped("发现", "河段、区划", 80),
    grouped("发现", "位置", 76),
    grouped("问题", "类型", 60),
    grouped("问题", "描述", 92),
    grouped("问题", "整改前照片", 98),
    grouped("交办", "日期", 66),
    grouped("交办", "牵头单位", 70),
    grouped("交办", "配合单位", 66),
    grouped("交办", "承办人", 50),
    grouped("期限", "首次期限", 66),
    grouped("期限", "现期限", 66),
    grouped("期限", "延期次数", 34),
    grouped("期限", "13710起算", 66),
    grouped("整改", "整改情况", 92),
    grouped("整改", "整改后照片", 98),
    grouped("整改", "办结日期", 66),
    grouped("销号", "日期", 66),
    grouped("销号", "复核人", 50),
    column("状态", 46),
    column("超期天数", 34),
    column("备注", 62),
];

/// 问题台账: whatever became a case. `None` for what did not.
pub(super) fn cells(item: &Item, about: About<'_>, late: bool) -> Option<Vec<Cell>> {
    let case = &item.case;
    if case.stage == Stage::OnSpot {
        return None;
    }
    let registers = about.registers;
    let row = &item.stored.row;
    let fields = cells::version(item).map(|v| &v.fields);
    let before = fields.map(Fields::before).unwrap_or_default();
    let none = fields.and_then(cells::no_photo);
    let lead = case.lead();
    let units = |lead: bool| {
        let duties = case.duties.iter().filter(move |d| d.lead == lead);
        let names = duties.map(|d| cells::unit(&d.unit, registers));
        Cell::text(names.collect::<Vec<_>>().join("、"))
    };
    let assignee = lead.and_then(|d| d.assignee.as_ref());
    let told = last(case, |s| {
        matches!(s, Step::ApplyClosure { .. } | Step::Progress { .. })
    });
    let told = told.and_then(|t| t.step.text()).unwrap_or_default();
    let closed = last(case, |s| matches!(s, Step::Close { .. }));
    Some(vec![
        Cell::text(&row.number),
        Cell::day_of(Some(row.recorded_ms)),
        Cell::text(cells::author(item, registers)),
        Cell::text(where_to(item, registers)),
        Cell::text(cells::place(item)),
        Cell::text(cells::problem(item, registers)),
        Cell::text(cells::words(item)),
        Cell::Pictures(Pictures::of(
            &item.stored,
            &item.record.author,
            before,
            none,
        )),
        Cell::day_of(lead.map(|d| d.handed)),
        units(true),
        units(false),
        Cell::text(assignee.map_or_else(String::new, |p| name_of(registers, p))),
        Cell::day(case.due.map(|d| d.first)),
        Cell::day(case.due.map(|d| d.now)),
        extensions(case),
        Cell::day(case.ladder.as_ref().map(|l| l.from)),
        Cell::text(told),
        Cell::Pictures(after(item)),
        Cell::day(done(case)),
        Cell::day_of(closed.and_then(|t| t.received)),
        Cell::text(closed.map_or_else(String::new, |t| name_of(registers, &t.author))),
        Cell::text(cells::stage(&case.stage)),
        overdue(case, about).map_or(Cell::Empty, Cell::number),
        Cell::texts(remarks(item, registers, late)),
    ])
}

fn where_to(item: &Item, registers: &Registers) -> String {
    let reach = cells::reach(item.stored.row.reach.as_ref(), registers);
    let division = cells::division(item, registers);
    let lines = [reach, division].into_iter().filter(|l| !l.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// The newest step of a sort that took effect.
fn last(case: &Case, sort: impl Fn(&Step) -> bool) -> Option<&Taken> {
    let mut newest = case.steps.iter().rev();
    newest.find(|t| t.verdict.counts() && sort(&t.step))
}

/// What shows that it is put right: the pictures of the unit, else those of the reporter.
fn after(item: &Item) -> Pictures {
    let applied = last(&item.case, |s| matches!(s, Step::ApplyClosure { .. }));
    let applied = applied.filter(|t| !t.step.photos().is_empty());
    if let Some(taken) = applied {
        return Pictures::of(&item.stored, &taken.author, taken.step.photos(), None);
    }
    let fields = cells::version(item).map(|v| &v.fields);
    let photos = fields.map(Fields::after).unwrap_or_default();
    Pictures::of(&item.stored, &item.record.author, photos, None)
}

/// 办结: the day on which the unit said that it is done, unless the desk sent it back since.
fn done(case: &Case) -> Option<Day> {
    if !matches!(case.stage, Stage::ClosureApplied | Stage::Closed) {
        return None;
    }
    let applied = last(case, |s| matches!(s, Step::ApplyClosure { .. }));
    applied.and_then(|t| Day::in_china(t.at))
}

/// How often more time was granted; nothing before the case is handed over.
fn extensions(case: &Case) -> Cell {
    let granted = |t: &&Taken| {
        let yes = matches!(t.step, Step::DecideExtension { granted: true, .. });
        t.verdict.counts() && yes
    };
    let count = case.steps.iter().filter(granted).count();
    match case.due {
        Some(_) => Cell::number(u32::try_from(count).unwrap_or(u32::MAX)),
        None => Cell::Empty,
    }
}

/// Days beyond the date that holds, by the unit's clock: to the day on which it was done, else
/// to the end of the period, or to today if that comes first. `None` without a date.
fn overdue(case: &Case, about: About<'_>) -> Option<u32> {
    let due = case.due?.now;
    let today = Day::in_china(about.now)?;
    let seen = done(case).unwrap_or(today.min(about.period.to));
    Some(u32::try_from(due.days_until(seen)).unwrap_or(0))
}

fn remarks(item: &Item, registers: &Registers, late: bool) -> Vec<String> {
    let case = &item.case;
    let ended = last(case, |s| {
        matches!(s, Step::Reject { .. } | Step::Withdraw { .. })
    });
    let ended = ended.filter(|_| !case.stage.is_open());
    let why = ended.and_then(|t| t.step.text()).map(str::to_owned);
    let asked = case.asked.as_ref().map(|a| format!("申请延期至{}", a.due));
    let desk = case.escalated.as_ref();
    let desk = desk.and_then(|d| registers.tree().get(d));
    let desk = desk.map(|d| format!("已上报{}", d.name));
    let urged = (!case.urged.is_empty()).then(|| "催办未回复".to_owned());
    let more = [why, asked, desk, urged];
    cells::flags(item, late)
        .chain(more.into_iter().flatten())
        .collect()
}
