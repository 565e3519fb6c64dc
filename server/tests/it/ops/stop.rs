//! An orderly stop: what was acknowledged is durable, what was begun is finished, nobody is
//! waited for longer than said.

use super::kit::xunhe;
use super::load::{Load, hashes};
use crate::support::pen::{id_of, jpeg, photo};
use crate::support::{Client, Pen, TestServer};
use domain::wire::VerifyAnswer;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The limit of serve.rs for calls that were begun, and room for the machine.
const LIMIT: Duration = Duration::from_secs(25);

/// The real program as a process of its own.
struct Process {
    child: Child,
    data: tempfile::TempDir,
    url: String,
    password: String,
}

impl Process {
    fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_xunhe"))
            .args([
                "serve",
                "--demo",
                "--listen",
                "127.0.0.1:0",
                "--log",
                "warn",
            ])
            .arg("--data")
            .arg(data.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (mut password, mut url) = (None, None);
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let after = |mark: &str| Some(line.split_once(mark)?.1.split(' ').next()?.to_owned());
            password = password.or_else(|| after("password: "));
            if let Some(found) = after("listens on ") {
                url = Some(found.trim_end_matches('/').to_owned());
                break;
            }
        }
        Self {
            child,
            data,
            url: url.unwrap(),
            password: password.unwrap(),
        }
    }

    fn terminate(&self) {
        let pid = self.child.id().to_string();
        let done = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_under_load_loses_nothing_acknowledged_and_ends_in_time() {
    let mut process = Process::start();
    let load = Load::on(&process.url, &process.password).await;
    // A desk looks on, as one always does.
    let desk = Client::new(&process.url);
    desk.sign_in("hzb-hejin", &process.password).await;
    let news = desk.request(reqwest::Method::GET, "/api/v1/news");
    let mut news = news.send().await.unwrap();
    news.chunk().await.unwrap();
    load.reaches(20).await;
    process.terminate();
    let begun = Instant::now();
    let ended = tokio::task::spawn_blocking(move || {
        let status = process.child.wait().unwrap();
        (process, status)
    });
    let held = load.end().await;
    while news.chunk().await.unwrap().is_some() {}
    let (process, status) = ended.await.unwrap();
    assert!(status.success(), "{status}");
    assert!(begun.elapsed() < LIMIT, "{:?}", begun.elapsed());

    xunhe(&[&"verify", &"--data", &process.data.path()]).well();
    let settings = crate::support::server::settings(process.data.path());
    let running = xunhe_server::serve::start(&settings).await.unwrap();
    let url = format!("http://{}", running.address);
    for account in ["wgy-yongji", "wgy2-yongji", "wgy-hejin"] {
        let client = Client::new(&url);
        client.sign_in(account, &process.password).await;
        let own: Vec<_> = held
            .iter()
            .filter(|h| h.account == account)
            .cloned()
            .collect();
        let blobs: Vec<_> = own
            .iter()
            .filter_map(|h| {
                let bytes = h.photo.as_ref()?;
                Some((id_of(&h.entry), domain::hash::Sha256::of(bytes)))
            })
            .collect();
        let body = serde_json::json!({ "entries": hashes(&own), "blobs": blobs });
        let answer: VerifyAnswer = client.post("/api/v1/sync/verify", &body).await.json();
        let statement = answer.receipt.verify(&client.keys().await).unwrap();
        let durable: Vec<_> = statement.entries.iter().map(|e| e.hash).collect();
        assert_eq!(durable, hashes(&own));
        assert_eq!(statement.blobs.len(), blobs.len());
    }
    running.stop().await;
}

/// A phone in a tunnel: it began to send and sends no more.
fn stalled(server: &TestServer, cookie: &str, path: &str, headers: &str) -> TcpStream {
    let mut line = TcpStream::connect(server.running.address).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\ncontent-length: 100000\r\n\
         {headers}expect: 100-continue\r\n\r\n",
        server.running.address
    );
    line.write_all(head.as_bytes()).unwrap();
    // The server says go on once the call waits for the rest of its body.
    let mut said = [0; 12];
    line.read_exact(&mut said).unwrap();
    assert_eq!(&said, b"HTTP/1.1 100");
    line.write_all(b"{\"entries\":[").unwrap();
    line
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stalled_phone_is_not_waited_for() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-hejin").await;
    let bytes = jpeg(1, 100_000);
    let entry = Pen::new("wgy-hejin").cleanup(vec![photo(&bytes)]);
    phone.push(&[&entry]).await;
    let cookie = phone.cookie();
    let json = "content-type: application/json\r\n";
    let push = stalled(&server, &cookie, "/api/v1/sync/push", json);
    let upload = format!(
        "content-type: application/octet-stream\r\nxunhe-entry: {}\r\nupload-complete: ?1\r\n\
         upload-length: 100000\r\nrepr-digest: {}\r\n",
        id_of(&entry),
        crate::support::client::digest(&bytes)
    );
    let blob = stalled(&server, &cookie, "/api/v1/blobs", &upload);
    let begun = Instant::now();
    let patience = Duration::from_millis(500);
    let stopped = server.running.stop_within(patience);
    tokio::time::timeout(Duration::from_secs(10), stopped)
        .await
        .expect("the stop waits for phones that hang");
    assert!(begun.elapsed() >= patience, "they were given their time");
    drop((push, blob));
}
