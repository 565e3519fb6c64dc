//! The product from outside: the real server binary, a real browser, real files on disk.
//!
//! No mock server, no intercepted request, no fake clock: what is seen here is what a chief sees.

#![allow(
    clippy::unwrap_used,
    reason = "a journey that meets the unexpected fails loudly"
)]

pub mod api;
pub mod browser;
pub mod check;
pub mod crash;
pub mod dice;
pub mod gates;
pub mod ledger;
pub mod page;
pub mod pen;
pub mod phone;
pub mod photos;
pub mod proxy;
pub mod quick;
pub mod server;
pub mod sim;
pub mod site;
pub mod small_disk;
pub mod strait;
