use crate::app::Shared;
use crate::clock;
use crate::http::{Caller, Failure};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::access::{DeskRegisters, Object, Scope};
use domain::hash::Sha256;
use domain::register::Day;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    desk: u8,
}

/// What the caller's phone needs of the registers; with `desk=1` what the caller's desk needs.
#[utoipa::path(get, path = "/registers", tag = "sync",
    params(("desk" = Option<u8>, Query, description = "1: for the console")),
    responses(
        (status = 200, description = "register::PhoneRegisters or access::DeskRegisters, with an ETag",
            body = serde_json::Value),
        (status = 304, description = "unchanged")))]
pub(super) async fn registers(
    caller: Caller,
    State(app): State<Shared>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    caller.may(&Object::Nothing)?;
    let person = &caller.signed_in()?.person;
    let day = Day::in_china(clock::now()).ok_or_else(Failure::not_found)?;
    let registers = app.registry.current();
    // Nobody who is signed in and not registered gets this far.
    let text = if asked.desk == 1 {
        let scope = Scope::of(&caller.actor);
        serde_json::to_string(&DeskRegisters::of(&registers, person, day, &scope))?
    } else {
        serde_json::to_string(&registers.for_person(person, day))?
    };
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
