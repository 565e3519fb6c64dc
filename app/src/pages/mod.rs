//! The screens, a file or folder each.

#![allow(
    unreachable_pub,
    reason = "the component macro writes the props of every view as pub"
)]

mod console;
mod detail;
mod expired;
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
