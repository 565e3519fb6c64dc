//! How sheets look: the fonts and borders that a county office expects.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

const SONG: &str = "宋体";
const HEI: &str = "黑体";
/// Behind headings.
const SHADE: &str = "#E0EEF3";

/// The merged title.
pub(super) fn title() -> Format {
    let format = Format::new().set_font_name(HEI).set_font_size(20);
    format
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
}

/// A line without borders: below the title, at the foot.
pub(super) fn line(size: f64) -> Format {
    plain(size).set_text_wrap().set_align(FormatAlign::Left)
}

fn plain(size: f64) -> Format {
    let format = Format::new().set_font_name(SONG).set_font_size(size);
    format.set_align(FormatAlign::VerticalCenter)
}

fn cell(size: f64) -> Format {
    line(size).set_border(FormatBorder::Thin)
}

/// The heading of a column or the name of a field.
pub(super) fn heading(size: f64) -> Format {
    cell(size)
        .set_bold()
        .set_background_color(SHADE)
        .set_align(FormatAlign::Center)
}

/// Words: whatever they begin with, they are never a formula.
pub(super) fn text(size: f64) -> Format {
    cell(size).set_quote_prefix()
}

/// A number, a day or a time. It shrinks rather than turn into `####` where the font is wider.
pub(super) fn value(size: f64, format: &str) -> Format {
    plain(size)
        .set_border(FormatBorder::Thin)
        .set_num_format(format)
        .set_align(FormatAlign::Center)
        .set_shrink()
}

/// Words below a picture.
pub(super) fn below(size: f64) -> Format {
    text(size)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::Bottom)
}

/// Words in place of a picture.
pub(super) fn instead(size: f64) -> Format {
    text(size).set_align(FormatAlign::Center)
}

/// As Excel shows a day.
pub(super) const DAY: &str = "yyyy-mm-dd";
/// As Excel shows a minute.
pub(super) const TIME: &str = "yyyy-mm-dd hh:mm";
/// As Excel shows a count or a measure.
pub(super) const NUMBER: &str = "General";
