//! The screens, a file or folder each.

#![allow(
    unreachable_pub,
    reason = "the component macro writes the props of every view as pub"
)]
#![allow(
    clippy::needless_pass_by_value,
    reason = "a view owns its props, also those that it only looks at"
)]

mod amend;
mod append;
mod begin;
mod case;
mod console;
mod dark;
mod detail;
mod emptied;
mod erased;
mod expired;
mod form;
mod gallery;
mod ground;
mod home;
mod map;
mod others;
mod outbox;
mod outfalls;
mod patrol;
mod phone;
mod progress;
mod rescue;
mod room;
mod saved;
mod settings;
mod sign_in;
mod start;
mod tasks;
mod vetted;

pub use console::Console;
pub use phone::Phone;
