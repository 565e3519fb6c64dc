//! I-11: what any released version of a phone has written is still taken. The wire's frozen files
//! are what those versions write.

use crate::support::TestServer;
use domain::entry::Entry;
use domain::register::PersonId;
use domain::wire::EntryStatus;
use std::path::Path;
use xunhe_server::store::Account;

/// Entries of the frozen files, by name; those of the server itself are pushed by nobody.
fn released() -> Vec<(String, Entry, PersonId)> {
    let wire = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/tests/wire");
    let mut found = Vec::new();
    for file in std::fs::read_dir(wire).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let Ok(entry) = domain::json::read::<Entry>(&text) else {
            continue;
        };
        let author = entry.clone().check().unwrap().header().author.clone();
        if author.as_str() != "server" {
            found.push((name, entry, author));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

#[tokio::test]
async fn what_every_released_version_wrote_is_taken() {
    let released = released();
    assert!(released.len() >= 9, "{}", released.len());
    // Some of the files share an id, and each counts: to every one its own server.
    for (name, entry, author) in released {
        let server = TestServer::start().await;
        let app = &server.running.app;
        let store = app.store.as_ref();
        let (_, mut set) = store.registers().await.unwrap();
        let mut person = set.persons[0].clone();
        person.id = author.clone();
        set.persons.push(person);
        app.registry.replace(store, set).await.unwrap();
        let known = store.account("wgy-yongji").await.unwrap().unwrap();
        let account = Account {
            account: author.as_str().to_owned(),
            person: author.clone(),
            ..known
        };
        store.put_accounts(&[account]).await.unwrap();
        let phone = server.client(author.as_str()).await;
        let answer = phone.push(&[&entry]).await;
        let result = &answer.results[0];
        let taken = [EntryStatus::Accepted, EntryStatus::Quarantined];
        assert!(taken.contains(&result.status), "{name}: {result:?}");
        let statement = phone.statement(&answer).await;
        assert_eq!(statement.entries[0].hash, entry.hash(), "{name}");
    }
}
