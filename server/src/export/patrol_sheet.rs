use super::cell::Cell;
use super::form::Form;
use super::pictures::Pictures;
use super::{Album, Item, Limits, cells, patrols};
use crate::blobs::Vault;
use crate::registry::name_of;
use domain::case::Stage;
use domain::patrol::Tick;
use domain::register::Registers;
use rust_xlsxwriter::{Workbook, XlsxError};

/// Reports that find room on the page.
const REPORTS: usize = 5;
/// Pictures that find room on the page.
const PICTURES: usize = 4;

/// 巡河记录表: one patrol on one A4 page, with the ten rows of what is looked at, what was
/// reported on the way, and lines to sign.
#[derive(Debug)]
pub struct PatrolSheet {
    patrol: Item,
    reports: Vec<Item>,
    pictures: Vec<(String, Pictures)>,
    album: Album,
}

impl PatrolSheet {
    /// Of a patrol and the reports made on it, oldest first; reads their pictures.
    pub async fn of(
        patrol: Item,
        reports: Vec<Item>,
        registers: &Registers,
        vault: &Vault,
    ) -> Self {
        let pictures = first_pictures(&reports, registers);
        let shown = pictures.iter().filter_map(|(_, these)| these.shown());
        let album = Album::fill(vault, shown.collect(), Limits::default().pictures).await;
        Self {
            patrol,
            reports,
            pictures,
            album,
        }
    }

    /// The bytes of a workbook.
    pub fn write(&self, registers: &Registers) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let mut form = Form::begin(book.add_worksheet(), "巡河记录表")?;
        self.facts(&mut form, registers)?;
        self.looked_at(&mut form)?;
        self.reported(&mut form, registers)?;
        let said = self.patrol.record.finished.iter().flat_map(patrols::said);
        form.wide("说明", &said.collect::<Vec<_>>().join("；"), 48)?;
        form.signs("巡河人签字", "河长办签字")?;
        form.note("时长、里程由手机定位计算，是否计次由上级认定；时间为北京时间；照片为平台所存小图，原图、轨迹和凭证见平台。")?;
        book.save_to_buffer()
    }

    fn facts(&self, form: &mut Form<'_>, registers: &Registers) -> Result<(), XlsxError> {
        let (item, row) = (&self.patrol, &self.patrol.stored.row);
        let end = item.record.finished.as_ref();
        let number = |of: Option<u32>| of.map_or(Cell::Empty, Cell::number);
        let last = item.stored.entries.iter().map(|e| e.received_ms).max();
        form.pair(
            ("编号", Cell::text(&row.number)),
            ("巡河人", Cell::text(cells::author(item, registers))),
        )?;
        form.pair(
            (
                "岗位",
                Cell::text(cells::post(item.post.as_ref(), registers)),
            ),
            (
                "河段",
                Cell::text(cells::reach(row.reach.as_ref(), registers)),
            ),
        )?;
        form.pair(
            ("开始时间", Cell::time(Some(row.recorded_ms))),
            ("结束时间", Cell::time(item.ended)),
        )?;
        form.pair(
            ("定位时长（分钟）", number(end.map(|f| f.seconds / 60))),
            ("里程（米）", number(end.map(|f| f.metres))),
        )?;
        form.pair(
            ("占河段（%）", end.map_or(Cell::Empty, patrols::share)),
            ("轨迹中断（次）", number(end.map(|f| f.gaps))),
        )?;
        form.pair(
            ("是否达到要求", Cell::text(patrols::counted(&self.patrol))),
            ("平台收到", Cell::time(last)),
        )?;
        let there = cells::version(item).map(|v| v.body.participants.as_slice());
        let names = there.unwrap_or_default().iter();
        let names = names.map(|p| name_of(registers, &p.person));
        form.wide("同行人员", &names.collect::<Vec<_>>().join("、"), 32)
    }

    fn looked_at(&self, form: &mut Form<'_>) -> Result<(), XlsxError> {
        let end = self.patrol.record.finished.as_ref();
        let said = |tick: &Tick| match end {
            None => Cell::Empty,
            Some(f) if f.found.contains(tick) => Cell::text("√ 发现"),
            Some(_) => Cell::text("未见异常"),
        };
        form.band("巡查情况")?;
        for pair in Tick::ALL.chunks(2) {
            if let [left, right] = pair {
                form.pair(
                    (patrols::tick_name(left), said(left)),
                    (patrols::tick_name(right), said(right)),
                )?;
            }
        }
        Ok(())
    }

    /// What was reported on the way.
    fn reported(&self, form: &mut Form<'_>, registers: &Registers) -> Result<(), XlsxError> {
        let count = self.reports.len();
        if count == 0 {
            return form.band("途中上报：无");
        }
        form.band(&format!("途中上报：{count} 件"))?;
        form.names(["编号", "类型", "处理情况", "说明"])?;
        for item in self.reports.iter().take(REPORTS) {
            form.line(&[
                Cell::text(&item.stored.row.number),
                Cell::text(cells::problem(item, registers)),
                Cell::text(handled(item)),
                Cell::text(excerpt(&cells::words(item))),
            ])?;
        }
        if let Some(more) = count.checked_sub(REPORTS).filter(|more| *more > 0) {
            form.note(&format!("另有 {more} 件，见平台。"))?;
        }
        if self.pictures.is_empty() {
            return Ok(());
        }
        form.pictures(&self.pictures, &self.album)
    }
}

/// As many as find room, the oldest report's first.
fn first_pictures(reports: &[Item], registers: &Registers) -> Vec<(String, Pictures)> {
    let all = reports.iter().flat_map(|item| pictures(item, registers));
    all.take(PICTURES).collect()
}

/// The pictures of a report, before and after, each with what it shows.
fn pictures(item: &Item, registers: &Registers) -> Vec<(String, Pictures)> {
    let Some(fields) = cells::version(item).map(|v| &v.fields) else {
        return Vec::new();
    };
    let problem = cells::problem(item, registers);
    let states = [(fields.before(), ""), (fields.after(), "（处理后）")];
    let any = states.into_iter().filter(|(photos, _)| !photos.is_empty());
    any.map(|(photos, state)| {
        let pictures = Pictures::of(&item.stored, &item.record.author, photos, None);
        (format!("{problem}{state}"), pictures)
    })
    .collect()
}

/// Where its case stands, or what became of it on the spot.
fn handled(item: &Item) -> &str {
    if item.case.stage != Stage::OnSpot {
        return cells::stage(&item.case.stage);
    }
    let fields = cells::version(item).map(|v| &v.fields);
    fields.and_then(|f| f.outcome()).map_or("", cells::outcome)
}

/// As many words as leave room for the others.
fn excerpt(words: &str) -> String {
    const WORDS: usize = 40;
    match words.char_indices().nth(WORDS) {
        Some((cut, _)) => format!("{}…", &words[..cut]),
        None => words.to_owned(),
    }
}
