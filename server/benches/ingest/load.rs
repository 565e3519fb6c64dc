//! Phones in a closed loop: each sends, waits for the receipt, and sends the next.

use super::limit::per_second;
use super::pen::{Pen, id_of, jpeg, photo};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::entry::Entry;
use domain::hash::Sha256;
use domain::wire::{Push, PushAnswer, upload_header as name};
use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};
use xunhe_server::config::Settings;
use xunhe_server::serve::{Running, start};

const ACCOUNT: &str = "wgy-yongji";

/// What one measurement sends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Phones at once.
    pub(crate) clients: usize,
    /// Reports in one push.
    pub(crate) batch: usize,
    /// Bytes of a photo that goes with each, in one request after it.
    pub(crate) photo: Option<usize>,
}

/// The server under load.
pub(crate) struct Target {
    running: Running,
    /// Signing in is limited per address, so all phones share one session.
    cookie: String,
}

/// Header and body of one report.
pub(crate) fn entry_bytes() -> usize {
    Pen::new(ACCOUNT).cleanup(vec![]).bytes()
}

impl Target {
    pub(crate) async fn start(data: &Path) -> Self {
        let settings = Settings {
            data: data.to_owned(),
            database: None,
            database_connections: 5,
            blobs: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            demo: true,
            behind_tls_proxy: false,
            app: None,
            log: "off".to_owned(),
            keep_tracks_days: None,
        };
        let running = start(&settings).await.unwrap();
        let password = running.demonstration.as_ref().unwrap().password.clone();
        let cookie = sign_in(&running, &password).await;
        Self { running, cookie }
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
    }

    /// Reports per second that came back with a receipt.
    pub(crate) async fn measure(&self, load: &Load, round: Duration) -> f64 {
        let phones: Vec<_> = (0..load.clients).map(|_| Phone::new(self)).collect();
        let begun = Instant::now();
        let load = *load;
        let tasks = phones.into_iter().map(|mut phone| {
            tokio::spawn(async move {
                let mut done = 0;
                while begun.elapsed() < round {
                    done += phone.send(&load).await;
                }
                done
            })
        });
        let mut done = 0;
        for task in tasks.collect::<Vec<_>>() {
            done += task.await.unwrap();
        }
        per_second(done, begun.elapsed())
    }
}

struct Phone {
    http: reqwest::Client,
    base: String,
    cookie: String,
    pen: Pen,
    photos: u64,
}

async fn sign_in(server: &Running, password: &str) -> String {
    let device = uuid::Uuid::now_v7().simple().to_string();
    let body = json!({"account": ACCOUNT, "password": password, "device_id": device});
    let url = format!("http://{}/api/v1/session", server.address);
    let reply = reqwest::Client::new().post(url).json(&body).send().await;
    let reply = reply.unwrap().error_for_status().unwrap();
    let cookie = reply.headers()[SET_COOKIE].to_str().unwrap();
    cookie.split(';').next().unwrap_or_default().to_owned()
}

impl Phone {
    fn new(target: &Target) -> Self {
        Self {
            http: reqwest::Client::new(),
            base: format!("http://{}/api/v1", target.running.address),
            cookie: target.cookie.clone(),
            pen: Pen::new(ACCOUNT),
            photos: 0,
        }
    }

    async fn send(&mut self, load: &Load) -> usize {
        let photo_bytes = load.photo.map(|bytes| self.photo(bytes));
        let blobs = photo_bytes
            .iter()
            .map(|bytes| photo(bytes))
            .collect::<Vec<_>>();
        let entries: Vec<Entry> = (0..load.batch)
            .map(|_| self.pen.cleanup(blobs.clone()))
            .collect();
        let first = id_of(&entries[0]);
        let request = self.http.post(format!("{}/sync/push", self.base));
        let request = request.header(COOKIE, &self.cookie).json(&Push { entries });
        let answer: PushAnswer = request.send().await.unwrap().json().await.unwrap();
        assert!(answer.results.iter().all(|r| r.status.is_held()) && answer.receipt.is_some());
        if let Some(bytes) = photo_bytes {
            let request = self
                .http
                .post(format!("{}/blobs", self.base))
                .header(COOKIE, &self.cookie)
                .header(CONTENT_TYPE, "application/octet-stream")
                .header(name::ENTRY, first.to_string())
                .header(name::REPR_DIGEST, digest(&bytes))
                .header(name::CONTENT_DIGEST, digest(&bytes))
                .header(name::LENGTH, bytes.len())
                .header(name::COMPLETE, "?1")
                .body(bytes);
            assert_eq!(request.send().await.unwrap().status(), 200);
        }
        load.batch
    }

    /// A photo that nobody sent before.
    fn photo(&mut self, bytes: usize) -> Vec<u8> {
        self.photos += 1;
        let mut photo = jpeg(1, bytes);
        let mark = photo.len() - 24;
        photo[mark..mark + 16].copy_from_slice(&self.pen.head.log_id.raw());
        photo[mark + 16..].copy_from_slice(&self.photos.to_be_bytes());
        photo
    }
}

fn digest(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::of(bytes).bytes()))
}
