//! Who may do what to what: the rules in a table, the printed matrix, and three ways to ask held
//! against each other.

#![allow(
    clippy::unwrap_used,
    reason = "a test that meets the unexpected fails loudly"
)]

mod matrix;
mod rules;
mod scope;
mod world;
