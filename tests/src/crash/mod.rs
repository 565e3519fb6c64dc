//! Servers that end without a goodbye, while phones send: killed, and without power.

mod crowd;
pub mod kill;
mod medium;
pub mod order;
pub mod power;

pub use crowd::Crowd;
pub use medium::Medium;
