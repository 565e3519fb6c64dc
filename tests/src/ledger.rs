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
        self.0.iter().skip(HEADS).filter(numbered)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows().count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cells of a row, 0 for the first, under these heads: `发现·日期` is what is called 日期
    /// under the shared head 发现.
    pub fn cells<const N: usize>(&self, row: usize, heads: [&str; N]) -> [&str; N] {
        let row = self.rows().nth(row).expect("so many rows");
        let names = self.heads();
        heads.map(|head| {
            let at = names.iter().position(|name| name == head);
            let at = at.unwrap_or_else(|| panic!("no column {head}: {names:?}"));
            row[at].as_str()
        })
    }

    /// What each column is called. A shared head stands over the first of its columns.
    fn heads(&self) -> Vec<String> {
        let (upper, lower) = (&self.0[HEADS], &self.0[HEADS + 1]);
        let grouped = lower.first().is_some_and(String::is_empty);
        let mut shared = "";
        let columns = upper.iter().zip(lower);
        columns
            .map(|(upper, lower)| {
                if !upper.is_empty() {
                    shared = upper;
                }
                if grouped && !lower.is_empty() {
                    format!("{shared}·{lower}")
                } else {
                    upper.clone()
                }
            })
            .collect()
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
