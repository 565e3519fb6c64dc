use super::body::Body;
use super::fit::{self, LINE_PX};
use super::{Album, Ledger, Row, cells, look};
use domain::register::Period;
use domain::time::WallMs;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

/// A column of a ledger.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// The heading above it and its neighbours; none if empty.
    group: &'static str,
    /// Its own heading.
    pub(super) name: &'static str,
    /// Pixels.
    pub(super) width: u32,
}

/// A column by itself; its width in pixels.
pub(super) const fn column(name: &'static str, width: u32) -> Column {
    grouped("", name, width)
}

/// A column below a heading that it shares with its neighbours.
pub(super) const fn grouped(group: &'static str, name: &'static str, width: u32) -> Column {
    Column { group, name, width }
}

/// What stands above the rows of a ledger.
#[derive(Debug, Clone)]
pub struct Heading {
    /// Which ledger.
    pub ledger: Ledger,
    /// 填报单位: who hands it in.
    pub unit: String,
    /// 范围: whose records.
    pub scope: String,
    /// The days.
    pub period: Period,
    /// The server's clock.
    pub made: WallMs,
}

/// Cells are written in 9 points: a row of 25 columns must still be read on A4.
pub(super) const SIZE: f64 = 9.0;
/// Title and line; the headings follow.
const HEAD: u32 = 2;

/// Writes one ledger.
pub(super) fn table(
    book: &mut Workbook,
    heading: &Heading,
    rows: Vec<Row>,
    album: &Album,
) -> Result<(), XlsxError> {
    let page = book.add_worksheet();
    let columns = heading.ledger.columns();
    let late = rows.iter().filter(|r| r.late).count();
    set_up(page, heading)?;
    let first = head(page, heading, (rows.len(), late), columns)?;
    let mut body = Body::below(page, first, columns, album);
    for row in rows {
        body.add(row)?;
    }
    let after = body.end();
    foot(page, after, heading.ledger, album.left_out())
}

/// A4 across, one page wide, pages numbered, headings on each.
fn set_up(page: &mut Worksheet, heading: &Heading) -> Result<(), XlsxError> {
    page.set_name(heading.ledger.title())?;
    page.set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_print_center_horizontally(true)
        .set_margins(0.25, 0.25, 0.4, 0.5, 0.2, 0.25)
        .set_footer(format!(
            "&L&8导出 {}&C&8第 &P 页，共 &N 页",
            cells::time(heading.made)
        ));
    Ok(())
}

/// Title, line and headings; returns the first row below.
fn head(
    page: &mut Worksheet,
    heading: &Heading,
    (count, late): (usize, usize),
    columns: &[Column],
) -> Result<u32, XlsxError> {
    let last = last(columns);
    let (title, Period { from, to }) = (heading.ledger.title(), heading.period);
    page.merge_range(0, 0, 0, last, title, &look::title())?;
    page.set_row_height_pixels(0, 40)?;
    let line = format!(
        "填报单位：{}　　范围：{}　　期间：{from} 至 {to}　　共 {count} 条，其中补报 {late} 条",
        heading.unit, heading.scope,
    );
    page.merge_range(1, 0, 1, last, &line, &look::line(11.0))?;
    page.set_row_height_pixels(1, 24)?;
    for (at, column) in (0..).zip(columns) {
        page.set_column_width_pixels(at, column.width)?;
    }
    let first = headings(page, columns)?;
    page.set_freeze_panes(first, 2)?;
    page.set_repeat_rows(HEAD, first - 1)?;
    Ok(first)
}

/// The headings, in two rows where neighbours share one.
fn headings(page: &mut Worksheet, columns: &[Column]) -> Result<u32, XlsxError> {
    let look = look::heading(SIZE);
    let deep = columns.iter().any(|c| !c.group.is_empty());
    let below = HEAD + u32::from(deep);
    let mut at: u16 = 0;
    for run in columns.chunk_by(|a, b| a.group == b.group && !a.group.is_empty()) {
        let end = at + last(run);
        match (run, run[0].group) {
            ([_, _, ..], group) => {
                page.merge_range(HEAD, at, HEAD, end, group, &look)?;
            }
            ([one], "") if deep => {
                page.merge_range(HEAD, at, below, at, one.name, &look)?;
            }
            (_, group) => {
                page.write_string_with_format(HEAD, at, group, &look)?;
            }
        }
        for (at, column) in (at..).zip(run) {
            if !(deep && column.group.is_empty()) {
                page.write_string_with_format(below, at, column.name, &look)?;
            }
        }
        at = end + 1;
    }
    let high = columns.iter().map(|c| fit::height(c.name, c.width)).max();
    page.set_row_height_pixels(below, high.unwrap_or(LINE_PX))?;
    Ok(below + 1)
}

/// What the reader should know, and where people sign.
fn foot(page: &mut Worksheet, row: u32, ledger: Ledger, left_out: usize) -> Result<(), XlsxError> {
    let last = last(ledger.columns());
    let more = match left_out {
        0 => String::new(),
        some => format!("照片超出一个文件的容量，另有 {some} 张未附，请按区划或较短期间分开导出。"),
    };
    let note = format!(
        "注：按平台收到的日期列入，期前记录、本期收到的为补报；{}{more}",
        ledger.note()
    );
    page.merge_range(row, 0, row, last, &note, &look::line(SIZE))?;
    page.set_row_height_pixels(row, 2 * LINE_PX)?;
    let third = last / 3;
    let places = [
        (0, third, "填报人："),
        (third + 1, 2 * third, "审核人："),
        (2 * third + 1, last, "填报日期：　　　　年　　　月　　　日"),
    ];
    for (from, to, sign) in places {
        page.merge_range(row + 1, from, row + 1, to, sign, &look::line(12.0))?;
    }
    page.set_row_height_pixels(row + 1, 48)?;
    Ok(())
}

fn last(columns: &[Column]) -> u16 {
    u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX)
}
