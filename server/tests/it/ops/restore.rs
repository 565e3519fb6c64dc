use super::kit::{Folder, files_below, flip, xunhe};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn backed_up(folder: &Folder, archive: bool) -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let to = if archive {
        place.path().join("backup.tar")
    } else {
        place.path().to_owned()
    };
    xunhe(&[&"backup", &"--data", &folder.path(), &"--to", &to]).well();
    (place, to)
}

/// Refused with these words, and nothing was written.
#[track_caller]
fn refused(from: &Path, code: i32, words: &str) {
    let empty = tempfile::tempdir().unwrap();
    let said = xunhe(&[&"restore", &"--from", &from, &"--data", &empty.path()]);
    said.ends(code, words);
    let left: Vec<_> = files_below(empty.path());
    let lock = empty.path().join("lock");
    assert!(left.iter().all(|f| *f == lock), "{left:?}");
}

#[tokio::test]
async fn a_folder_that_is_not_empty_is_left_alone() {
    let folder = Folder::filled().await;
    let (_place, from) = backed_up(&folder, false);
    let before = files_below(folder.path()).len();
    let said = xunhe(&[&"restore", &"--from", &from, &"--data", &folder.path()]);
    said.ends(1, "不是空的");
    assert_eq!(files_below(folder.path()).len(), before);
    xunhe(&[&"verify", &"--quick", &"--data", &folder.path()]).well();
}

#[tokio::test]
async fn a_damaged_backup_is_found_before_anything_is_written() {
    let folder = Folder::filled().await;
    let set = |depot: &Path| {
        let mut sets = std::fs::read_dir(depot.join("sets")).unwrap();
        sets.next().unwrap().unwrap().path()
    };
    for (name, words) in [
        ("xunhe.sqlite", "xunhe.sqlite"),
        ("receipt.key", "receipt.key"),
        ("blobs.txt", "blobs.txt"),
        ("manifest.json", "清单不能用"),
    ] {
        let (_place, from) = backed_up(&folder, false);
        flip(&set(&from).join(name));
        refused(&from, 3, words);
        std::fs::remove_file(set(&from).join(name)).unwrap();
        let gone = if name == "manifest.json" {
            (1, "没有完整的备份")
        } else {
            (3, name)
        };
        refused(&from, gone.0, gone.1);
    }
    let (_place, from) = backed_up(&folder, false);
    let blob = &files_below(&from.join("blobs"))[0];
    flip(blob);
    refused(&from, 3, blob.file_name().unwrap().to_str().unwrap());
    std::fs::remove_file(blob).unwrap();
    refused(&from, 3, blob.file_name().unwrap().to_str().unwrap());
}

#[tokio::test]
async fn an_archive_cut_off_anywhere_is_none() {
    let folder = Folder::filled().await;
    let (_place, from) = backed_up(&folder, true);
    let whole = std::fs::read(&from).unwrap();
    for part in [1, 3, 7, 9] {
        std::fs::write(&from, &whole[..whole.len() / 10 * part]).unwrap();
        refused(&from, 3, "备份坏了");
    }
    // Cut at the end of a member, as a copy that stopped might be.
    std::fs::write(&from, &whole[..whole.len() / 2 / 512 * 512]).unwrap();
    refused(&from, 3, "备份坏了");
    std::fs::write(&from, &whole).unwrap();
    flip(&from);
    refused(&from, 3, "备份坏了");
    std::fs::write(&from, b"").unwrap();
    refused(&from, 3, "备份坏了");
    std::fs::write(&from, &whole).unwrap();
    xunhe(&[&"restore", &"--check", &"--from", &from]).well();
}

#[tokio::test]
async fn two_restores_of_one_backup_have_two_epochs() {
    let folder = Folder::filled().await;
    let (_place, from) = backed_up(&folder, false);
    let mut epochs = Vec::new();
    for _ in 0..2 {
        let data = tempfile::tempdir().unwrap();
        xunhe(&[&"restore", &"--from", &from, &"--data", &data.path()]).well();
        let doctor = xunhe(&[&"doctor", &"--json", &"--data", &data.path()]).json();
        let lines = doctor["lines"].as_array().unwrap();
        let line = lines.iter().find(|l| l["name"] == "epochs").unwrap();
        let said = line["is"]["en"].as_str().unwrap().to_owned();
        assert!(said.contains("restored from the backup of"), "{said}");
        let newest = said.rsplit("; ").next().unwrap();
        let epoch: u64 = newest.split(' ').next().unwrap().parse().unwrap();
        if let Some(before) = epochs.last() {
            assert!(epoch > *before, "{said}");
        }
        epochs.push(epoch);
        // An epoch is a second: nobody restores twice within one.
        while xunhe_server::clock::now().0 / 1_000 <= i64::try_from(epoch).unwrap() {
            tokio::task::yield_now().await;
        }
    }
}
