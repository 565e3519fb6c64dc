//! What an engine does, in words for whoever looks into one history.

use domain::sync::{Answer, Call, Failure, Inspection};

/// A call in a word.
pub fn word(call: &Call) -> String {
    match call {
        Call::Hello => "hello".into(),
        Call::Announce(counts) => format!("announce of {}", counts.unsent),
        Call::Push(ids) => format!("push of {}", ids.len()),
        Call::BeginUpload { size, len, .. } => format!("begin of {len}/{size}"),
        Call::AskOffset { .. } => "ask for offset".into(),
        Call::SendChunk { offset, len, .. } => format!("chunk {offset}+{len}"),
        Call::Pull { cursor } => format!("pull {}", cursor.is_some()),
        Call::PushSigned(ids) => format!("signed push of {}", ids.len()),
        Call::Digest => "digest".into(),
        Call::PullBlock(block) => format!("block {} of {}", block.no, block.shard),
        Call::Verify { entries, blobs } => {
            format!("verify {} and {}", entries.len(), blobs.len())
        }
    }
}

/// A question to the store in a word.
pub const fn wanted(what: &Inspection) -> &'static str {
    match what {
        Inspection::Stale => "what is stale",
        Inspection::Differing(_) => "what differs",
        Inspection::Removable(_) => "what may go",
    }
}

/// What a call came to, in a word.
pub fn outcome(result: &Result<Answer, Failure>) -> String {
    match result {
        Ok(Answer::Pulled(answer)) => format!("with {} rows", answer.rows.len()),
        Ok(_) => "well".into(),
        Err(Failure::Fault { status, fault }) => format!("{status} {}", fault.code),
        Err(Failure::MissingHere(_)) => "missing here".into(),
        Err(other) => format!("{other:?}"),
    }
}
