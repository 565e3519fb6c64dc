//! The files, and reading them.

use super::DemoError;
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};
use std::{fmt::Display, str::FromStr};

/// A file that is part of the program.
#[derive(Debug, Clone, Copy)]
pub(super) struct File {
    /// Its name in `server/demo/data`.
    pub(super) name: &'static str,
    /// Its text.
    pub(super) text: &'static str,
}

macro_rules! files {
    ($($name:ident = $file:literal;)+) => {$(
        pub(super) const $name: File = File {
            name: $file,
            text: include_str!(concat!("../../demo/data/", $file)),
        };
    )+};
}

files! {
    COUNTIES = "counties.csv";
    COUNTING = "counting.csv";
    DEPARTMENTS = "departments.csv";
    DIVISIONS = "divisions.csv";
    HOLIDAYS = "holidays.csv";
    LINES = "lines.geojson";
    MAP_BOUNDARIES = "map_boundaries.geojson";
    MAP_RIVERS = "map_rivers.geojson";
    MAP_WATERS = "map_waters.geojson";
    OUTFALLS = "outfalls.csv";
    OUTFALL_TYPES = "outfall_types.csv";
    PEOPLE = "people.csv";
    POSTS = "posts.csv";
    PROBLEMS = "problems.csv";
    REACHES = "reaches.csv";
    SECTIONS = "sections.csv";
    UNITS = "units.csv";
    VALIDITY = "validity.csv";
    WATERS = "waters.csv";
}

impl File {
    /// An error in this file.
    pub(super) fn broken(self, why: impl Display) -> DemoError {
        DemoError {
            file: self.name,
            why: why.to_string(),
        }
    }
}

/// Reads a table with a header row; the columns are the fields of `T`.
pub(super) fn read<T: DeserializeOwned>(file: File) -> Result<Vec<T>, DemoError> {
    csv::Reader::from_reader(file.text.as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .map_err(|e| file.broken(e))
}

/// A cell with several values, separated by `;`.
pub(super) fn several<'de, D, T>(d: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let cell = String::deserialize(d)?;
    let values = cell.split(';').filter(|v| !v.is_empty());
    values
        .map(|v| v.parse().map_err(D::Error::custom))
        .collect()
}
