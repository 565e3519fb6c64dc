//! The demonstration: real divisions, waters and catalogues of 运城市 with invented persons.
//!
//! Pure functions from the files in `server/demo/data` (sources and licences in `SOURCES.md`
//! there) to domain types. Nothing here writes to a store or hashes a password.

mod days;
mod map;
mod people;
mod places;
mod table;

pub use map::map_layers;

/// Since when everything of the demonstration holds.
const SINCE: &str = "2026-01-01";

use domain::register::{PersonId, RegisterSet};

/// Everything that a first start loads.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoSet {
    /// The registers, not yet checked.
    pub registers: RegisterSet,
    /// The accounts, in the order in which they are worth showing.
    pub accounts: Vec<DemoAccount>,
}

/// An account of the demonstration. All share one password, which the server makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// What is typed to sign in.
    pub account: String,
    /// Whose it is.
    pub person: PersonId,
    /// What the person is, in words: 城北街道网格员.
    pub duty: String,
}

/// What is wrong with a file of the demonstration. The files are part of the program, so this is
/// a mistake of ours; a test reads them all.
#[derive(Debug, thiserror::Error)]
#[error(
    "demo_data_broken: {file}: {why}. Nothing was loaded; start with an empty register instead"
)]
pub struct DemoError {
    /// Which file.
    pub file: &'static str,
    /// What is wrong in it.
    pub why: String,
}

/// Reads the demonstration.
pub fn load() -> Result<DemoSet, DemoError> {
    let mut registers = RegisterSet {
        divisions: places::divisions()?,
        waters: places::waters()?,
        reaches: places::reaches()?,
        sections: places::sections()?,
        units: people::units()?,
        posts: people::posts()?,
        problems: table::read(table::PROBLEMS)?,
        outfalls: places::outfalls()?,
        validity: places::validity()?,
        counting: days::counting()?,
        holidays: days::holidays()?,
        outfall_types: table::read(table::OUTFALL_TYPES)?,
        departments: table::read(table::DEPARTMENTS)?,
        counties: table::read(table::COUNTIES)?,
        ..RegisterSet::default()
    };
    let accounts = people::settle(&mut registers)?;
    Ok(DemoSet {
        registers,
        accounts,
    })
}

#[cfg(test)]
mod tests;
