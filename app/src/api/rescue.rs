use super::http::{Abort, Request, Slow};
use domain::sync::Failure;
use domain::wire::RescueTaken;
use web_sys::File;

/// `POST /rescues`: hands a file over as it lies on the disk; nothing of it is read into our
/// memory.
pub async fn take_rescue(file: &File, abort: Option<&Abort>) -> Result<RescueTaken, Failure> {
    let request = Request::new("POST", "/rescues").within(Slow::File);
    let request = request.body("application/zip", file.into()).until(abort);
    request.send().await?.read().await
}
