//! Several servers over one database and one folder of photos: nobody can tell which one answers.

use crate::support::pen::{id_of, jpeg, photo, record_of};
use crate::support::postgres::Database;
use crate::support::{Client, Pen, settings};
use domain::wire::{EntryStatus, PullAnswer, RecordPage};
use reqwest::Method;
use std::fs;
use tempfile::TempDir;
use xunhe_server::config::{DatabaseUrl, Settings};
use xunhe_server::serve::{Running, StartError, start};

const PHONE: &str = "wgy-yongji";

/// Two of them, each with a data folder of its own.
struct Two {
    folders: [TempDir; 2],
    shared: TempDir,
    database: Database,
    servers: [Option<Running>; 2],
    password: String,
}

impl Two {
    async fn start() -> Self {
        let folder = || tempfile::tempdir().unwrap();
        let mut two = Self {
            folders: [folder(), folder()],
            shared: folder(),
            database: Database::fresh().await,
            servers: [None, None],
            password: String::new(),
        };
        let first = start(&two.settings(0)).await.unwrap();
        two.password = first.demonstration.as_ref().unwrap().password.clone();
        let key = |n: usize| two.folders[n].path().join("receipt.key");
        fs::copy(key(0), key(1)).unwrap();
        two.servers = [Some(first), Some(start(&two.settings(1)).await.unwrap())];
        two
    }

    fn settings(&self, n: usize) -> Settings {
        Settings {
            database: Some(DatabaseUrl(self.database.url().to_owned())),
            blobs: Some(self.shared.path().to_owned()),
            ..settings(self.folders[n].path())
        }
    }

    fn url(&self, n: usize) -> String {
        format!("http://{}", self.servers[n].as_ref().unwrap().address)
    }

    /// The same session at both, as behind a balancer.
    async fn client(&self, account: &str) -> [Client; 2] {
        let clients = [0, 1].map(|n| Client::new(&self.url(n)));
        let reply = clients[0].sign_in(account, &self.password).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        clients[1].takes_cookie(Some(&clients[0].cookie()));
        clients
    }
}

#[tokio::test]
async fn what_is_pushed_here_is_pulled_there_and_the_receipts_are_one() {
    let two = Two::start().await;
    let [here, there] = two.client(PHONE).await;
    let report = Pen::new(PHONE).cleanup(vec![]);
    let first = here.push(&[&report]).await;
    assert_eq!(first.results[0].status, EntryStatus::Accepted);
    let again = there.push(&[&report]).await;
    assert_eq!(again.results[0].status, EntryStatus::Duplicate);
    // The key that one names verifies what the other signed, and it is the same statement.
    assert_eq!(there.statement(&first).await, here.statement(&again).await);
    let pulled: PullAnswer = there.get("/api/v1/sync/pull").await.json();
    assert_eq!(pulled.rows.len(), 1);
    // A cursor of one is read by the other.
    let path = format!("/api/v1/sync/pull?cursor={}", pulled.cursor);
    let further: PullAnswer = here.get(&path).await.json();
    assert!(further.rows.is_empty() && !further.reset);
}

#[tokio::test]
async fn an_upload_begun_here_is_finished_there_and_read_at_both() {
    let two = Two::start().await;
    let [here, there] = two.client(PHONE).await;
    let bytes = jpeg(3, 40_000);
    let report = Pen::new(PHONE).cleanup(vec![photo(&bytes)]);
    here.push(&[&report]).await;
    let begun = here.begin(id_of(&report), &bytes, &bytes[..10_000]).await;
    let place = begun.header("location").unwrap().to_owned();
    let middle = there
        .chunk(&place, 10_000, &bytes[10_000..20_000], false)
        .await;
    assert_eq!(middle.offset(), 20_000);
    let done = here.chunk(&place, 20_000, &bytes[20_000..], true).await;
    here.assert_held(&done, &bytes).await;
    let path = format!(
        "/api/v1/records/{}/entries/{}/blobs/0",
        record_of(&report),
        id_of(&report)
    );
    assert_eq!(there.get(&path).await.body, bytes);
}

#[tokio::test]
async fn a_session_ends_at_both() {
    let two = Two::start().await;
    let [here, there] = two.client(PHONE).await;
    assert!(there.hello().await.signed_in);
    here.send(here.request(Method::DELETE, "/api/v1/session"))
        .await;
    assert!(!there.hello().await.signed_in);
}

#[tokio::test]
async fn one_goes_and_the_other_goes_on() {
    let mut two = Two::start().await;
    let [here, there] = two.client(PHONE).await;
    let mut pen = Pen::new(PHONE);
    let (one, other) = (pen.cleanup(vec![]), pen.cleanup(vec![]));
    here.push(&[&one]).await;
    two.servers[0].take().unwrap().stop().await;
    let answer = there.push(&[&one, &other]).await;
    let statuses: Vec<_> = answer.results.iter().map(|r| r.status).collect();
    assert_eq!(statuses, [EntryStatus::Duplicate, EntryStatus::Accepted]);
    let desk = Client::new(&two.url(1));
    desk.sign_in("hzb-yongji", &two.password).await;
    let page: RecordPage = desk.get("/api/v1/records").await.json();
    assert_eq!(page.total, 2);
}

#[tokio::test]
async fn an_epoch_that_one_raises_is_heard_from_the_other() {
    let two = Two::start().await;
    let there = Client::new(&two.url(1));
    let before = there.hello().await.epoch;
    let first = two.servers[0].as_ref().unwrap();
    first.app.raise_epoch("a test").await.unwrap();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while there.hello().await.epoch == before {
        assert!(std::time::Instant::now() < until, "it never heard");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_server_with_another_key_does_not_start() {
    let mut two = Two::start().await;
    two.servers[1].take().unwrap().stop().await;
    fs::remove_file(two.folders[1].path().join("receipt.key")).unwrap();
    let refused = start(&two.settings(1)).await.err().unwrap();
    assert!(matches!(refused, StartError::OtherKey(_)), "{refused}");
    assert!(refused.to_string().contains("copy that file"), "{refused}");
}
