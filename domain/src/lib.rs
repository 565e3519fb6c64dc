//! What the words of the river-chief system mean.
//!
//! This crate holds the types that phone, console and server share and the rules over them:
//! entries and their hash chain, the records folded from entries, the registers (divisions,
//! waters, posts), who may see what, and the sync engine. Its types *are* the wire payload.
//!
//! What it is not: it does no IO, knows no clock, no randomness, no browser and no database.
//! Time, ids and random bytes are arguments, so every rule can be tested at a fixed instant.

pub mod access;
pub mod case;
pub mod entry;
pub mod feed;
pub mod hash;
pub mod ids;
pub mod json;
pub mod patrol;
pub mod receipt;
pub mod record;
pub mod register;
pub mod rescue;
pub mod sync;
pub mod time;
pub mod wire;
pub mod words;
