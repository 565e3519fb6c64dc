use super::cell::{Cell, day_serial, time_serial};
use super::fit::{self, Frame, LINE_PX};
use super::pictures::Pictures;
use super::sheet::{Column, SIZE};
use super::{Album, Row, look};
use domain::register::Day;
use rust_xlsxwriter::{Format, Image, Worksheet, XlsxError};

/// A row with a picture.
const PICTURE_PX: u32 = 96;

/// The rows of a ledger.
pub(super) struct Body<'a> {
    page: &'a mut Worksheet,
    columns: &'a [Column],
    album: &'a Album,
    text: Format,
    number: Format,
    day: Format,
    time: Format,
    below: Format,
    instead: Format,
    first: u32,
    row: u32,
}

impl<'a> Body<'a> {
    /// The rows from `first` on.
    pub(super) fn below(
        page: &'a mut Worksheet,
        first: u32,
        columns: &'a [Column],
        album: &'a Album,
    ) -> Self {
        Self {
            page,
            columns,
            album,
            text: look::text(SIZE),
            number: look::value(SIZE, look::NUMBER),
            day: look::value(SIZE, look::DAY),
            time: look::value(SIZE, look::TIME),
            below: look::below(8.0),
            instead: look::instead(SIZE),
            first,
            row: first,
        }
    }

    /// The row after the last one.
    pub(super) const fn end(&self) -> u32 {
        self.row
    }

    /// Writes a row; its first cell is its number.
    pub(super) fn add(&mut self, row: Row) -> Result<(), XlsxError> {
        let number = Cell::number(self.row - self.first + 1);
        let mut high = LINE_PX;
        let mut pictures = Vec::new();
        for (at, cell) in (0..).zip(std::iter::once(number).chain(row.cells)) {
            let width = self.columns.get(usize::from(at)).map_or(0, |c| c.width);
            let taken = match cell {
                Cell::Pictures(these) => {
                    let (high, image) = self.pictures(at, &these, width)?;
                    pictures.extend(image.map(|(image, below)| (at, image, below)));
                    high
                }
                other => self.value(at, &other, width)?,
            };
            high = high.max(taken);
        }
        self.page.set_row_height_pixels(self.row, high)?;
        for (column, image, below) in pictures {
            let frame = Frame {
                row: self.row,
                column,
                width: self.columns[usize::from(column)].width,
                height: high - below,
            };
            let name = format!("{} {}", row.number, self.columns[usize::from(column)].name);
            frame.hang(self.page, image, name)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Writes what can be said in one line, or words; returns how high it is.
    fn value(&mut self, at: u16, cell: &Cell, width: u32) -> Result<u32, XlsxError> {
        let (row, page) = (self.row, &mut *self.page);
        let (number, format) = match cell {
            Cell::Number(number) => (Some(*number), &self.number),
            Cell::Day(day) => (day_serial(*day), &self.day),
            Cell::Time(at) => (time_serial(*at), &self.time),
            _ => (None, &self.text),
        };
        if let Some(number) = number {
            page.write_number_with_format(row, at, number, format)?;
            return Ok(LINE_PX);
        }
        let words = match cell {
            Cell::Text(words) => fit::printable(words),
            // Before Excel's first day: a device with a clock far off.
            Cell::Day(day) => day.to_string(),
            Cell::Time(at) => Day::in_china(*at).map_or_else(String::new, |d| d.to_string()),
            _ => String::new(),
        };
        if words.is_empty() {
            page.write_blank(row, at, &self.text)?;
            return Ok(LINE_PX);
        }
        page.write_string_with_format(row, at, &words, &self.text)?;
        Ok(fit::height(&words, width))
    }

    /// Writes what is said of pictures; returns how high that is, and the picture with the height
    /// of what is written below it.
    fn pictures(
        &mut self,
        at: u16,
        these: &Pictures,
        width: u32,
    ) -> Result<(u32, Option<(Image, u32)>), XlsxError> {
        let image = these.shown().and_then(|shown| self.album.picture(shown));
        let (words, format) = match &image {
            Some(_) => (these.below(), &self.below),
            None => (these.instead(self.album), &self.instead),
        };
        let words = fit::printable(&words);
        self.page
            .write_string_with_format(self.row, at, &words, format)?;
        let below = if words.is_empty() { 0 } else { LINE_PX };
        Ok(match image {
            Some(image) => (PICTURE_PX + below, Some((image, below))),
            None => (fit::height(&words, width), None),
        })
    }
}
