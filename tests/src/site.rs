//! Two releases of the app behind one address, with faults on the way: what a service worker has
//! to live with.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::hash::Sha256;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What happens to one file on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not there.
    Missing,
    /// 302 to a login page.
    Login,
    /// A page of somebody else, with the right media type.
    OtherPage,
    /// Half of it, as if that were all.
    Half,
    /// One byte is another.
    Flipped,
    /// It begins and goes no further, until [`Site::let_go`].
    Hangs,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Missing,
        Self::Login,
        Self::OtherPage,
        Self::Half,
        Self::Flipped,
        Self::Hangs,
    ];
}

/// The two releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    /// The built app.
    First,
    /// The same with other texts, as a later build has them.
    Second,
}

type Files = BTreeMap<String, (String, Vec<u8>)>;

/// The address.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

struct Inner {
    address: String,
    releases: BTreeMap<Which, Files>,
    state: Mutex<Now>,
    go: watch::Sender<u32>,
}

struct Now {
    which: Which,
    fault: Option<(String, Fault)>,
    hanging: bool,
    down: bool,
    kill: bool,
}

impl Site {
    /// Opens it over the built app.
    pub async fn open() -> Self {
        let first = read_app(&dist());
        let second = later(&first);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = Self(Arc::new(Inner {
            address: format!("http://{}", listener.local_addr().unwrap()),
            releases: [(Which::First, first), (Which::Second, second)].into(),
            state: Mutex::new(Now {
                which: Which::First,
                fault: None,
                hanging: false,
                down: false,
                kill: false,
            }),
            go: watch::Sender::new(0),
        }));
        let router = Router::new().fallback(serve).with_state(site.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        site
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.0.address
    }

    /// The files that a worker keeps, with their hashes, by address.
    pub fn files(&self, which: Which) -> Vec<(String, Sha256)> {
        let files = &self.0.releases[&which];
        let (_, worker) = &files["/sw.js"];
        let list = listed(&String::from_utf8_lossy(worker));
        let hash = |url: &String| Sha256::of(&files[url].1);
        list.iter().map(|url| (url.clone(), hash(url))).collect()
    }

    /// From now on this release is served, with this fault.
    pub fn serve(&self, which: Which, fault: Option<(&str, Fault)>) {
        let mut now = self.now();
        now.which = which;
        now.fault = fault.map(|(url, fault)| (url.to_owned(), fault));
        now.hanging = false;
    }

    /// Whether a file is hanging now.
    pub fn hangs(&self) -> bool {
        self.now().hanging
    }

    /// What hangs is cut off.
    pub fn let_go(&self) {
        self.0.go.send_modify(|n| *n += 1);
    }

    /// Nothing answers as it should any more, or again.
    pub fn go_down(&self, down: bool) {
        self.now().down = down;
    }

    /// The kill switch.
    pub fn kill_switch(&self, on: bool) {
        self.now().kill = on;
    }

    fn now(&self) -> std::sync::MutexGuard<'_, Now> {
        self.0.state.lock().unwrap()
    }
}

async fn serve(State(site): State<Site>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    // A page that no worker touches, from which the test looks on.
    if path == "/healthz" {
        return ([(header::CONTENT_TYPE, "text/html")], "<!doctype html>").into_response();
    }
    let (which, fault, kill) = {
        let now = site.now();
        if now.down {
            return StatusCode::BAD_GATEWAY.into_response();
        }
        let fault = now.fault.clone().filter(|(url, _)| *url == path);
        (now.which, fault.map(|(_, fault)| fault), now.kill)
    };
    if path == "/sw-kill" {
        return (if kill { "kill" } else { "no" }).into_response();
    }
    if path == "/login" {
        return ([(header::CONTENT_TYPE, "text/html")], "please sign in").into_response();
    }
    let Some((mime, bytes)) = site.0.releases[&which].get(&path).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match fault {
        None => file(&mime, Body::from(bytes)),
        Some(Fault::Missing) => StatusCode::NOT_FOUND.into_response(),
        Some(Fault::Login) => (StatusCode::FOUND, [(header::LOCATION, "/login")]).into_response(),
        Some(Fault::OtherPage) => file(&mime, Body::from("<html>free wireless</html>")),
        Some(Fault::Half) => file(&mime, Body::from(bytes[..bytes.len() / 2].to_vec())),
        Some(Fault::Flipped) => {
            let mut bytes = bytes;
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            file(&mime, Body::from(bytes))
        }
        Some(Fault::Hangs) => hang(&site, &mime, &bytes),
    }
}

