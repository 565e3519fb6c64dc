//! Against requests that another site makes in a person's name (OWASP CSRF cheat sheet: fetch
//! metadata, with `Origin` where a browser does not send it).

use super::Failure;
use super::json::has_media_type;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::wire::upload_header;

/// Lets a state-changing call through only from our own pages, or from programs that are no
/// browser, and only with a content type that a form cannot send.
pub async fn own_pages_only(request: Request, next: Next) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if !safe {
        if !is_own(request.headers()) {
            return Failure::new(StatusCode::FORBIDDEN, "other_site").into_response();
        }
        if !is_typed(request.headers()) {
            return Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "content_type_not_allowed",
            )
            .into_response();
        }
    }
    next.run(request).await
}

fn is_own(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = headers.get(header::ORIGIN).and_then(|v| v.to_str().ok()) else {
        return !headers.contains_key(header::ORIGIN);
    };
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok());
    let named = origin.split_once("://").map(|(_, host)| host);
    named.is_some() && named == host
}

fn is_typed(headers: &HeaderMap) -> bool {
    let allowed = [
        "application/json",
        upload_header::PARTIAL,
        "application/octet-stream",
        "application/zip",
    ];
    let empty = headers.get(header::CONTENT_LENGTH).is_none_or(|n| n == "0")
        && !headers.contains_key(header::TRANSFER_ENCODING);
    let untyped = empty && !headers.contains_key(header::CONTENT_TYPE);
    untyped || allowed.iter().any(|wanted| has_media_type(headers, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_own_pages_and_programs_change_anything() {
        for (pairs, own) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (
                &[
                    ("origin", "https://xunhe.example"),
                    ("host", "xunhe.example"),
                ],
                true,
            ),
            (
                &[
                    ("origin", "https://evil.example"),
                    ("host", "xunhe.example"),
                ],
                false,
            ),
            (&[("origin", "null"), ("host", "xunhe.example")], false),
            (&[("host", "xunhe.example")], true),
        ] {
            assert_eq!(is_own(&headers(pairs)), own, "{pairs:?}");
        }
    }

    #[test]
    fn a_form_cannot_send_what_we_take() {
        for (pairs, typed) in [
            (
                &[("content-type", "application/json; charset=utf-8")][..],
                true,
            ),
            (&[("content-type", "application/partial-upload")], true),
            (
                &[("content-type", "text/plain"), ("content-length", "3")],
                false,
            ),
            (
                &[("content-type", "multipart/form-data; boundary=x")],
                false,
            ),
            (&[("content-length", "3")], false),
            (&[("transfer-encoding", "chunked")], false),
            (&[("content-length", "0")], true),
            (&[], true),
        ] {
            assert_eq!(is_typed(&headers(pairs)), typed, "{pairs:?}");
        }
    }
}
