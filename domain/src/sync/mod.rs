//! The sync engine, sans IO: it is told what happened and says what to do next.
//!
//! One engine drives the browser, the virtual phones of the tests and the simulation. Nothing
//! else retries, parks or decides what "平台已收" means. The runner around it only carries out
//! [`Instruction`]s and reports back as [`Event`]s:
//!
//! ```text
//! Saved / Woken / Answered / Recorded ──▶ Engine::handle ──▶ Call / Abort / Record / WakeAt
//!                          Inspected                          Inspect
//! ```
//!
//! An item counts as received only after the receipt was verified *and* the runner reported that
//! it was recorded in the phone's store.
//!
//! Several engines may run over one store (tabs) and one server: what is recorded holds only
//! under the server and epoch that the engine knew, and a cursor only after the one it was asked
//! with, so the slower one writes nothing and reads the store again.

mod announce;
mod call;
mod check;
mod engine;
mod inbox;
mod keep;
mod link;
mod meet;
mod outbox;
mod push;
mod queue;
mod retry;
mod status;
mod upkeep;
mod upload;

pub use call::{AnnounceCounts, Answer, Call, Failure};
pub use engine::{Cause, Engine, Event, Instruction, Ticket};
pub use keep::{KeepRule, RemovablePhoto, RemovablePhotos};
pub use queue::{BlobKey, Change, ParkReason, Queue, QueuedBlob, QueuedEntry};
pub use retry::Retry;
pub use status::{LinkState, Removal, RemovalWhy, SessionState, Status, UploadProgress};
pub use upkeep::{Finding, Inspection};
