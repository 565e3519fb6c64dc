use super::http::{Abort, Request, Slow};
use domain::register::DivisionId;
use domain::sync::Failure;
use domain::wire::{LedgerPeriods, LedgerWanted};
use web_sys::Blob;

/// `GET /ledgers`: for which days the ledgers of a division are now.
pub async fn ledger_periods(division: Option<&DivisionId>) -> Result<LedgerPeriods, Failure> {
    let of = division.map_or_else(String::new, |d| format!("?division={d}"));
    let request = Request::new("GET", format!("/ledgers{of}"));
    request.send().await?.read().await
}

/// `GET /ledgers/{ledger}`: the file, without a copy of it in our own memory.
pub async fn ledger(
    word: &str,
    wanted: &LedgerWanted,
    abort: Option<&Abort>,
) -> Result<Blob, Failure> {
    let path = format!("/ledgers/{word}?{}", wanted.query());
    let request = Request::new("GET", path).within(Slow::Chunk).until(abort);
    request.send().await?.blob().await
}
