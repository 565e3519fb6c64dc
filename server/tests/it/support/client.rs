use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::entry::Entry;
use domain::hash::Sha256;
use domain::ids::EntryId;
use domain::receipt::{ReceiptKey, Statement};
use domain::wire::{BlobHeld, Fault, Hello, Push, PushAnswer, upload_header as name};
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::time::Duration;

/// A program that speaks to the server as the phone does.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    pub(crate) device: String,
    cookie: Mutex<Option<String>>,
}

/// An answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.text()))
    }
    /// The code of a fault.
    pub(crate) fn code(&self) -> String {
        self.json::<Fault>().code
    }
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|v| v.to_str().unwrap())
    }
    /// `Upload-Offset`.
    pub(crate) fn offset(&self) -> u64 {
        self.header(name::OFFSET)
            .expect("an Upload-Offset")
            .parse()
            .unwrap()
    }
    /// Status and code, to compare at once.
    pub(crate) fn said(&self) -> (u16, String) {
        (self.status, self.code())
    }
}

impl Client {
    pub(crate) fn new(url: &str) -> Self {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        let device = uuid::Uuid::now_v7().simple().to_string();
        Self {
            http,
            base: url.to_owned(),
            device,
            cookie: Mutex::default(),
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &*self.cookie.lock().unwrap() {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        }
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Reply {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Reply {
            status,
            headers,
            body: answer.bytes().await.unwrap().to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// A text that need not be JSON.
    pub(crate) async fn post_text(&self, path: &str, body: impl Into<reqwest::Body>) -> Reply {
        let request = self.request(Method::POST, path);
        self.send(request.header(CONTENT_TYPE, "application/json").body(body))
            .await
    }

    pub(crate) async fn sign_in(&self, account: &str, password: &str) -> Reply {
        let body = json!({"account": account, "password": password, "device_id": self.device});
        let reply = self.post("/api/v1/session", &body).await;
        if reply.status == 200 {
            self.takes_cookie(reply.header(SET_COOKIE.as_str()));
        }
        reply
    }

    /// Keeps a session's cookie.
    pub(crate) fn takes_cookie(&self, cookie: Option<&str>) {
        let cookie = cookie.and_then(|c| c.split(';').next());
        *self.cookie.lock().unwrap() = cookie.map(str::to_owned);
    }

    /// The cookie of the session.
    pub(crate) fn cookie(&self) -> String {
        self.cookie.lock().unwrap().clone().unwrap()
    }

    pub(crate) async fn hello(&self) -> Hello {
        self.get("/api/v1/sync/hello").await.json()
    }

    pub(crate) async fn keys(&self) -> Vec<ReceiptKey> {
        self.hello().await.receipt_keys
    }

    pub(crate) async fn push(&self, entries: &[&Entry]) -> PushAnswer {
        let push = Push {
            entries: entries.iter().map(|e| (*e).clone()).collect(),
        };
        let body = serde_json::to_value(&push).unwrap();
        let reply = self.post("/api/v1/sync/push", &body).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    /// What the receipt of an answer states, its signature checked.
    pub(crate) async fn statement(&self, answer: &PushAnswer) -> Statement {
        answer
            .receipt
            .as_ref()
            .expect("a receipt")
            .verify(&self.keys().await)
            .unwrap()
    }

    /// `POST /blobs` with the first `bytes` of `whole`.
    pub(crate) async fn begin(&self, entry: EntryId, whole: &[u8], bytes: &[u8]) -> Reply {
        self.send(self.creating(entry, whole, bytes)).await
    }

    /// The request of it.
    pub(crate) fn creating(&self, entry: EntryId, whole: &[u8], bytes: &[u8]) -> RequestBuilder {
        let last = if bytes.len() == whole.len() {
            "?1"
        } else {
            "?0"
        };
        self.request(Method::POST, "/api/v1/blobs")
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(name::ENTRY, entry.to_string())
            .header(name::REPR_DIGEST, digest(whole))
            .header(name::LENGTH, whole.len())
            .header(name::COMPLETE, last)
            .header(name::CONTENT_DIGEST, digest(bytes))
            .body(bytes.to_vec())
    }

    /// `PATCH` of an upload.
    pub(crate) async fn chunk(&self, place: &str, offset: u64, bytes: &[u8], last: bool) -> Reply {
        let request = self
            .request(Method::PATCH, place)
            .header(CONTENT_TYPE, name::PARTIAL)
            .header(name::OFFSET, offset)
            .header(name::COMPLETE, if last { "?1" } else { "?0" })
            .header(name::CONTENT_DIGEST, digest(bytes))
            .body(bytes.to_vec());
        self.send(request).await
    }

    /// Checks that the answer is a receipt over these bytes.
    pub(crate) async fn assert_held(&self, reply: &Reply, bytes: &[u8]) {
        assert_eq!(reply.status, 200, "{}", reply.text());
        let held: BlobHeld = reply.json();
        let statement = held.receipt.verify(&self.keys().await).unwrap();
        let named = statement
            .blobs
            .iter()
            .map(|b| (b.sha256, b.size))
            .collect::<Vec<_>>();
        assert_eq!(named, [(Sha256::of(bytes), bytes.len() as u64)]);
    }
}

/// A digest field of RFC 9530.
pub(crate) fn digest(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::of(bytes).bytes()))
}
