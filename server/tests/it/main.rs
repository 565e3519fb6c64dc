//! The server from outside: every store engine by one suite, and the real server over a real
//! socket.

mod http;
mod store;
mod support;
