//! Killed in the middle: what is left is never taken for what it is not.

use super::kit::{Folder, begin, files_below, kill, serve, until, xunhe};
use crate::support::Pen;
use crate::support::pen::{id_of, jpeg, photo};
use std::path::Path;

/// A folder with enough photos that copying takes a while.
async fn heavy() -> Folder {
    let folder = Folder::filled().await;
    let server = serve(folder.dir, &folder.password).await;
    let phone = server.client("wgy-hejin").await;
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia");
    for round in 0..3_u8 {
        let photos: Vec<_> = (0..40).map(|n| jpeg(round * 40 + n, 150_000)).collect();
        let report = pen.cleanup(photos.iter().map(|p| photo(p)).collect());
        super::kit::send(&phone, &[&report]).await;
        for bytes in &photos {
            let reply = phone.begin(id_of(&report), bytes, bytes).await;
            assert_eq!(reply.status, 200, "{}", reply.text());
        }
    }
    server.running.stop().await;
    Folder {
        dir: server.folder,
        ..folder
    }
}

fn partial(depot: &Path) -> Option<std::path::PathBuf> {
    let sets = std::fs::read_dir(depot.join("sets")).ok()?;
    let mut sets = sets.flatten().map(|s| s.path());
    sets.find(|s| s.extension().is_some_and(|e| e == "partial"))
}

#[tokio::test]
async fn a_backup_that_was_killed_is_no_backup_and_the_next_one_goes_on() {
    let folder = heavy().await;
    let (data, depot) = (folder.path(), tempfile::tempdir().unwrap());
    let to = depot.path();
    let mut backup = begin(&[&"backup", &"--data", &data, &"--to", &to]);
    let blobs = to.join("blobs");
    until(&mut backup, || files_below(&blobs).len() >= 5).expect("still copying photos");
    kill(backup);
    assert!(partial(to).is_some(), "killed in the middle");
    for from in [to.to_owned(), partial(to).unwrap()] {
        let said = xunhe(&[&"restore", &"--check", &"--from", &from]);
        said.ends(1, "没有完整的备份");
    }
    let copied = files_below(&blobs);
    xunhe(&[&"backup", &"--data", &data, &"--to", &to]).well();
    assert_eq!(partial(to), None, "what was cut off is cleared away");
    assert!(files_below(&blobs).len() > copied.len());
    xunhe(&[&"restore", &"--check", &"--from", &to]).well();

    let file = depot.path().join("one.tar");
    let mut backup = begin(&[&"backup", &"--data", &data, &"--to", &file]);
    let draft = depot.path().join("one.tar.partial/archive");
    let grown = || std::fs::metadata(&draft).is_ok_and(|m| m.len() > 1_000_000);
    until(&mut backup, grown).expect("still writing the archive");
    kill(backup);
    assert!(!file.exists(), "no file bears the name");
    xunhe(&[&"restore", &"--check", &"--from", &draft]).ends(3, "备份坏了");
}

#[tokio::test]
async fn a_restore_that_was_killed_is_known_and_begun_anew() {
    let folder = heavy().await;
    let depot = tempfile::tempdir().unwrap();
    let from = depot.path();
    xunhe(&[&"backup", &"--data", &folder.path(), &"--to", &from]).well();
    let target = tempfile::tempdir().unwrap();
    let data = target.path();
    let mut restore = begin(&[&"restore", &"--from", &from, &"--data", &data]);
    let blobs = data.join("blobs");
    until(&mut restore, || files_below(&blobs).len() >= 5).expect("still writing");
    kill(restore);
    assert!(
        data.join("xunhe.sqlite").exists(),
        "the database was there already"
    );

    // Nobody takes it for a data folder.
    let serve = xunhe(&[&"serve", &"--data", &data, &"--listen", &"127.0.0.1:0"]);
    serve.ends(1, "was cut off");
    xunhe(&[&"verify", &"--data", &data]).ends(1, "没有做完");
    let elsewhere = tempfile::tempdir().unwrap();
    let backup = xunhe(&[&"backup", &"--data", &data, &"--to", &elsewhere.path()]);
    backup.ends(1, "没有做完");

    xunhe(&[&"restore", &"--from", &from, &"--data", &data]).well();
    xunhe(&[&"verify", &"--data", &data]).well();
}
