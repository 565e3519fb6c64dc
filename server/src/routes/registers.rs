use crate::app::Shared;
use crate::clock;
use crate::http::{Caller, Failure};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::access::Object;
use domain::hash::Sha256;
use domain::register::Day;

/// What the caller's phone needs of the registers.
#[utoipa::path(get, path = "/registers", tag = "sync",
    responses(
        (status = 200, description = "register::PhoneRegisters, with an ETag",
            body = serde_json::Value),
        (status = 304, description = "unchanged")))]
pub(super) async fn registers(
    caller: Caller,
    State(app): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    caller.may(&Object::Nothing)?;
    let person = &caller.signed_in()?.person;
    let day = Day::in_china(clock::now()).ok_or_else(Failure::not_found)?;
    let mine = app
        .registry
        .current()
        .for_person(person, day)
        .ok_or_else(Failure::not_found)?;
    let text = serde_json::to_string(&mine)?;
    let tag = format!("\"{}\"", Sha256::of(text.as_bytes()));
    // Weakened by whoever compresses it on the way; it is still the same text.
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok());
    let unchanged = known.is_some_and(|k| {
        k.split(',')
            .any(|k| k.trim().trim_start_matches("W/") == tag)
    });
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], text).into_response()
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    let fresh = HeaderValue::from_static("private, no-cache");
    response.headers_mut().insert(header::CACHE_CONTROL, fresh);
    Ok(response)
}
