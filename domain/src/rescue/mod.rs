//! 导出未上传记录: what a phone could not deliver, as one file that anybody can keep, send and
//! open, and that a supervisor imports. **\[wire\]**
//!
//! The file is a ZIP without compression: `xunhe-rescue.json` ([`Manifest`]), `entries/….json`
//! (one [`Entry`](crate::entry::Entry) each, byte for byte as the phone keeps it), `blobs/<sha256>`
//! and `drafts/….json`, at the end
//! `damaged.json` with what could not be read. Files stand in the order in which they are read, so that a file cut off
//! half way still gives what came before the cut.

mod manifest;
mod zip;

pub use manifest::{FORMAT, Manifest, Name};
pub use zip::{BadZip, Crc, HEAD_BYTES, Head, Read, Zip, read_head};
