use super::SqliteStore;
use super::codec::get;
use crate::store::StoreError;
use crate::{clock, random};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqlStr, SqliteConnection};
use std::path::Path;
use std::time::Duration;
use tokio::sync::Mutex;

/// Number, name and text, in order. A file that was released is never edited.
pub(super) const MIGRATIONS: &[(i64, &str, &str)] = &[
    (
        1,
        "spine",
        include_str!("../../../migrations/sqlite/0001_spine.sql"),
    ),
    (
        2,
        "cases",
        include_str!("../../../migrations/sqlite/0002_cases.sql"),
    ),
    (
        3,
        "map",
        include_str!("../../../migrations/sqlite/0003_map.sql"),
    ),
    (
        4,
        "rules",
        include_str!("../../../migrations/sqlite/0004_rules.sql"),
    ),
    (
        5,
        "nowhere",
        include_str!("../../../migrations/sqlite/0005_nowhere.sql"),
    ),
    (
        6,
        "operations",
        include_str!("../../../migrations/sqlite/0006_operations.sql"),
    ),
    (
        7,
        "sync",
        include_str!("../../../migrations/sqlite/0007_sync.sql"),
    ),
    (
        8,
        "quarantine",
        include_str!("../../../migrations/sqlite/0008_quarantine.sql"),
    ),
    (
        9,
        "room",
        include_str!("../../../migrations/sqlite/0009_room.sql"),
    ),
];

/// Readers beside the one writer. They never wait for it (WAL).
const READERS: u32 = 4;

impl SqliteStore {
    /// Opens the database file, makes it if it is not there, and brings its tables to this
    /// version.
    pub async fn open(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // What a purge erases is overwritten in the file, not only let go of.
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(200)
            .log_slow_statements(tracing::log::LevelFilter::Warn, Duration::from_secs(1));
        let mut writer = options.connect().await?;
        migrator().run(&mut writer).await?;
        introduce(&mut writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.create_if_missing(false).read_only(true))
            .await?;
        Ok(Self {
            writer: Mutex::new(writer),
            readers,
        })
    }
}

impl SqliteStore {
    /// The journal mode and the `synchronous` level (2 is FULL) of the writer, as the engine
    /// says: what "durable when it returns" rests on.
    pub async fn durability(&self) -> Result<(String, i64), StoreError> {
        let mut writer = self.writer.lock().await;
        let mode = sqlx::query("PRAGMA journal_mode")
            .fetch_one(&mut *writer)
            .await?;
        let level = sqlx::query("PRAGMA synchronous")
            .fetch_one(&mut *writer)
            .await?;
        Ok((get(&mode, 0)?, get(&level, 0)?))
    }
}

/// Pages that were erased may stand in the log of changes until it is emptied. That waits for
/// readers, and phones must not wait for it: whoever reads long is passed over.
pub(super) async fn settle(store: &SqliteStore) -> Result<(), StoreError> {
    let mut writer = store.writer.lock().await;
    for sql in [
        "PRAGMA busy_timeout = 200",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA busy_timeout = 10000",
    ] {
        sqlx::query(sql).execute(&mut *writer).await?;
    }
    Ok(())
}

/// Readers go first: the log of changes can only be emptied into the file when nobody reads it.
pub(super) async fn close(store: &SqliteStore) -> Result<(), StoreError> {
    store.readers.close().await;
    let mut writer = store.writer.lock().await;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut *writer)
        .await?;
    Ok(())
}

fn migrator() -> Migrator {
    let migrations = MIGRATIONS.iter().map(|(version, name, sql)| {
        let kind = MigrationType::Simple;
        Migration::new(
            *version,
            (*name).into(),
            kind,
            SqlStr::from_static(sql),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

/// Draws the server's id at first start.
async fn introduce(writer: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    let drawn = sqlx::query(
        "INSERT INTO server (one, server_id, epoch) VALUES (1, ?, 1)
         ON CONFLICT DO NOTHING",
    )
    .bind(random::bytes::<16>().as_slice())
    .execute(&mut *tx)
    .await?;
    if drawn.rows_affected() > 0 {
        super::server::note_epoch(&mut tx, 1, "the first start", clock::now()).await?;
    }
    Ok(tx.commit().await?)
}
