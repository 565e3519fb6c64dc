//! Journeys of people through the whole product: the real binary, a real Chromium, files on disk.

#![allow(
    clippy::unwrap_used,
    reason = "a journey that meets the unexpected fails loudly"
)]

mod bad_input;
mod desk;
mod english;
mod erased;
mod exported;
mod imports;
mod kill;
mod leaving;
mod ledger;
mod looks;
mod map;
mod patrol;
mod quarantine;
mod rules;
mod shared_phone;
mod silent;
mod steps;
mod the_loop;
mod tray;
mod upload_cut;
mod walk;
mod worker;
