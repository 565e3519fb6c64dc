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
        Self(cells(bytes))
    }

    /// The rows of things: those that begin with a number.
    fn rows(&self) -> impl Iterator<Item = &Vec<String>> {
        let numbered = |row: &&Vec<String>| row.first().is_some_and(|n| n.parse::<u32>().is_ok());
        self.0.iter().skip(HEADS + 1).filter(numbered)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows().count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cells of a row, 0 for the first, under these heads. Where neighbours share a head,
    /// their own stand one row lower.
    pub fn cells<const N: usize>(&self, row: usize, heads: [&str; N]) -> [&str; N] {
        let row = self.rows().nth(row).expect("so many rows");
        heads.map(|head| {
            let names = self.0.iter().skip(HEADS).take(2);
            let at = names.flat_map(|names| names.iter().enumerate());
            let found = at
                .filter(|(_, name)| *name == head)
                .map(|(at, _)| at)
                .next();
            let at = found.unwrap_or_else(|| panic!("no column {head}: {:?}", self.0));
            row[at].as_str()
        })
    }
}

/// The cells of a workbook's first sheet, row by row, as Excel reads them.
pub fn cells(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let rows = range.rows();
    rows.map(|row| row.iter().map(ToString::to_string).collect())
        .collect()
}
