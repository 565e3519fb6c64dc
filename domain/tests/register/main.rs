//! The registers: the tree and its shards, what a check finds, what a phone gets.

#![allow(
    clippy::unwrap_used,
    reason = "a test that meets the unexpected fails loudly"
)]

mod check;
mod county;
mod phone;
mod sample;
mod tree;
mod wire;
