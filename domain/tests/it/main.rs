//! The specification of the domain: the frozen wire, the entry, drafts, folds, the engine.

#![allow(
    clippy::unwrap_used,
    reason = "a test that meets the unexpected fails loudly"
)]

mod calendar;
mod case;
mod damaged;
mod draft;
mod entry;
mod fold;
mod patrol;
mod purge;
mod rescue;
mod sample;

mod sync;
mod wire;
mod wire_sync;
