//! What the machine can do at best: the same bytes, synced as often, without anything around.

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Repeats `work` for a round; gives how often per second times `each`.
fn rate(round: Duration, each: usize, mut work: impl FnMut(usize)) -> f64 {
    let (begun, mut done) = (Instant::now(), 0);
    while begun.elapsed() < round {
        work(done);
        done += 1;
    }
    per_second(done * each, begun.elapsed())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of one round stay far below 2^52"
)]
pub(crate) fn per_second(count: usize, elapsed: Duration) -> f64 {
    count as f64 / elapsed.as_secs_f64()
}

/// One KiB appended and synced.
pub(crate) fn syncs(folder: &Path, round: Duration) -> f64 {
    let mut file = File::create(folder.join("syncs")).unwrap();
    rate(round, 1, |_| {
        file.write_all(&[7; 1024]).unwrap();
        file.sync_data().unwrap();
    })
}

/// A file written, synced, renamed, and its folder synced.
pub(crate) fn files(folder: &Path, bytes: usize, round: Duration) -> f64 {
    let (folder, content) = (folder.join("files"), vec![7; bytes]);
    std::fs::create_dir_all(&folder).unwrap();
    rate(round, 1, |n| {
        let draft = folder.join("draft");
        let mut file = File::create(&draft).unwrap();
        file.write_all(&content).unwrap();
        file.sync_all().unwrap();
        std::fs::rename(&draft, folder.join(n.to_string())).unwrap();
        File::open(&folder).unwrap().sync_all().unwrap();
    })
}

/// Rows of `bytes` under a random key of 16 bytes, `batch` in a commit.
pub(crate) fn rows(folder: &Path, batch: usize, bytes: usize, round: Duration) -> f64 {
    let file = tempfile::NamedTempFile::new_in(folder).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = SqliteConnectOptions::new()
            .filename(file.path())
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .connect()
            .await
            .unwrap();
        let table = "CREATE TABLE row (id BLOB PRIMARY KEY, content BLOB) STRICT";
        sqlx::query(table).execute(&mut connection).await.unwrap();
        // One statement a commit, so that the limit is the engine's and not the driver's.
        let insert = "INSERT INTO row SELECT randomblob(16), ?1 FROM json_each(?2)";
        let each = serde_json::to_string(&vec![0; batch]).unwrap();
        let content = vec![7_u8; bytes];
        let (begun, mut done) = (Instant::now(), 0);
        while begun.elapsed() < round {
            let mut tx = connection.begin_with("BEGIN IMMEDIATE").await.unwrap();
            sqlx::query(insert)
                .bind(&content)
                .bind(&each)
                .execute(&mut *tx)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            done += batch;
        }
        let found = per_second(done, begun.elapsed());
        connection.close().await.unwrap();
        found
    })
}
