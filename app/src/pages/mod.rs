//! The screens, a file or folder each.

mod console;
mod detail;
mod form;
mod home;
mod outbox;
mod phone;
mod progress;
mod saved;
mod settings;
mod sign_in;
mod start;

pub use console::Console;
pub use phone::Phone;