fn file(mime: &str, body: Body) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, mime.parse().unwrap());
    headers.insert(header::CACHE_CONTROL, "no-cache".parse().unwrap());
    (headers, body).into_response()
}

/// Half of the file, then nothing until it is cut off.
fn hang(site: &Site, mime: &str, bytes: &[u8]) -> Response {
    let half = bytes[..bytes.len() / 2].to_vec();
    let go = site.0.go.subscribe();
    let before = *go.borrow();
    site.now().hanging = true;
    let stream = futures_util::stream::unfold(Some(half), move |half| {
        let mut go = go.clone();
        async move {
            if let Some(half) = half {
                return Some((Ok(half), None));
            }
            // The sender lives as long as the site.
            let _ = go.wait_for(|n| *n > before).await;
            Some((Err(std::io::Error::other("cut off")), None))
        }
    });
    file(mime, Body::from_stream(stream))
}

/// Where `cargo xtask build` puts the app.
fn dist() -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../dist");
    std::env::var_os("XUNHE_DIST").map_or_else(|| beside.into(), PathBuf::from)
}

fn read_app(dist: &Path) -> Files {
    let list = std::fs::read(dist.join("assets.json")).expect("the built app: cargo xtask build");
    let list: Vec<Value> = serde_json::from_slice(&list).unwrap();
    let mut files = Files::new();
    for asset in list {
        let path = asset["path"].as_str().unwrap();
        let file: PathBuf = dist.join(path.trim_start_matches('/'));
        let url = if path == "/index.html" { "/" } else { path };
        let mime = asset["mime"].as_str().unwrap().to_owned();
        files.insert(url.to_owned(), (mime, std::fs::read(file).unwrap()));
    }
    files
}

/// Another build: every text differs, and the worker knows it.
fn later(first: &Files) -> Files {
    let mut files = first.clone();
    for (url, (mime, bytes)) in &mut files {
        let remark: &[u8] = match mime.split(';').next().unwrap_or_default() {
            "text/javascript" | "text/css" if url != "/sw.js" => b"\n/* later */",
            "text/html" => b"<!-- later -->",
            _ => continue,
        };
        bytes.extend_from_slice(remark);
    }
    let (_, worker) = &first["/sw.js"];
    let text = String::from_utf8_lossy(worker);
    let list: Vec<Value> = serde_json::from_str(list_text(&text)).unwrap();
    let list: Vec<Value> = list
        .into_iter()
        .map(|file| {
            let (_, bytes) = &files[file["url"].as_str().unwrap()];
            json!({ "url": file["url"], "type": file["type"],
                "size": bytes.len(), "sha256": Sha256::of(bytes).to_string() })
        })
        .collect();
    let version = text.split('\'').nth(3).unwrap().to_owned();
    let text = text
        .replace(list_text(&text), &Value::from(list).to_string())
        .replace(&version, "second");
    files.get_mut("/sw.js").unwrap().1 = text.into_bytes();
    files
}

/// The list of files as it stands in the worker.
fn list_text(worker: &str) -> &str {
    let begun = worker.split_once("const FILES = ").unwrap().1;
    begun.split_once(";\n").unwrap().0
}

fn listed(worker: &str) -> Vec<String> {
    let list: Vec<Value> = serde_json::from_str(list_text(worker)).unwrap();
    let url = |file: &Value| file["url"].as_str().unwrap().to_owned();
    list.iter().map(url).collect()
}
