//! The phone's own store: drafts, photos, entries, what waits for a receipt.
//!
//! [`LocalStore`] (one person's) and [`PhoneStore`] (shared by everybody who uses this phone)
//! offer whole operations named by the work. Below them lies a [`Disk`], which knows rows and
//! transactions and nothing of reports: [`IdbDisk`], or [`MemoryDisk`] in tests.
//!
//! A change is *plan, then apply*: it names what it reads, and a plain function turns what was
//! found into what is written, all in one transaction. Since that function cannot await, nothing
//! foreign can be awaited inside a transaction, which would commit it half done.

mod disk;
mod error;
mod idb;
mod local;
mod memory;
mod schema;

pub use disk::{Disk, Durability};
pub use error::StoreError;
pub use idb::{IdbDisk, key_pair, on_blocked};
pub use local::{
    ActivePatrol, Applied, CHUNK_BYTES, Delivery, DeliveryBlob, DraftSummary, FeedFacts, Found,
    Intake, KnownPerson, LocalEntry, LocalStore, OpenFixes, PhoneStore, RecordEntries, RecordPage,
    Rescue, RescueBlob, Saved, StoredPhoto, Usage,
};
pub use memory::MemoryDisk;
