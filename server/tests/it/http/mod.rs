//! The real server over a real socket.

mod access;
mod app_files;
mod blobs;
mod bodies;
mod cases;
mod desk;
mod digest;
mod duties;
mod ledger_periods;
mod ledger_pictures;
mod ledgers;
mod lent;
mod logs;
mod map;
mod news;
mod old_clients;
mod push;
mod quarantine;
mod readiness;
mod rescues;
mod restart;
mod rulings;
mod sessions;
mod several;
