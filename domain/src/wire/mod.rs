//! What travels between phone and server under `/api/v1`, besides entries and blob bytes.
//!
//! These types are the payload itself; there is no second layer. PROTOCOL.md describes the calls
//! for readers of other languages.

mod account;
mod announce;
mod blob;
mod console;
mod digest;
mod fault;
mod hello;
mod ledger;
mod log;
mod map;
mod pull;
mod push;
mod quarantine;
mod readiness;
mod rescue;
mod verify;

pub use account::{AS_PERSON, Me, SignIn};
pub use announce::{Announce, AnnounceAnswer, Gap, Room, Seen};
pub use blob::{BlobHeld, upload_header};
pub use console::{BlobView, EntryView, RecordFilter, RecordPage, RecordRow, RecordView};
pub use digest::{BlockDigest, BlockRows, Digest, ShardDigest};
pub use fault::Fault;
pub use hello::{Hello, Limits};
pub use ledger::{LedgerPeriods, LedgerWanted};
pub use log::{CloseLog, ClosedLog, LogList, LogView};
pub use map::{RecordMap, RecordPoint, Spot};
pub use pull::{PullAnswer, PulledRow};
pub use push::{EntryStatus, Push, PushAnswer, PushResult};
pub use quarantine::{Doubtful, QuarantineList, Vet};
pub use readiness::{LogReadiness, PersonReadiness, PhoneReadiness, PhoneSaid, Readiness, Run};
pub use rescue::{RescueRefused, RescueTaken};
pub use verify::{Verify, VerifyAnswer};
