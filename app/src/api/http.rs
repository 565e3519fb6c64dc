use domain::register::PersonId;
use domain::sync::Failure;
use domain::wire::upload_header::METHOD_OVERRIDE;
use domain::wire::{AS_PERSON, Fault};
use gloo_timers::callback::Timeout;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Blob, Headers, RequestInit, RequestRedirect, Response, ResponseType,
};

const BASE: &str = "/api/v1";

/// Gives a request up, on the engine's word or because it takes too long.
#[derive(Debug, Clone)]
pub struct Abort(AbortController);

impl Abort {
    /// A handle for one request; `None` in a browser without the means.
    pub fn new() -> Option<Self> {
        AbortController::new().ok().map(Self)
    }

    /// Gives the request up.
    pub fn abort(&self) {
        self.0.abort();
    }
}

/// On whose behalf the sync engine asks, and how it takes a question back.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// The person whose store is kept in step: a session of somebody else must not answer.
    pub person: &'a PersonId,
    /// Gives the request up.
    pub abort: Option<&'a Abort>,
}

/// How long a request may take: generous, because 2G is slow and a retry costs more.
#[derive(Debug, Clone, Copy)]
pub enum Slow {
    /// Small texts: 60 s.
    Text,
    /// Up to 512 KiB of a photo: 180 s.
    Chunk,
    /// A file of a gigabyte: three hours, and a button to give it up.
    File,
}

impl Slow {
    const fn ms(self) -> u32 {
        match self {
            Self::Text => 60_000,
            Self::Chunk => 180_000,
            Self::File => 3 * 3_600_000,
        }
    }
}

/// A request to our server.
pub(super) struct Request<'a> {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<JsValue>,
    slow: Slow,
    abort: Option<&'a Abort>,
}

/// An answer of our server.
pub(super) struct Reply {
    response: Response,
    /// To HEAD there is no body.
    bodiless: bool,
    /// A link may die between the head of an answer and its body: the limit covers both.
    _late: Option<Timeout>,
}

impl<'a> Request<'a> {
    pub(super) fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: None,
            slow: Slow::Text,
            abort: None,
        }
    }

    pub(super) fn json<T: Serialize>(self, value: &T) -> Self {
        let text = serde_json::to_string(value).unwrap_or_default();
        self.body("application/json", JsValue::from_str(&text))
    }

    pub(super) fn body(mut self, mime: &str, body: JsValue) -> Self {
        self.body = Some(body);
        self.header("content-type", mime)
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) const fn within(mut self, slow: Slow) -> Self {
        self.slow = slow;
        self
    }

    pub(super) fn on(mut self, line: Line<'a>) -> Self {
        self.abort = line.abort;
        self.header(AS_PERSON, line.person.as_str())
    }

    /// Whoever holds the handle may give it up.
    pub(super) const fn until(mut self, abort: Option<&'a Abort>) -> Self {
        self.abort = abort;
        self
    }

    /// Sends it. Anything that is not a success of our server is a [`Failure`].
    pub(super) async fn send(self) -> Result<Reply, Failure> {
        self.send_unjudged().await?.judged().await
    }

    /// Sends it and leaves the status to the caller.
    pub(super) async fn send_unjudged(self) -> Result<Reply, Failure> {
        let reply = self.attempt(self.method).await?;
        // Firewalls of government clouds let no PATCH, HEAD or DELETE through.
        let unusual = !matches!(self.method, "GET" | "POST");
        if unusual && matches!(reply.status(), 403 | 405 | 501) && !reply.is_json() {
            return self.attempt("POST").await;
        }
        Ok(reply)
    }

    async fn attempt(&self, method: &str) -> Result<Reply, Failure> {
        let window = web_sys::window().ok_or(Failure::Unreachable)?;
        let headers = Headers::new().map_err(|_| Failure::Unreachable)?;
        let set =
            |name: &str, value: &str| headers.set(name, value).map_err(|_| Failure::Unreachable);
        set("accept", "application/json")?;
        if method != self.method {
            set(METHOD_OVERRIDE, self.method)?;
        }
        for (name, value) in &self.headers {
            set(name, value)?;
        }
        let init = RequestInit::new();
        init.set_method(method);
        init.set_headers(&headers);
        // A login page that something on the way redirects to is not our answer.
        init.set_redirect(RequestRedirect::Manual);
        if let Some(body) = &self.body {
            init.set_body(body);
        }
        let own = self.abort.is_none().then(Abort::new).flatten();
        let abort = self.abort.or(own.as_ref()).cloned();
        if let Some(abort) = &abort {
            init.set_signal(Some(&abort.0.signal()));
        }
        let late = abort
            .clone()
            .map(|abort| Timeout::new(self.slow.ms(), move || abort.abort()));
        let url = format!("{BASE}{}", self.path);
        let answered = JsFuture::from(window.fetch_with_str_and_init(&url, &init)).await;
        let response: Response = answered.map_err(|_| Failure::Unreachable)?.unchecked_into();
        if response.type_() == ResponseType::Opaqueredirect {
            return Err(Failure::NotOurs);
        }
        Ok(Reply {
            response,
            bodiless: method == "HEAD",
            _late: late,
        })
    }
}

impl Reply {
    pub(super) fn status(&self) -> u16 {
        self.response.status()
    }

    pub(super) fn header(&self, name: &str) -> Option<String> {
        self.response.headers().get(name).ok().flatten()
    }

    fn is_json(&self) -> bool {
        self.header("content-type")
            .is_some_and(|mime| mime.starts_with("application/json"))
    }

    async fn text(&self) -> Result<String, Failure> {
        let promise = self.response.text().map_err(|_| Failure::Unreachable)?;
        let text = JsFuture::from(promise)
            .await
            .map_err(|_| Failure::Unreachable)?;
        text.as_string().ok_or(Failure::NotOurs)
    }

    /// The bytes of the body.
    pub(super) async fn bytes(&self) -> Result<Vec<u8>, Failure> {
        let promise = self
            .response
            .array_buffer()
            .map_err(|_| Failure::Unreachable)?;
        let buffer = JsFuture::from(promise)
            .await
            .map_err(|_| Failure::Unreachable)?;
        Ok(js_sys::Uint8Array::new(&buffer).to_vec())
    }

    /// The body, kept by the browser.
    pub(super) async fn blob(&self) -> Result<Blob, Failure> {
        let promise = self.response.blob().map_err(|_| Failure::Unreachable)?;
        let blob = JsFuture::from(promise).await;
        Ok(blob.map_err(|_| Failure::Unreachable)?.unchecked_into())
    }

    /// Reads the body; what does not read is not ours.
    pub(super) async fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        if !self.is_json() {
            return Err(Failure::NotOurs);
        }
        domain::json::read(&self.text().await?).map_err(|_| Failure::NotOurs)
    }

    pub(super) async fn judged(self) -> Result<Self, Failure> {
        match self.status() {
            200..=299 => Ok(self),
            401 => Err(Failure::SignedOut),
            status => match self.read::<Fault>().await {
                Ok(fault) => Err(Failure::Fault { status, fault }),
                // Its status must do. Without a body, anything else is not our answer.
                Err(_) if self.bodiless => Err(Failure::Fault {
                    status,
                    fault: Fault::new("no_body"),
                }),
                Err(failure) => Err(failure),
            },
        }
    }
}
