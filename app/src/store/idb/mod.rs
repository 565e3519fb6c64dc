//! The browser's IndexedDB as a [`Disk`]. Nothing else in the app knows IndexedDB.
//!
//! Written on `web-sys` itself: the wrapper crates hide `IDBTransaction.error`, and a full disk
//! that shows only at commit would come out as a bare "aborted".

mod connection;
mod fault;
mod key_drawer;
mod open;
mod request;
mod rows;
mod transaction;

pub use connection::IdbDisk;
pub use key_drawer::key_pair;
pub use open::on_blocked;
