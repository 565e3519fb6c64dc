//! A second client in a few lines, to look at the server without the browser.

use crate::ledger::Sheet;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::access::DeskRegisters;
use domain::entry::{Entry, LogHead};
use domain::hash::Sha256;
use domain::ids::{DeviceId, EntryId};
use domain::receipt::ReceiptKey;
use domain::wire::{
    Announce, EntryStatus, Hello, Push, PushAnswer, RecordPage, RecordView, SignIn,
    upload_header as name,
};

/// Somebody signed in over plain HTTP.
#[derive(Clone)]
pub struct Api {
    client: reqwest::Client,
    base: String,
    cookie: String,
}

impl Api {
    /// Signs in.
    pub async fn sign_in(url: &str, account: &str, password: &str) -> Self {
        let client = reqwest::Client::new();
        let base = format!("{url}/api/v1");
        let words = SignIn {
            account: account.to_owned(),
            password: password.to_owned(),
            device_id: DeviceId::new([0xA5; 16]),
            device_key: None,
        };
        let answer = client
            .post(format!("{base}/session"))
            .json(&words)
            .send()
            .await
            .unwrap();
        assert!(
            answer.status().is_success(),
            "signing in as {account}: {}",
            answer.status()
        );
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Self {
            client,
            base,
            cookie,
        }
    }

    /// Everything that this person sees.
    pub async fn records(&self) -> RecordPage {
        self.get("/records?limit=200").await.json().await.unwrap()
    }

    /// One record.
    pub async fn record(&self, page: &RecordPage, row: usize) -> RecordView {
        let id = page.rows[row].record_id;
        self.get(&format!("/records/{id}"))
            .await
            .json()
            .await
            .unwrap()
    }

    /// The keys that the server signs receipts with.
    pub async fn receipt_keys(&self) -> Vec<ReceiptKey> {
        let hello: Hello = self.get("/sync/hello").await.json().await.unwrap();
        hello.receipt_keys
    }

    /// The hash of a blob's bytes as the server delivers them.
    pub async fn blob_hash(&self, view: &RecordView, entry: usize, index: usize) -> Sha256 {
        Sha256::of(&self.blob(view, entry, index).await)
    }

    /// A blob's bytes as the server delivers them.
    pub async fn blob(&self, view: &RecordView, entry: usize, index: usize) -> Vec<u8> {
        let record = view.row.record_id;
        let checked = view.entries[entry].entry.clone().check().unwrap();
        let id = checked.header().entry_id;
        let path = format!("/records/{record}/entries/{id}/blobs/{index}");
        self.get(&path).await.bytes().await.unwrap().to_vec()
    }

    /// A ledger of this period as Excel reads it.
    pub async fn ledger(&self, word: &str) -> Sheet {
        let answer = self.get(&format!("/ledgers/{word}")).await;
        Sheet::read(answer.bytes().await.unwrap().to_vec())
    }

    /// What the desk of this person names and filters with.
    pub async fn desk_registers(&self) -> DeskRegisters {
        self.get("/registers?desk=1").await.json().await.unwrap()
    }

    /// Sends entries; every one must be accepted.
    pub async fn push(&self, entries: &[Entry]) {
        let entries = entries.to_vec();
        let request = self
            .client
            .post(format!("{}/sync/push", self.base))
            .header("cookie", &self.cookie)
            .json(&Push { entries });
        let answer: PushAnswer = request.send().await.unwrap().json().await.unwrap();
        let taken = |r: &domain::wire::PushResult| r.status == EntryStatus::Accepted;
        let refused: Vec<_> = answer.results.iter().filter(|r| !taken(r)).collect();
        assert!(refused.is_empty(), "{refused:#?}");
    }

    /// What a phone says of a log before it sends.
    pub async fn announce(&self, head: &LogHead, unsent: usize) {
        let words = Announce {
            heads: vec![*head],
            unsent: u32::try_from(unsent).unwrap(),
            unsent_bytes: 2_000,
            oldest_age_ms: 60_000,
            blobs: 0,
            blob_bytes: 0,
            parked: 0,
            app_version: "pen".to_owned(),
            persisted: false,
            seen: None,
            room: None,
        };
        let request = self
            .client
            .post(format!("{}/sync/announce", self.base))
            .header("cookie", &self.cookie)
            .json(&words);
        assert!(request.send().await.unwrap().status().is_success());
    }

    /// Sends a small blob that an entry named.
    pub async fn upload(&self, entry: EntryId, bytes: &[u8]) {
        let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::of(bytes).bytes()));
        let request = self
            .client
            .post(format!("{}/blobs", self.base))
            .header("cookie", &self.cookie)
            .header("content-type", "application/octet-stream")
            .header(name::ENTRY, entry.to_string())
            .header(name::REPR_DIGEST, &digest)
            .header(name::CONTENT_DIGEST, &digest)
            .header(name::LENGTH, bytes.len())
            .header(name::COMPLETE, "?1")
            .body(bytes.to_vec());
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// The bytes of any answer.
    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        self.get(path).await.bytes().await.unwrap().to_vec()
    }

    async fn get(&self, path: &str) -> reqwest::Response {
        let url = format!("{}{path}", self.base);
        let answer = self
            .client
            .get(url)
            .header("cookie", &self.cookie)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer
    }
}
