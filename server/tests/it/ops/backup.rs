use super::kit::{Folder, blob_file, files_below, flip, serve, xunhe};
use super::load::{Acknowledged, Load, hashes};
use crate::support::pen::{id_of, now, record_of};
use crate::support::{Client, TestServer};
use domain::entry::Entry;
use domain::hash::EntryHash;
use domain::wire::{EntryStatus, PullAnswer, VerifyAnswer};
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The restore drill: a backup beside a server that takes reports, taken back elsewhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_before_a_backup_is_in_it() {
    let server = TestServer::start().await;
    let epoch = server.stranger().hello().await.epoch;
    let load = Load::begin(&server).await;
    load.reaches(30).await;
    let before = load.count();
    let depot = tempfile::tempdir().unwrap();
    let begun = now();
    assert_eq!(server.stranger().hello().await.backed_up_ms, None);
    let (data, to) = (server.folder.path().to_owned(), depot.path().to_owned());
    let backup = tokio::task::spawn_blocking(move || {
        xunhe(&[&"backup", &"--data", &data, &"--to", &to]).well()
    });
    let said = backup.await.unwrap();
    said.ends(0, "备份完成");
    let told = server.stranger().hello().await.backed_up_ms;
    assert!(
        told.is_some_and(|at| begun <= at && at <= now()),
        "phones are told"
    );
    load.reaches(load.count() + 5).await;
    let held = load.end().await;
    let password = server.password.clone();
    server.running.stop().await;

    let folder = restored(depot.path());
    let server = serve(folder, &password).await;
    let hello = server.stranger().hello().await;
    assert!(hello.epoch > epoch, "every phone offers again");
    assert_eq!(hello.backed_up_ms, None, "and keeps its copies");
    let phones = phones(&server, &held).await;
    let (in_time, late) = held.split_at(before);
    assert_eq!(known(&phones, in_time).await, hashes(in_time));
    assert!(
        known(&phones, late).await.len() < late.len(),
        "the last reports came after the copy"
    );

    // Phones offer everything again: nothing is refused, nothing is doubled.
    for one in &held {
        offer(&phones[one.account], one).await;
    }
    assert_eq!(known(&phones, &held).await, hashes(&held));
    for (account, client) in &phones {
        let own: BTreeSet<EntryHash> = held
            .iter()
            .filter(|h| h.account == *account)
            .map(|h| h.entry.hash())
            .collect();
        assert_eq!(pulled(client).await, own, "{account}: the views are equal");
    }
    let data = server.folder.path().to_owned();
    xunhe(&[&"verify", &"--data", &data]).well();
    server.running.stop().await;
}

/// A restored folder.
fn restored(from: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let said = xunhe(&[&"restore", &"--from", &from, &"--data", &folder.path()]).well();
    said.ends(0, "恢复完成");
    folder
}

/// The phones that sent these, each signed in once: who signs in all the time is made to wait.
async fn phones(server: &TestServer, held: &[Acknowledged]) -> BTreeMap<&'static str, Client> {
    let devices: BTreeMap<_, _> = held.iter().map(|h| (h.account, &h.device)).collect();
    let mut phones = BTreeMap::new();
    for (account, device) in devices {
        let mut client = server.stranger();
        client.device.clone_from(device);
        let reply = client.sign_in(account, &server.password).await;
        assert_eq!(reply.status, 200, "{account}: {}", reply.text());
        phones.insert(account, client);
    }
    phones
}

/// Which of these the server holds, by its own receipts.
async fn known(phones: &BTreeMap<&str, Client>, held: &[Acknowledged]) -> Vec<EntryHash> {
    let mut known = BTreeSet::new();
    for (account, client) in phones {
        let own = held.iter().filter(|h| h.account == *account);
        let asked: Vec<_> = own.map(|h| h.entry.hash()).collect();
        let body = serde_json::json!({ "entries": asked, "blobs": [] });
        let answer: VerifyAnswer = client.post("/api/v1/sync/verify", &body).await.json();
        let statement = answer.receipt.verify(&client.keys().await).unwrap();
        known.extend(statement.entries.into_iter().map(|e| e.hash));
    }
    let all = hashes(held).into_iter();
    all.filter(|hash| known.contains(hash)).collect()
}

