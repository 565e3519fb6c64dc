//! Journeys of people through the whole product: the real binary, a real Chromium, files on disk.

#![allow(
    clippy::unwrap_used,
    reason = "a journey that meets the unexpected fails loudly"
)]

mod bad_input;
mod case;
mod desk;
mod kill;
mod ledger;
mod looks;
mod patrol;
mod steps;
mod upload_cut;
