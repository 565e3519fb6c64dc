//! What must hold of a data folder and of a phone, whatever happened before: read from the files
//! themselves, without asking the code that wrote them.

mod chain;
mod held;
pub mod view;

pub use held::{Held, blob_path};