async fn offer(client: &Client, one: &Acknowledged) {
    let answer = client.push(&[&one.entry]).await;
    let status = answer.results[0].status;
    assert!(
        matches!(status, EntryStatus::Duplicate | EntryStatus::Accepted),
        "{status:?}"
    );
    let Some(bytes) = &one.photo else {
        return;
    };
    let reply = client.begin(id_of(&one.entry), bytes, bytes).await;
    client.assert_held(&reply, bytes).await;
    let (record, entry) = (record_of(&one.entry), id_of(&one.entry));
    let path = format!("/api/v1/records/{record}/entries/{entry}/blobs/0");
    assert!(client.get(&path).await.body == *bytes);
}

/// The hashes of own entries that a phone gets from the beginning.
async fn pulled(client: &Client) -> BTreeSet<EntryHash> {
    let (mut found, mut cursor) = (BTreeSet::new(), String::new());
    loop {
        let path = format!("/api/v1/sync/pull{cursor}");
        let answer: PullAnswer = client.get(&path).await.json();
        found.extend(
            answer
                .rows
                .iter()
                .filter_map(|r| r.entry.as_ref())
                .map(Entry::hash),
        );
        if !answer.more {
            return found;
        }
        cursor = format!("?cursor={}", answer.cursor);
    }
}

