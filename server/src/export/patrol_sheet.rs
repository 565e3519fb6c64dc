use super::{Item, cells, patrols};
use domain::patrol::{PatrolFinish, Tick};
use domain::register::Registers;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// 巡河记录表: one patrol on one A4 page, with the ten rows of what is looked at and lines to
/// sign.
pub fn patrol_sheet(item: &Item, registers: &Registers) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name("巡河记录表")?;
    page.set_paper_size(9).set_print_fit_to_pages(1, 1);
    page.set_print_center_horizontally(true);
    for (column, width) in [(0, 16.0), (1, 26.0), (2, 16.0), (3, 26.0)] {
        page.set_column_width(column, width)?;
    }
    let title = Format::new()
        .set_bold()
        .set_font_size(18)
        .set_align(FormatAlign::Center);
    page.merge_range(0, 0, 0, 3, "巡河记录表", &title)?;
    let mut form = Form::on(page);
    let end = item.record.finished.as_ref();
    let number = item.stored.row.number.clone();
    form.pair(("编号", number), ("巡河人", cells::author(item, registers)))?;
    form.pair(
        ("岗位", patrols::post(item, registers)),
        ("河段", cells::reach(item, registers)),
    )?;
    let last = item.stored.entries.iter().map(|e| e.received_ms).max();
    form.pair(
        ("开始时间", cells::time(item.stored.row.recorded_ms)),
        ("平台收到", last.map(cells::time).unwrap_or_default()),
    )?;
    form.pair(
        (
            "定位时长",
            end.map(|f| format!("{} 分钟", f.seconds / 60))
                .unwrap_or_default(),
        ),
        (
            "里程",
            end.map(|f| format!("{} 米", f.metres)).unwrap_or_default(),
        ),
    )?;
    form.pair(
        ("占河段", end.map(patrols::share).unwrap_or_default()),
        ("是否达到要求", patrols::counted(item)),
    )?;
    for pair in Tick::ALL.chunks(2) {
        let cell = |tick: &Tick| (patrols::tick_name(tick), said(end, tick));
        if let [left, right] = pair {
            let ((a, x), (b, y)) = (cell(left), cell(right));
            form.pair((&a, x), (&b, y))?;
        }
    }
    let words = |f: &PatrolFinish| [f.explanation.clone(), f.note.clone()];
    let words: Vec<String> = end.map(words).into_iter().flatten().flatten().collect();
    form.wide("说明", &words.join("；"))?;
    form.pair(("巡河人签字", String::new()), ("河长办签字", String::new()))?;
    book.save_to_buffer()
}

fn said(end: Option<&PatrolFinish>, tick: &Tick) -> String {
    match end {
        None => "",
        Some(f) if f.found.contains(tick) => "√ 发现",
        Some(_) => "未见异常",
    }
    .to_owned()
}

struct Form<'a> {
    page: &'a mut Worksheet,
    name: Format,
    value: Format,
    row: u32,
}

impl<'a> Form<'a> {
    fn on(page: &'a mut Worksheet) -> Self {
        let cell = || {
            Format::new()
                .set_border(FormatBorder::Thin)
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
        };
        Self {
            page,
            name: cell().set_bold().set_background_color("#E0EEF3"),
            value: cell().set_quote_prefix(),
            row: 2,
        }
    }

    fn pair(&mut self, left: (&str, String), right: (&str, String)) -> Result<(), XlsxError> {
        for (at, (name, value)) in [(0, left), (2, right)] {
            let page = &mut *self.page;
            page.write_string_with_format(self.row, at, name, &self.name)?;
            page.write_string_with_format(self.row, at + 1, value, &self.value)?;
        }
        self.page.set_row_height(self.row, 30)?;
        self.row += 1;
        Ok(())
    }

    fn wide(&mut self, name: &str, value: &str) -> Result<(), XlsxError> {
        let row = self.row;
        self.page
            .write_string_with_format(row, 0, name, &self.name)?;
        self.page.merge_range(row, 1, row, 3, value, &self.value)?;
        self.page.set_row_height(row, 60)?;
        self.row += 1;
        Ok(())
    }
}
