use super::kit::{Folder, blob_file, flip, xunhe};
use serde_json::Value;
use sqlx::{Connection as _, SqliteConnection};
use std::path::Path;

/// A hand at the console that first takes the locks off.
async fn by_hand(data: &Path, statements: &[&'static str]) {
    let file = format!("sqlite://{}", data.join("xunhe.sqlite").display());
    let mut hand = SqliteConnection::connect(&file).await.unwrap();
    for trigger in [
        "DROP TRIGGER entry_is_immutable",
        "DROP TRIGGER entry_is_kept",
        "DROP TRIGGER feed_is_kept",
        "DROP TRIGGER feed_is_immutable",
        "DROP TRIGGER verdict_is_kept",
    ] {
        sqlx::query(trigger).execute(&mut hand).await.unwrap();
    }
    for statement in statements {
        let done = sqlx::query(*statement).execute(&mut hand).await.unwrap();
        assert!(done.rows_affected() > 0, "{statement} changed nothing");
    }
    hand.close().await.unwrap();
}

/// The names of the checks that found something.
fn wrong(data: &Path, quick: bool) -> Vec<String> {
    let mut words: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"verify", &"--json", &"--data", &data];
    if quick {
        words.push(&"--quick");
    }
    let said = xunhe(&words);
    let found = said.json();
    let checks = found["checks"].as_array().unwrap();
    let wrong = checks.iter().filter(|c| c["wrong"] != 0);
    let names: Vec<String> = wrong
        .map(|c| c["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(said.code, Some(if names.is_empty() { 0 } else { 3 }));
    assert_eq!(found["wrong"] == 0, names.is_empty());
    names
}

/// Each damage on a copy of a sound folder; what it does to rows, and who must find it.
#[tokio::test]
async fn every_damage_is_found() {
    let folder = Folder::filled().await;
    assert_eq!(wrong(folder.path(), false), [""; 0], "a sound folder");
    let flipped_body = "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), '塑料', '玻璃')
        AS BLOB) WHERE CAST(body AS TEXT) LIKE '%塑料%'";
    let mut missed = Vec::new();
    for (what, statements, found) in [
        ("a word in a body", &[flipped_body][..], &["entries"][..]),
        (
            "a body gone without a purge",
            &["UPDATE entry SET body = NULL WHERE entry_no = 3"],
            &["entries", "tables"],
        ),
        (
            "a header's hash",
            &["UPDATE entry SET hash = zeroblob(32) WHERE entry_no = 2"],
            &["feed", "entries"],
        ),
        (
            "an author put under another's name",
            &["UPDATE entry SET author = 'wgy2-hejin' WHERE entry_no = 1"],
            &["entries", "tables"],
        ),
        (
            "a feed row deleted",
            &["DELETE FROM feed WHERE seq = 2"],
            &["feed", "tables"],
        ),
        (
            "the last feed rows deleted",
            &["DELETE FROM feed WHERE seq = (SELECT max(seq) FROM feed)"],
            &["feed", "entries"],
        ),
        (
            "the last feed rows deleted and the counter put right",
            &[
                "DELETE FROM feed WHERE seq >= 3",
                "UPDATE shard SET seq = 2,
                    row_hash = (SELECT row_hash FROM feed f WHERE f.shard = shard.shard AND seq = 2)",
            ],
            &["heads", "entries"],
        ),
        (
            "a feed row changed",
            &["UPDATE feed SET row_hash = zeroblob(32) WHERE seq = 2"],
            &["feed"],
        ),
        (
            "an entry deleted",
            &["DELETE FROM entry WHERE entry_no = 3"],
            &["feed", "tables"],
        ),
        (
            "a verdict deleted",
            &["DELETE FROM verdict WHERE no = (SELECT max(no) FROM verdict)"],
            &["entries", "tables"],
        ),
        (
            "a stage changed in the list",
            &["UPDATE record SET stage = 'closed' WHERE kind = 'finding'"],
            &["tables"],
        ),
        (
            "a number changed in the list",
            &["UPDATE record SET number = number + 1"],
            &["tables"],
        ),
        ("a line gone", &["DELETE FROM record WHERE kind = 'cleanup'"], &["tables"]),
        ("units gone", &["DELETE FROM record_unit"], &["tables"]),
        ("divisions gone", &["DELETE FROM record_division"], &["tables"]),
        ("shards gone", &["DELETE FROM record_shard"], &["tables"]),
        ("rows of blobs gone", &["DELETE FROM blob_ref"], &["tables"]),
        (
            "the tree of scopes changed",
            &["UPDATE division SET path = '/x/' WHERE id = 'hejin'"],
            &["registers"],
        ),
    ] {
        let copy = folder.copy();
        by_hand(copy.path(), statements).await;
        let told = wrong(copy.path(), true);
        if told != found {
            missed.push(format!("{what}: {told:?}, not {found:?}"));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[tokio::test]
async fn damaged_files_are_found() {
    let folder = Folder::filled().await;
    let photo = &folder.photos[0];

    let copy = folder.copy();
    flip(&blob_file(copy.path(), photo));
    assert_eq!(wrong(copy.path(), false), ["blobs"]);
    assert_eq!(wrong(copy.path(), true), [""; 0], "quick reads no photos");

    let copy = folder.copy();
    std::fs::remove_file(blob_file(copy.path(), photo)).unwrap();
    assert_eq!(wrong(copy.path(), true), ["blobs"]);

    let copy = folder.copy();
    std::fs::write(copy.path().join("receipt.key"), [9; 32]).unwrap();
    assert_eq!(wrong(copy.path(), true), ["receipts"]);
    std::fs::remove_file(copy.path().join("receipt.key")).unwrap();
    assert_eq!(wrong(copy.path(), true), ["receipts"]);
    assert!(
        !copy.path().join("receipt.key").exists(),
        "looking draws no key"
    );

    let copy = folder.copy();
    let heads = copy.path().join("blobs/heads.json");
    let mut noted: Value = serde_json::from_slice(&std::fs::read(&heads).unwrap()).unwrap();
    noted["shards"]["hejin"] = 1_000.into();
    std::fs::write(&heads, noted.to_string()).unwrap();
    assert_eq!(wrong(copy.path(), true), ["heads"]);

    let copy = folder.copy();
    let database = copy.path().join("xunhe.sqlite");
    let length = std::fs::metadata(&database).unwrap().len();
    let file = std::fs::File::options()
        .write(true)
        .open(&database)
        .unwrap();
    file.set_len(length / 2 / 4096 * 4096).unwrap();
    let said = xunhe(&[&"verify", &"--quick", &"--data", &copy.path()]);
    assert_eq!(said.code, Some(3), "{said:?}");
}

#[tokio::test]
async fn what_is_derived_is_made_anew() {
    let folder = Folder::filled().await;
    let copy = folder.copy();
    by_hand(
        copy.path(),
        &[
            "UPDATE record SET stage = 'closed', number = 7, words = 'x', lat_e7 = NULL",
            "DELETE FROM record_unit",
            "DELETE FROM record_division",
            "DELETE FROM record_shard",
            "DELETE FROM blob_ref",
            "DELETE FROM division",
            "INSERT INTO record_unit (record_id, unit) SELECT record_id, 'nobody' FROM record",
        ],
    )
    .await;
    assert_eq!(wrong(copy.path(), true), ["registers", "tables"]);
    let said = xunhe(&[&"verify", &"--quick", &"--data", &copy.path()]);
    said.ends(3, "xunhe rebuild");
    xunhe(&[&"rebuild", &"--data", &copy.path()])
        .well()
        .ends(0, "重建完成");
    assert_eq!(wrong(copy.path(), false), [""; 0]);

    let whole = rows(folder.path()).await;
    assert_eq!(rows(copy.path()).await, whole, "as it was before");
    assert!(whole.len() > 5, "{whole:?}");
}

/// Everything derived, as text.
async fn rows(data: &Path) -> Vec<String> {
    let file = format!("sqlite://{}", data.join("xunhe.sqlite").display());
    let mut hand = SqliteConnection::connect(&file).await.unwrap();
    let rows = sqlx::query_scalar(
        "SELECT hex(record_id) || shard || number || kind || stage || coalesce(words, '')
            || blobs_named || blobs_held || coalesce(lat_e7, '') || coalesce(due, '') FROM record
         UNION ALL SELECT hex(record_id) || division FROM record_division
         UNION ALL SELECT hex(record_id) || unit FROM record_unit
         UNION ALL SELECT hex(record_id) || shard FROM record_shard
         UNION ALL SELECT entry_no || '/' || idx || hex(sha256) || size || role FROM blob_ref
         ORDER BY 1",
    );
    rows.fetch_all(&mut hand).await.unwrap()
}

#[tokio::test]
async fn a_place_is_judged_by_the_registers_of_its_day() {
    let folder = Folder::filled().await;
    let server = super::kit::serve(folder.dir, &folder.password).await;
    // 汾河柴家段 belongs to another county from today on; what was recorded stays where it was.
    let app = &server.running.app;
    let (_, mut set) = app.store.registers().await.unwrap();
    let reach = set
        .reaches
        .iter_mut()
        .find(|r| r.id.as_str() == "fh-chaijia");
    reach.unwrap().divisions = vec!["yongji".parse().unwrap()];
    let (registry, store) = (&app.registry, app.store.as_ref());
    registry.replace(store, set).await.unwrap();
    let data = server.folder.path().to_owned();
    assert_eq!(wrong(&data, false), [""; 0], "beside the server");
    server.running.stop().await;
    let before = rows(&data).await;
    xunhe(&[&"rebuild", &"--data", &data]).well();
    assert_eq!(rows(&data).await, before);
    assert_eq!(wrong(&data, false), [""; 0]);
}

#[tokio::test]
async fn commands_say_what_a_folder_is_not() {
    let nothing = tempfile::tempdir().unwrap();
    let path = nothing.path();
    for command in ["verify", "backup", "rebuild", "doctor"] {
        let mut words: Vec<&dyn AsRef<std::ffi::OsStr>> =
            vec![&command, &"--data", &path, &"--lang", &"en"];
        if command == "backup" {
            words.extend::<[&dyn AsRef<std::ffi::OsStr>; 2]>([&"--to", &"/tmp/never"]);
        }
        let code = if command == "doctor" { 3 } else { 1 };
        xunhe(&words).ends(code, "is not a data folder");
    }
    let gone = nothing.path().join("gone");
    xunhe(&[&"verify", &"--data", &gone]).ends(1, "找不到");
    let folder = Folder::filled().await;
    let server = super::kit::serve(folder.dir, &folder.password).await;
    xunhe(&[&"rebuild", &"--data", &server.folder.path()]).ends(1, "先停止服务");
}
