//! Phones that go on sending while something else happens.

use crate::support::pen::{id_of, jpeg, photo};
use crate::support::{Client, Pen, TestServer};
use domain::entry::Entry;
use domain::hash::EntryHash;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::task::JoinHandle;

/// Something that a receipt was given for.
#[derive(Debug, Clone)]
pub(super) struct Acknowledged {
    pub(super) account: &'static str,
    /// The installation that sent it.
    pub(super) device: String,
    pub(super) entry: Entry,
    /// The photo, once it was receipted, too.
    pub(super) photo: Option<Vec<u8>>,
}

/// Phones under way, and what they were given receipts for.
pub(super) struct Load {
    over: Arc<AtomicBool>,
    held: Arc<Mutex<Vec<Acknowledged>>>,
    phones: Vec<JoinHandle<()>>,
}

/// Persons of the demonstration with a reach of their own.
const PHONES: [(&str, &str); 3] = [
    ("wgy-yongji", "ssh-chengbei"),
    ("wgy2-yongji", "yxq-qingtou"),
    ("wgy-hejin", "fh-chaijia"),
];

impl Load {
    /// Each phone sends a report with a photo, then the next.
    pub(super) async fn begin(server: &TestServer) -> Self {
        Self::on(&server.url(), &server.password).await
    }

    /// The same on any address.
    pub(super) async fn on(url: &str, password: &str) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let held = Arc::new(Mutex::new(Vec::new()));
        let mut phones = Vec::new();
        let seeds = Arc::new(AtomicUsize::new(0));
        for (account, reach) in PHONES {
            let client = Client::new(url);
            assert_eq!(client.sign_in(account, password).await.status, 200);
            let keys = client.keys().await;
            let (over, held, seeds) = (Arc::clone(&over), Arc::clone(&held), Arc::clone(&seeds));
            phones.push(tokio::spawn(async move {
                let mut pen = Pen::new(account).on(reach);
                while !over.load(Ordering::Relaxed) {
                    let seed = seeds.fetch_add(1, Ordering::Relaxed);
                    let size = 20_000 + seed * 7;
                    let bytes = jpeg(u8::try_from(seed % 251).unwrap(), size);
                    let entry = pen.cleanup(vec![photo(&bytes)]);
                    let Some(answer) = try_push(&client, &entry).await else {
                        return;
                    };
                    let statement = answer.receipt.unwrap().verify(&keys).unwrap();
                    assert_eq!(statement.entries[0].hash, entry.hash());
                    let photo = try_photo(&client, &entry, &bytes).await.then_some(bytes);
                    held.lock().unwrap().push(Acknowledged {
                        account,
                        device: client.device.clone(),
                        entry,
                        photo,
                    });
                }
            }));
        }
        Self { over, held, phones }
    }

    /// How many reports have receipts by now.
    pub(super) fn count(&self) -> usize {
        self.held.lock().unwrap().len()
    }

    /// Waits until so many reports have receipts.
    pub(super) async fn reaches(&self, count: usize) {
        while self.count() < count {
            assert!(
                self.phones.iter().any(|p| !p.is_finished()),
                "every phone gave up"
            );
            tokio::task::yield_now().await;
        }
    }

    /// Everything that has a receipt, once all phones are done.
    pub(super) async fn end(self) -> Vec<Acknowledged> {
        self.over.store(true, Ordering::Relaxed);
        for phone in self.phones {
            phone.await.unwrap();
        }
        self.held.lock().unwrap().clone()
    }
}

/// `None` once the server does not answer any more.
async fn try_push(client: &Client, entry: &Entry) -> Option<domain::wire::PushAnswer> {
    let push = domain::wire::Push {
        entries: vec![entry.clone()],
    };
    let request = client
        .request(reqwest::Method::POST, "/api/v1/sync/push")
        .json(&push);
    let answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    let text = answer.bytes().await.ok()?;
    match status {
        200 => serde_json::from_slice(&text).ok(),
        503 => None,
        _ => panic!("{status}: {}", String::from_utf8_lossy(&text)),
    }
}

async fn try_photo(client: &Client, entry: &Entry, bytes: &[u8]) -> bool {
    let request = client.creating(id_of(entry), bytes, bytes);
    match request.send().await {
        Ok(answer) => answer.status() == 200 && answer.bytes().await.is_ok(),
        Err(_) => false,
    }
}

/// The hashes of what was acknowledged.
pub(super) fn hashes(held: &[Acknowledged]) -> Vec<EntryHash> {
    held.iter().map(|h| h.entry.hash()).collect()
}
