//! The server from outside: every store engine by one suite, and the real server over a real
//! socket.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod http;
mod ops;
mod store;
mod support;
