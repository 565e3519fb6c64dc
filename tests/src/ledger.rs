//! A ledger as a county office opens it: cells by the words of their column.

use calamine::{Reader, Xlsx};
use std::io::Cursor;

/// The row of the column heads, below title and period.
const HEADS: usize = 2;

/// The first sheet of a workbook.
#[derive(Debug)]
pub struct Sheet(Vec<Vec<String>>);

impl Sheet {
    /// Reads an xlsx file.
    pub fn read(bytes: Vec<u8>) -> Self {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        let rows = range.rows();
        Self(
            rows.map(|row| row.iter().map(ToString::to_string).collect())
                .collect(),
        )
    }

    /// How many rows stand below the heads.
    pub fn len(&self) -> usize {
        self.0.len().saturating_sub(HEADS + 1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cells of a row, 0 for the first, under these heads.
    pub fn cells<const N: usize>(&self, row: usize, heads: [&str; N]) -> [&str; N] {
        heads.map(|head| {
            let at = self.0[HEADS].iter().position(|h| h == head);
            let at = at.unwrap_or_else(|| panic!("no column {head}: {:?}", self.0[HEADS]));
            self.0[HEADS + 1 + row][at].as_str()
        })
    }
}
