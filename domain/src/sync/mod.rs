//! The sync engine, sans IO: it is told what happened and says what to do next.
//!
//! One engine drives the browser, the virtual phones of the tests and the simulation. Nothing
//! else retries, parks or decides what "平台已收" means. The runner around it only carries out
//! [`Instruction`]s and reports back as [`Event`]s:
//!
//! ```text
//! Saved / Woken / Answered / Recorded ──▶ Engine::handle ──▶ Call / Abort / Record / WakeAt
//! ```
//!
//! An item counts as received only after the receipt was verified *and* the runner reported that
//! it was recorded in the phone's store.

mod call;
mod engine;
mod inbox;
mod link;
mod outbox;
mod push;
mod queue;
mod retry;
mod status;
mod upload;

pub use call::{AnnounceCounts, Answer, Call, Failure};
pub use engine::{Cause, Engine, Event, Instruction, Ticket};
pub use queue::{BlobKey, Change, ParkReason, Queue, QueuedBlob, QueuedEntry};
pub use retry::Retry;
pub use status::{LinkState, SessionState, Status, UploadProgress};
