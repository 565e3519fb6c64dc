use super::http::Request;
use domain::ids::LogId;
use domain::sync::Failure;
use domain::wire::{CloseLog, ClosedLog, Readiness};

/// `GET /readiness`: a page of people who were silent for so many days; 0: everybody.
pub async fn readiness(silent_days: u32, skip: u32) -> Result<Readiness, Failure> {
    let path = format!("/readiness?silent_days={silent_days}&skip={skip}");
    Request::new("GET", path).send().await?.read().await
}

/// `POST /logs/{id}/close`: the rest of a log will never come.
pub async fn close_log(id: LogId, reason: String) -> Result<ClosedLog, Failure> {
    let request = Request::new("POST", format!("/logs/{id}/close"));
    request
        .json(&CloseLog { reason })
        .send()
        .await?
        .read()
        .await
}
