//! The server as a library, so that tests start the real thing in their own process.
//!
//! What it is: HTTP, storage and configuration around the rules of `xunhe-domain`. What it is
//! not: it decides nothing about permissions or the protocol by itself.

pub mod app;
pub mod assets;
pub mod auth;
pub mod backup_mark;
pub mod blobs;
pub mod clock;
pub mod config;
mod counted;
pub mod cursor;
pub mod demo;
pub mod demonstration;
mod engine;
pub mod export;
pub mod folder;
mod heads;
pub mod http;
pub mod ingest;
pub mod judge;
mod news;
pub mod ops;
pub mod own_log;
pub mod purge;
pub mod random;
mod readiness;
pub mod receipts;
pub mod registry;
mod rescue;
pub mod routes;
pub mod run;
pub mod scope;
pub(crate) mod seen;
pub mod serve;
pub mod store;
mod uploads;
