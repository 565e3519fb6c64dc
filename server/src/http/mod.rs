//! HTTP around the routes: who calls, what may come in, what goes out with every answer.

pub mod address;
pub mod cookie;
pub mod failure;
pub mod gate;
pub mod headers;
pub mod json;
pub mod log;
pub mod method;
pub mod origin;

pub use failure::Failure;
pub use gate::{Caller, Lent, SignedIn};
pub use json::Json;
