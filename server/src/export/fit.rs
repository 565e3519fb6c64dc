//! What fits into a cell. Heights are set, not left to the program that opens the file: a row
//! with a picture is never fitted again, and Excel and WPS measure differently.

use rust_xlsxwriter::{Image, ObjectMovement, Worksheet, XlsxError};

/// One line of 9 points.
pub(super) const LINE_PX: u32 = 16;
/// An em of 9 points.
const EM_PX: u32 = 12;
/// Between a picture or words and the border.
const EDGE_PX: u32 = 3;
/// Excel's limit is 409 points.
const ROW_PX: u32 = 540;
/// The longest words in a cell, characters; Excel's own limit is 32,767, beyond which it repairs.
const WORDS: usize = 1_000;

/// Words as a cell may hold them: XML has no control characters, and whoever writes a novel is
/// read on the platform.
pub(super) fn printable(text: &str) -> String {
    let bad = |c: &char| {
        let control = c.is_control() && *c != '\n';
        control || matches!(c, '\u{FFFE}' | '\u{FFFF}')
    };
    let mut clean: String = text.chars().filter(|c| !bad(c)).take(WORDS + 1).collect();
    if let Some((cut, _)) = clean.char_indices().nth(WORDS) {
        clean.truncate(cut);
        clean.push_str("……（全文见平台）");
    }
    clean
}

/// The height of words in a column of this width, pixels.
pub(super) fn height(text: &str, width: u32) -> u32 {
    let room = width.saturating_sub(2 * EDGE_PX + 2).max(EM_PX);
    let lines: u32 = text.split('\n').map(|line| lines(line, room)).sum();
    (lines * LINE_PX + 2 * EDGE_PX).min(ROW_PX)
}

/// How many lines a paragraph takes; a character that does not fit goes to the next one.
fn lines(paragraph: &str, room: u32) -> u32 {
    let (mut lines, mut used) = (1, 0);
    for c in paragraph.chars() {
        let wide = if c.is_ascii() { EM_PX * 3 / 5 } else { EM_PX };
        if used + wide > room {
            (lines, used) = (lines + 1, 0);
        }
        used += wide;
    }
    lines
}

/// A cell that takes a picture, pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// Its row.
    pub(super) row: u32,
    /// Its column.
    pub(super) column: u16,
    /// How wide the column is.
    pub(super) width: u32,
    /// How high the row is, without what is written below the picture.
    pub(super) height: u32,
}

impl Frame {
    /// Puts a picture into the middle of the cell, as large as it can be without touching the
    /// borders; it moves and grows with the cell.
    pub(super) fn hang(
        self,
        page: &mut Worksheet,
        image: Image,
        name: String,
    ) -> Result<(), XlsxError> {
        let room = |side: u32| f64::from(side.saturating_sub(2 * EDGE_PX));
        let (width, height) = (room(self.width), room(self.height));
        let scale = (width / image.width()).min(height / image.height());
        let shape = (image.width() * scale, image.height() * scale);
        let image = image
            .set_scale_to_size(shape.0, shape.1, false)
            .set_object_movement(ObjectMovement::MoveAndSizeWithCells)
            .set_alt_text(name);
        let (x, y) = (half(width - shape.0), half(height - shape.1));
        let (x, y) = (EDGE_PX + x, EDGE_PX + y);
        page.insert_image_with_offset(self.row, self.column, &image, x, y)?;
        Ok(())
    }
}

/// Half of the room that is left, in whole pixels.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and the size of a cell"
)]
fn half(left: f64) -> u32 {
    (left.max(0.0) / 2.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_and_cleaned() {
        assert_eq!(printable("一行\n二行"), "一行\n二行");
        assert_eq!(printable("a\u{0}\u{1b}b\r\u{FFFF}c"), "abc");
        let long = printable(&"长".repeat(5_000));
        assert!(long.starts_with('长') && long.ends_with("（全文见平台）"));
        assert_eq!(long.matches('长').count(), WORDS);
        let full = "满".repeat(WORDS);
        assert_eq!(printable(&full), full);
    }

    #[test]
    fn rows_are_high_enough_for_their_words() {
        // Eight characters of 12 pixels in 100.
        for (words, lines) in [
            ("", 1),
            ("桥下", 1),
            ("一二三四五六七", 1),
            ("一二三四五六七八", 2),
            ("一\n二", 2),
            ("2026-11-24", 1),
        ] {
            assert_eq!(height(words, 100), lines * LINE_PX + 2 * EDGE_PX, "{words}");
        }
        assert_eq!(height(&"长".repeat(5_000), 100), ROW_PX);
        assert_eq!(height("窄", 0), LINE_PX + 2 * EDGE_PX);
    }
}
