//! A workbook as Excel opens it: cells by their headings, and the pictures with their places.

use super::Reply;
use calamine::{Data, Reader as _, Xlsx};
use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// The only sheet of a workbook.
pub(crate) struct Workbook {
    bytes: Vec<u8>,
    cells: Vec<Vec<Data>>,
}

/// Where a picture hangs, and its bytes. Rows and columns count from 0.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Hung {
    pub(crate) from: (usize, usize),
    pub(crate) to: (usize, usize),
    pub(crate) bytes: Vec<u8>,
}

impl Workbook {
    pub(crate) fn of(reply: &Reply) -> Self {
        assert_eq!(reply.status, 200, "{}", reply.text());
        Self::read(reply.body.clone())
    }

    pub(crate) fn read(bytes: Vec<u8>) -> Self {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        let cells = range.rows().map(<[Data]>::to_vec).collect();
        Self { bytes, cells }
    }

    /// Every cell as text.
    pub(crate) fn texts(&self) -> Vec<Vec<String>> {
        let text = |row: &Vec<Data>| row.iter().map(ToString::to_string).collect();
        self.cells.iter().map(text).collect()
    }

    /// The headings; one that is shared stands before its own: `发现 时间`.
    pub(crate) fn headings(&self) -> Vec<String> {
        let (at, deep) = self.head();
        let mut group = String::new();
        let mut names = Vec::new();
        for column in 0..self.cells[at].len() {
            let above = self.cells[at][column].to_string();
            let below = if deep {
                self.cells[at + 1][column].to_string()
            } else {
                String::new()
            };
            if !above.is_empty() {
                group.clone_from(&above);
            }
            names.push(match below.as_str() {
                "" => above,
                below => format!("{group} {below}"),
            });
        }
        names
    }

    /// The rows below the headings, each cell by its heading.
    pub(crate) fn rows(&self) -> Vec<HashMap<String, Data>> {
        let names = self.headings();
        let rows = self.cells[self.first()..].iter();
        let rows = rows.take_while(|row| matches!(row[0], Data::Float(_) | Data::Int(_)));
        let named = |row: &Vec<Data>| names.iter().cloned().zip(row.iter().cloned()).collect();
        rows.map(named).collect()
    }

    /// The place of a heading.
    pub(crate) fn column(&self, name: &str) -> usize {
        let found = self.headings().iter().position(|h| h == name);
        found.unwrap_or_else(|| panic!("no column {name}: {:?}", self.headings()))
    }

    /// The place of the first row below the headings.
    pub(crate) fn first(&self) -> usize {
        let (at, deep) = self.head();
        at + 1 + usize::from(deep)
    }

    fn head(&self) -> (usize, bool) {
        let is_head = |row: &Vec<Data>| row[0] == Data::String("序号".to_owned());
        let at = self.cells.iter().position(is_head).expect("headings");
        (at, self.cells[at + 1][0] == Data::Empty)
    }

    /// What is written below the rows, line by line.
    pub(crate) fn foot(&self) -> Vec<String> {
        let rows = self.cells[self.first() + self.rows().len()..].iter();
        let line = |row: &Vec<Data>| row.iter().map(ToString::to_string).collect();
        rows.map(line).collect()
    }

    /// The files in `xl/media`, by name.
    pub(crate) fn media(&self) -> BTreeMap<String, Vec<u8>> {
        let mut zip = ZipArchive::new(Cursor::new(&self.bytes)).unwrap();
        let names: Vec<String> = zip.file_names().map(|n| n.unwrap().into_owned()).collect();
        let media = names.into_iter().filter(|n| n.starts_with("xl/media/"));
        media
            .map(|name| (name.clone(), read(&mut zip, &name)))
            .collect()
    }

    /// A file inside, as text.
    pub(crate) fn part(&self, name: &str) -> String {
        let mut zip = ZipArchive::new(Cursor::new(&self.bytes)).unwrap();
        String::from_utf8(read(&mut zip, name)).unwrap()
    }

    /// The pictures in the order of their places.
    pub(crate) fn hung(&self) -> Vec<Hung> {
        let media = self.media();
        if media.is_empty() {
            return Vec::new();
        }
        let links = self.part("xl/drawings/_rels/drawing1.xml.rels");
        let target = |id: &str| {
            let link = links
                .split("<Relationship ")
                .find(|l| l.contains(&format!("Id=\"{id}\"")));
            let file = between(link.expect("a link"), "Target=\"../", "\"");
            format!("xl/{file}")
        };
        let drawing = self.part("xl/drawings/drawing1.xml");
        let mut hung = Vec::new();
        for anchor in drawing.split("<xdr:twoCellAnchor").skip(1) {
            let tag = anchor.split('>').next().unwrap();
            assert!(
                !tag.contains("editAs"),
                "it moves and grows with its cell: {tag}"
            );
            let place = |end: &str| {
                let part = between(anchor, &format!("<xdr:{end}>"), &format!("</xdr:{end}>"));
                let number = |name: &str| {
                    let text = between(part, &format!("<xdr:{name}>"), "<");
                    text.parse().unwrap()
                };
                (number("row"), number("col"))
            };
            let id = between(anchor, "r:embed=\"", "\"");
            hung.push(Hung {
                from: place("from"),
                to: place("to"),
                bytes: media[&target(id)].clone(),
            });
        }
        hung.sort_by_key(|h| h.from);
        hung
    }
}

fn read(zip: &mut ZipArchive<Cursor<&Vec<u8>>>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"))
        .1;
    rest.split_once(after).unwrap().0
}
