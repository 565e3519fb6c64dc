//! What the phone itself offers: camera files, position, clocks, chance, room, the worker.

pub mod browser;
pub mod clock;
mod copies;
mod hand_out;
mod intake;
pub mod key;
pub mod position;
pub mod random;
pub mod share;
pub mod storage;
mod wake;
pub mod worker;

pub use copies::{Stamp, make_copies};
pub use hand_out::hand_out;
pub use intake::{IntakeError, TakenIn, Warning, take_in};
pub use wake::WakeLock;
