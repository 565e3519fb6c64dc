//! The app's own files, from the binary or from a folder.

mod files;
pub(crate) mod releases;

use self::files::{Found, find};
use crate::app::{App, Shared};
use crate::http::Failure;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// Shown while no app was built into the binary.
const NO_APP: &str = "Xunhe runs, but this binary was built without the app.\n\
    Build both with: cargo xtask run\n";

/// Serves a file; a path without one gets the page that it belongs to, so that a link into the
/// app works.
pub async fn serve(State(app): State<Shared>, request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") {
        return Failure::not_found().into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Failure::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed").into_response();
    }
    let name = path.trim_start_matches('/');
    if name == KILL_SWITCH {
        return kill_switch(&app).await;
    }
    let folder = app.app_folder.as_deref();
    let page = if name.split('/').next() == Some("console") {
        "console/index.html"
    } else {
        "index.html"
    };
    let wanted = match name {
        "" => page,
        name if name.trim_end_matches('/') == "console" => page,
        name => name,
    };
    if let Some(found) = find(folder, wanted, request.headers()).await {
        return answer(wanted, found, request.headers());
    }
    if let Some(found) = releases::find(&app.vault, name).await {
        return answer(name, found, request.headers());
    }
    // A missing script must not be answered with a page.
    if has_ending(name) {
        return Failure::not_found().into_response();
    }
    match find(folder, page, request.headers()).await {
        Some(found) => answer(page, found, request.headers()),
        None => (
            StatusCode::OK,
            [(header::CACHE_CONTROL, "no-cache")],
            NO_APP,
        )
            .into_response(),
    }
}

/// The emergency exit for a broken version: while a file of this name lies in the data folder,
/// service workers take themselves and the kept app away. Records are never touched by it.
pub(crate) const KILL_SWITCH: &str = "sw-kill";

async fn kill_switch(app: &App) -> Response {
    let on = tokio::fs::try_exists(&app.kill_switch).await;
    let word = if on.unwrap_or(false) { "kill" } else { "no" };
    ([(header::CACHE_CONTROL, "no-store")], word).into_response()
}

fn has_ending(name: &str) -> bool {
    name.rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'))
}

fn answer(name: &str, found: Found, asked: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", found.tag);
    let known = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok());
    let unchanged = known.is_some_and(|k| k.split(',').any(|k| k.trim() == tag));
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(found.bytes).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(media_type(name)),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(freshness(name)),
    );
    if let Some(encoding) = found.encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// A name with a content hash never changes its content; pages and the worker are asked for
/// anew each time.
fn freshness(name: &str) -> &'static str {
    if is_hashed(name) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

/// `phone-0123456789abcdef_bg.wasm`: the builder's hash, which is not zero-padded.
fn is_hashed(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    let stem = last
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end_matches("_bg");
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    hash.len() >= 12 && hash.bytes().all(|b| b.is_ascii_hexdigit())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_content_hash_are_kept_for_good() {
        for (name, hashed) in [
            ("phone-0a1b2c3d4e5f6071_bg.wasm", true),
            ("console/style-9f8e7d6c5b4a.css", true),
            ("index.html", false),
            ("sw.js", false),
            ("icon-maskable.png", false),
            ("icon-512.png", false),
            ("manifest-facade.json", false),
            ("deadbeefdeadbeef", false),
        ] {
            assert_eq!(is_hashed(name), hashed, "{name}");
        }
    }
}
