//! Talking to the server: one function per call of PROTOCOL.md, each of which tells the sync
//! engine apart what matters to it: our answer, a refusal, or nothing of ours at all.

mod account;
mod desk;
mod http;
mod ledger;
mod news;
mod rescue;
mod sync;
mod upload;

pub use account::{desk_registers, me, registers, sign_in, sign_out};
pub use desk::{map_ground, photo_url, picture, record, record_map, records};
pub use http::{Abort, Line, Slow};
pub use ledger::{ledger, ledger_periods};
pub use news::News;
pub use rescue::take_rescue;
pub use sync::{announce, digest, hello, pull, pull_block, push, verify};
pub use upload::{Part, ask_offset, begin_upload, send_chunk};
