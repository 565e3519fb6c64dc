use super::cell::{Cell, time_serial};
use super::fit::{self, Frame, LINE_PX};
use super::pictures::Pictures;
use super::{Album, look};
use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

/// Four columns of the same width fill A4 upright.
const COLUMNS: u16 = 4;
const WIDTH: u32 = 164;
const SIZE: f64 = 10.0;
/// A line of a form, high enough to write in by hand.
const ROW_PX: u32 = 32;
/// Words of 10 points in a cell that is measured for 9.
const fn narrowed(width: u32) -> u32 {
    width * 9 / 10
}

/// A form of one page: fields in pairs, bands, a small table, pictures.
pub(super) struct Form<'a> {
    page: &'a mut Worksheet,
    name: Format,
    text: Format,
    row: u32,
}

impl<'a> Form<'a> {
    pub(super) fn begin(page: &'a mut Worksheet, title: &str) -> Result<Self, XlsxError> {
        page.set_name(title)?;
        page.set_paper_size(9)
            .set_print_fit_to_pages(1, 1)
            .set_print_center_horizontally(true)
            .set_margins(0.5, 0.5, 0.5, 0.5, 0.2, 0.2);
        for column in 0..COLUMNS {
            page.set_column_width_pixels(column, WIDTH)?;
        }
        page.merge_range(0, 0, 0, COLUMNS - 1, title, &look::title())?;
        page.set_row_height_pixels(0, 44)?;
        Ok(Self {
            page,
            name: look::heading(SIZE),
            text: look::text(SIZE),
            row: 1,
        })
    }

    /// Two fields side by side.
    pub(super) fn pair(
        &mut self,
        left: (&str, Cell),
        right: (&str, Cell),
    ) -> Result<(), XlsxError> {
        let mut high = ROW_PX;
        for (at, (name, cell)) in [(0, left), (2, right)] {
            self.page
                .write_string_with_format(self.row, at, name, &self.name)?;
            high = high.max(self.cell(at + 1, &cell)?);
        }
        self.end(high)
    }

    /// One field over the whole width.
    pub(super) fn wide(&mut self, name: &str, words: &str, least: u32) -> Result<(), XlsxError> {
        let (row, words) = (self.row, fit::printable(words));
        self.page
            .write_string_with_format(row, 0, name, &self.name)?;
        self.page
            .merge_range(row, 1, row, COLUMNS - 1, &words, &self.text)?;
        let high = fit::height(&words, narrowed(WIDTH * u32::from(COLUMNS - 1)));
        self.end(high.max(least))
    }

    /// Two fields to be signed in.
    pub(super) fn signs(&mut self, left: &str, right: &str) -> Result<(), XlsxError> {
        let row = self.row;
        self.pair((left, Cell::Empty), (right, Cell::Empty))?;
        self.page.set_row_height_pixels(row, 48)?;
        Ok(())
    }

    /// A heading over the whole width.
    pub(super) fn band(&mut self, words: &str) -> Result<(), XlsxError> {
        let row = self.row;
        self.page
            .merge_range(row, 0, row, COLUMNS - 1, words, &self.name)?;
        self.end(24)
    }

    /// A line of a table.
    pub(super) fn line(&mut self, cells: &[Cell; COLUMNS as usize]) -> Result<(), XlsxError> {
        let mut high = 26;
        for (at, cell) in (0..).zip(cells) {
            high = high.max(self.cell(at, cell)?);
        }
        self.end(high)
    }

    /// The headings of a table.
    pub(super) fn names(&mut self, names: [&str; COLUMNS as usize]) -> Result<(), XlsxError> {
        for (at, name) in (0..).zip(names) {
            self.page
                .write_string_with_format(self.row, at, name, &self.name)?;
        }
        self.end(24)
    }

    /// Pictures in one row, each with what it shows.
    pub(super) fn pictures(
        &mut self,
        pictures: &[(String, Pictures)],
        album: &Album,
    ) -> Result<(), XlsxError> {
        let (row, high) = (self.row, 144);
        let (below, instead) = (look::below(SIZE), look::instead(SIZE));
        for at in 0..COLUMNS {
            let Some((name, these)) = pictures.get(usize::from(at)) else {
                self.page.write_blank(row, at, &self.text)?;
                continue;
            };
            let image = these.shown().and_then(|shown| album.picture(shown));
            let (words, format) = match &image {
                Some(_) => (name.clone(), &below),
                None => (format!("{name}\n{}", these.instead(album)), &instead),
            };
            self.page
                .write_string_with_format(row, at, fit::printable(&words), format)?;
            if let Some(image) = image {
                let frame = Frame {
                    row,
                    column: at,
                    width: WIDTH,
                    height: high - LINE_PX,
                };
                frame.hang(self.page, image, name.clone())?;
            }
        }
        self.end(high)
    }

    /// A line without borders.
    pub(super) fn note(&mut self, words: &str) -> Result<(), XlsxError> {
        let row = self.row;
        self.page
            .merge_range(row, 0, row, COLUMNS - 1, words, &look::line(9.0))?;
        self.end(2 * LINE_PX)
    }

    fn cell(&mut self, at: u16, cell: &Cell) -> Result<u32, XlsxError> {
        let (row, page) = (self.row, &mut *self.page);
        let (number, format) = match cell {
            Cell::Number(number) => (Some(*number), look::NUMBER),
            Cell::Time(at) => (time_serial(*at), look::TIME),
            _ => (None, look::NUMBER),
        };
        if let Some(number) = number {
            let format = look::value(SIZE, format).set_align(FormatAlign::Left);
            page.write_number_with_format(row, at, number, &format)?;
            return Ok(ROW_PX);
        }
        let words = match cell {
            Cell::Text(words) => fit::printable(words),
            _ => String::new(),
        };
        page.write_string_with_format(row, at, &words, &self.text)?;
        Ok(fit::height(&words, narrowed(WIDTH)))
    }

    fn end(&mut self, high: u32) -> Result<(), XlsxError> {
        self.page.set_row_height_pixels(self.row, high)?;
        self.row += 1;
        Ok(())
    }
}
