use super::http::{Line, Request};
use domain::entry::Entry;
use domain::feed::Block;
use domain::sync::Failure;
use domain::wire::{
    Announce, AnnounceAnswer, BlockRows, Digest, Hello, PullAnswer, Push, PushAnswer, Verify,
    VerifyAnswer,
};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

#[wasm_bindgen]
extern "C" {
    // web-sys counts it as unstable; every browser has had it since 2023.
    #[wasm_bindgen(extends = web_sys::ReadableWritablePair)]
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;
}

/// Below this, gzip's frame costs about what it saves.
const WORTH_BYTES: usize = 600;

/// `GET /sync/hello`. An answer without our word is somebody else's.
pub async fn hello(line: Line<'_>) -> Result<Hello, Failure> {
    let hello: Hello = Request::new("GET", "/sync/hello")
        .on(line)
        .send()
        .await?
        .read()
        .await?;
    if hello.service == "xunhe" {
        Ok(hello)
    } else {
        Err(Failure::NotOurs)
    }
}

/// `POST /sync/announce`.
pub async fn announce(what: &Announce, line: Line<'_>) -> Result<AnnounceAnswer, Failure> {
    Request::new("POST", "/sync/announce")
        .json(what)
        .on(line)
        .send()
        .await?
        .read()
        .await
}

/// `POST /sync/push`, compressed where the browser can.
pub async fn push(entries: Vec<Entry>, line: Line<'_>) -> Result<PushAnswer, Failure> {
    let text = serde_json::to_string(&Push { entries }).map_err(|_| Failure::NotOurs)?;
    let request = Request::new("POST", "/sync/push").on(line);
    let request = match gzip(&text).await {
        Some(bytes) => request
            .header("content-encoding", "gzip")
            .body("application/json", bytes.into()),
        None => request.body("application/json", JsValue::from_str(&text)),
    };
    request.send().await?.read().await
}

/// `GET /sync/pull`.
pub async fn pull(cursor: Option<&str>, line: Line<'_>) -> Result<PullAnswer, Failure> {
    let path = cursor.map_or_else(|| "/sync/pull".into(), |c| format!("/sync/pull?cursor={c}"));
    Request::new("GET", path)
        .on(line)
        .send()
        .await?
        .read()
        .await
}

/// `GET /sync/digest`.
pub async fn digest(line: Line<'_>) -> Result<Digest, Failure> {
    let request = Request::new("GET", "/sync/digest").on(line);
    request.send().await?.read().await
}

/// `GET /sync/digest/{shard}/{no}`.
pub async fn pull_block(block: &Block, line: Line<'_>) -> Result<BlockRows, Failure> {
    let path = format!("/sync/digest/{}/{}", block.shard, block.no);
    let request = Request::new("GET", path).on(line);
    request.send().await?.read().await
}

/// `POST /sync/verify`.
pub async fn verify(what: &Verify, line: Line<'_>) -> Result<VerifyAnswer, Failure> {
    let request = Request::new("POST", "/sync/verify").json(what).on(line);
    request.send().await?.read().await
}

/// `None` where it is not worth it or the browser has no `CompressionStream`.
async fn gzip(text: &str) -> Option<Uint8Array> {
    if text.len() < WORTH_BYTES
        || !js_sys::Reflect::has(&js_sys::global(), &"CompressionStream".into()).ok()?
    {
        return None;
    }
    let plain = Response::new_with_opt_str(Some(text)).ok()?.body()?;
    let squeezed = plain.pipe_through(CompressionStream::new("gzip").ok()?.as_ref());
    let whole = Response::new_with_opt_readable_stream(Some(&squeezed)).ok()?;
    let buffer = JsFuture::from(whole.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(buffer.dyn_ref::<js_sys::ArrayBuffer>()?))
}
