use super::http::Request;
use domain::ids::EntryId;
use domain::record::Vetting;
use domain::sync::Failure;
use domain::wire::{QuarantineList, Vet};

/// `GET /quarantine`: a page of what waits for somebody to look at it.
pub async fn quarantine(after: Option<u64>) -> Result<QuarantineList, Failure> {
    let after = after.map_or_else(String::new, |mark| format!("?after={mark}"));
    let request = Request::new("GET", format!("/quarantine{after}"));
    request.send().await?.read().await
}

/// `POST /quarantine/{entry}`: 采信 or 不予采信; answered with what holds.
pub async fn vet(entry: EntryId, vet: &Vet) -> Result<Vetting, Failure> {
    let request = Request::new("POST", format!("/quarantine/{entry}"));
    request.json(vet).send().await?.read().await
}