fn sets(depot: &Path) -> Vec<PathBuf> {
    let mut sets: Vec<_> = std::fs::read_dir(depot.join("sets"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    sets.sort();
    sets
}

#[tokio::test]
async fn photos_are_copied_once_and_go_with_the_last_backup_that_names_them() {
    let folder = Folder::filled().await;
    let depot = tempfile::tempdir().unwrap();
    let (data, to) = (folder.path(), depot.path());
    xunhe(&[&"backup", &"--data", &data, &"--to", &to]).well();
    let blobs = files_below(&to.join("blobs"));
    assert_eq!(blobs.len(), folder.photos.len());
    let inode = |file: &Path| std::fs::metadata(file).unwrap().ino();
    let first: Vec<_> = blobs.iter().map(|f| inode(f)).collect();

    xunhe(&[&"backup", &"--data", &data, &"--to", &to]).well();
    assert_eq!(sets(to).len(), 2);
    let second: Vec<_> = blobs.iter().map(|f| inode(f)).collect();
    assert_eq!(first, second, "nothing was copied again");
    // One that is there with another size is not taken for it.
    std::fs::write(&blobs[0], b"cut off").unwrap();
    xunhe(&[&"backup", &"--data", &data, &"--to", &to]).well();
    xunhe(&[&"restore", &"--check", &"--from", &to]).well();

    // What the record named goes with the last backup that has it.
    let record = record_of(&folder.entries[0]).to_string();
    let purge: [&dyn AsRef<std::ffi::OsStr>; 7] = [
        &"purge",
        &"--record",
        &record,
        &"--reason",
        &"试验",
        &"--data",
        &data,
    ];
    xunhe(&purge).well();
    xunhe(&[&"backup", &"--data", &data, &"--to", &to]).well();
    assert_eq!(files_below(&to.join("blobs")).len(), blobs.len());
    let said = xunhe(&[&"backup", &"--data", &data, &"--to", &to, &"--keep", &"1"]).well();
    said.ends(0, "--keep 1");
    assert_eq!(sets(to).len(), 1);
    assert_eq!(files_below(&to.join("blobs")), Vec::<PathBuf>::new());
    xunhe(&[&"restore", &"--check", &"--from", &to]).well();

    // A machine whose clock was set back does not delete what it made a moment ago.
    let ahead = to.join("sets/2099-01-01T000000-000-ffff");
    std::fs::rename(&sets(to)[0], &ahead).unwrap();
    xunhe(&[&"backup", &"--data", &data, &"--to", &to, &"--keep", &"1"]).well();
    assert_eq!(sets(to).len(), 1);
    assert!(!ahead.exists());
}

#[tokio::test]
async fn a_backup_as_one_file_restores_the_same() {
    let folder = Folder::filled().await;
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("巡河.tar");
    xunhe(&[&"backup", &"--data", &folder.path(), &"--to", &file]).well();
    let beside = std::fs::read_dir(place.path()).unwrap().count();
    assert_eq!(beside, 1, "nothing unfinished stays");
    let copy = restored(&file);
    for bytes in &folder.photos {
        assert!(std::fs::read(blob_file(copy.path(), bytes)).unwrap() == *bytes);
    }
    let key = |data: &Path| std::fs::read(data.join("receipt.key")).unwrap();
    assert_eq!(key(copy.path()), key(folder.path()));
    xunhe(&[&"verify", &"--data", &copy.path()]).well();
}

#[tokio::test]
async fn damage_is_told_and_only_then_backed_up() {
    let folder = Folder::filled().await;
    let copy = folder.copy();
    flip(&blob_file(copy.path(), &folder.photos[1]));
    let depot = tempfile::tempdir().unwrap();
    let (data, to) = (copy.path(), depot.path());
    let mut words: Vec<&dyn AsRef<std::ffi::OsStr>> =
        vec![&"backup", &"--data", &data, &"--to", &to];
    let said = xunhe(&words);
    said.ends(3, "--despite-damage");
    let hash = domain::hash::Sha256::of(&folder.photos[1]).to_string();
    assert!(said.err.contains(&hash), "{said:?}");
    xunhe(&[&"restore", &"--check", &"--from", &depot.path()]).ends(1, "没有完整的备份");

    words.push(&"--despite-damage");
    xunhe(&words).well().ends(0, &hash);
    assert!(
        !copy.path().join("last-backup.json").exists(),
        "no phone relies on it"
    );
    let back = restored(depot.path());
    // It counts as not received, so whoever offers the record is asked for it.
    let server = serve(back, &folder.password).await;
    let phone = server.client("wgy-hejin").await;
    let answer = phone.push(&[&folder.entries[0]]).await;
    assert_eq!(answer.results[0].missing_blobs.len(), 1);
    let bytes = &folder.photos[1];
    let reply = phone.begin(id_of(&folder.entries[0]), bytes, bytes).await;
    phone.assert_held(&reply, bytes).await;
    xunhe(&[&"verify", &"--data", &server.folder.path()]).well();
}

/// A file system in memory, unmounted when dropped. `None` without the right to mount; in CI
/// that is a failure.
struct Small(TempDir);

impl Small {
    fn mount(options: &str) -> Option<Self> {
        let at = tempfile::tempdir().unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "xunhe-test"])
            .arg(at.path())
            .status()
            .is_ok_and(|s| s.success());
        assert!(mounted || std::env::var_os("CI").is_none());
        mounted.then_some(Self(at))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount")
            .arg("-l")
            .arg(self.0.path())
            .status();
    }
}

#[tokio::test]
async fn a_disk_that_is_full_or_closed_is_said_in_words() {
    let folder = Folder::filled().await;
    let data = folder.path();
    if let Some(small) = Small::mount("size=200k") {
        let to = small.0.path().join("depot");
        xunhe(&[&"backup", &"--data", &data, &"--to", &to]).ends(1, "磁盘满了");
        xunhe(&[&"restore", &"--check", &"--from", &to]).ends(1, "没有完整的备份");
    }
    if let Some(closed) = Small::mount("ro") {
        let to = closed.0.path().join("depot");
        xunhe(&[&"backup", &"--data", &data, &"--to", &to]).ends(1, "没有权限");
    }
    let to = data.join("xunhe.sqlite");
    xunhe(&[&"backup", &"--data", &data, &"--to", &data]).ends(1, "是数据目录");
    assert!(to.exists());
}
