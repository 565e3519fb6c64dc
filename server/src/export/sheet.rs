use super::Material;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// A column: its heading and its width in characters.
pub(super) type Column = (&'static str, f64);

/// Writes one ledger: its head, then a row for each item that belongs in it.
pub(super) fn table(
    book: &mut Workbook,
    title: &str,
    material: &Material<'_>,
    columns: &[Column],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<(), XlsxError> {
    let mut sheet = Sheet::begin(book, title, material, columns)?;
    for cells in rows {
        sheet.row(&cells)?;
    }
    Ok(())
}

/// A sheet as a county office expects it: a merged title, the period, bordered cells, the
/// headings repeated on every printed page, A4 across, one page wide.
struct Sheet<'a> {
    page: &'a mut Worksheet,
    cell: Format,
    row: u32,
}

impl<'a> Sheet<'a> {
    fn begin(
        book: &'a mut Workbook,
        title: &str,
        material: &Material<'_>,
        columns: &[Column],
    ) -> Result<Self, XlsxError> {
        let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let sheet = book.add_worksheet();
        sheet.set_name(title)?;
        let head = Format::new()
            .set_bold()
            .set_font_size(16)
            .set_align(FormatAlign::Center);
        let under = Format::new().set_align(FormatAlign::Right);
        let period = material.period;
        let line = format!(
            "单位：{}　　期间：{} 至 {}　　共 {} 条",
            material.office,
            period.from,
            period.to,
            material.items.len()
        );
        sheet.merge_range(0, 0, 0, last, title, &head)?;
        sheet.merge_range(1, 0, 1, last, &line, &under)?;
        let heading = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_border(FormatBorder::Thin)
            .set_background_color("#E0EEF3")
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter);
        for (at, (name, width)) in (0..).zip(columns) {
            sheet.set_column_width(at, *width)?;
            sheet.write_string_with_format(2, at, *name, &heading)?;
        }
        sheet.set_freeze_panes(3, 0)?;
        sheet.set_repeat_rows(2, 2)?;
        sheet.set_landscape().set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_footer("&C第 &P 页，共 &N 页");
        // Whatever a cell begins with, it is text and never a formula.
        let cell = Format::new()
            .set_text_wrap()
            .set_quote_prefix()
            .set_border(FormatBorder::Thin)
            .set_align(FormatAlign::VerticalCenter);
        Ok(Self {
            page: sheet,
            cell,
            row: 3,
        })
    }

    /// Writes a row; its first cell is its number.
    fn row(&mut self, cells: &[String]) -> Result<(), XlsxError> {
        let row = self.row;
        let number = f64::from(row - 2);
        self.page
            .write_number_with_format(row, 0, number, &self.cell)?;
        for (at, text) in (1..).zip(cells) {
            self.page
                .write_string_with_format(row, at, text, &self.cell)?;
        }
        self.row += 1;
        Ok(())
    }
}
