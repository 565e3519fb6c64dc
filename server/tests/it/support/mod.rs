//! What the tests are written with.

pub(crate) mod client;
pub(crate) mod pen;
pub(crate) mod person;
pub(crate) mod postgres;
pub(crate) mod server;
pub(crate) mod workbook;

pub(crate) use client::{Client, Reply};
pub(crate) use pen::Pen;
pub(crate) use server::{TestServer, settings};
pub(crate) use workbook::Workbook;
