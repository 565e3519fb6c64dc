//! A second client in a few lines, to look at the server without the browser.

use calamine::{Reader, Xlsx};
use domain::hash::Sha256;
use domain::ids::DeviceId;
use domain::receipt::ReceiptKey;
use domain::wire::{Hello, RecordPage, RecordView, SignIn};
use std::io::Cursor;

/// Somebody signed in over plain HTTP.
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

    /// The cells of a ledger of this period.
    pub async fn ledger(&self, word: &str) -> Vec<Vec<String>> {
        let answer = self.get(&format!("/ledgers/{word}")).await;
        cells(answer.bytes().await.unwrap().to_vec())
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

/// The cells of a workbook, row by row, as Excel reads them.
pub fn cells(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let rows = range.rows();
    rows.map(|row| row.iter().map(ToString::to_string).collect())
        .collect()
}
