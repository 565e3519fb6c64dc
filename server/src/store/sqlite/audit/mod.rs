//! The rows themselves, through a connection of its own that can only read.

mod dossiers;
mod facts;
mod feed;

pub(super) use dossiers::dossiers;

use super::codec::get;
use super::open::MIGRATIONS;
use super::server;
use crate::store::audit::{Audit, Dossier, EpochNote, FeedLine, LogStates, OpenWork};
use crate::store::{FeedHead, Identity, StoreError};
use async_trait::async_trait;
use domain::hash::Sha256;
use domain::ids::RecordId;
use domain::receipt::ReceiptKey;
use domain::register::{DivisionId, RegisterSet};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

/// One moment of a database file. As long as it is open the log of changes cannot be emptied
/// into the file, so it grows while a server writes.
#[derive(Debug)]
pub struct SqliteAudit {
    connection: SqliteConnection,
}

impl SqliteAudit {
    /// Opens the file beside whoever writes in it. Its tables must be of this version.
    pub async fn open(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .read_only(true)
            .busy_timeout(Duration::from_secs(10));
        let mut connection = match begin(options.clone()).await {
            Ok(connection) => connection,
            // On a medium that cannot be written nobody else writes, either.
            Err(_) if is_fixed(file) => begin(options.immutable(true)).await?,
            Err(error) => return Err(error),
        };
        versions_fit(&mut connection).await?;
        Ok(Self { connection })
    }
}

async fn begin(options: SqliteConnectOptions) -> Result<SqliteConnection, StoreError> {
    let mut connection = options.connect().await?;
    sqlx::query("BEGIN").execute(&mut connection).await?;
    // The moment is that of the first read.
    sqlx::query("SELECT count(*) FROM sqlite_schema")
        .fetch_one(&mut connection)
        .await?;
    Ok(connection)
}

fn is_fixed(file: &Path) -> bool {
    std::fs::OpenOptions::new()
        .append(true)
        .open(file)
        .is_err_and(|e| e.kind() != std::io::ErrorKind::NotFound)
}

/// The tables must be those that this program knows.
async fn versions_fit(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let made =
        sqlx::query("SELECT count(*) AS made FROM sqlite_schema WHERE name = '_sqlx_migrations'")
            .fetch_one(&mut *connection)
            .await?;
    let mut found = BTreeSet::new();
    if get::<i64, _>(&made, "made")? > 0 {
        let rows = sqlx::query("SELECT version FROM _sqlx_migrations WHERE success")
            .fetch_all(connection)
            .await?;
        for row in &rows {
            found.insert(get::<i64, _>(row, "version")?);
        }
    }
    let known: BTreeSet<i64> = MIGRATIONS.iter().map(|(version, _, _)| *version).collect();
    match (
        found.difference(&known).next(),
        known.difference(&found).next(),
    ) {
        (None, None) => Ok(()),
        (newer, _) => Err(StoreError::OtherVersion {
            newer: newer.is_some(),
        }),
    }
}

#[async_trait]
impl Audit for SqliteAudit {
    async fn engine(&mut self) -> Result<String, StoreError> {
        facts::engine(&mut self.connection).await
    }
    async fn soundness(&mut self, quick: bool) -> Result<Vec<String>, StoreError> {
        facts::soundness(&mut self.connection, quick).await
    }
    async fn identity(&mut self) -> Result<Identity, StoreError> {
        facts::identity(&mut self.connection).await
    }
    async fn epochs(&mut self) -> Result<Vec<EpochNote>, StoreError> {
        facts::epochs(&mut self.connection).await
    }
    async fn keys(&mut self) -> Result<Vec<ReceiptKey>, StoreError> {
        server::keys(&mut self.connection).await
    }
    async fn tables(&mut self) -> Result<Vec<(String, u64)>, StoreError> {
        facts::tables(&mut self.connection).await
    }
    async fn registers(
        &mut self,
        before: Option<u64>,
    ) -> Result<Option<(u64, RegisterSet)>, StoreError> {
        facts::registers(&mut self.connection, before).await
    }
    async fn divisions(&mut self) -> Result<BTreeMap<String, String>, StoreError> {
        facts::divisions(&mut self.connection).await
    }
    async fn heads(&mut self) -> Result<Vec<FeedHead>, StoreError> {
        feed::heads(&mut self.connection).await
    }
    async fn feed(
        &mut self,
        shard: &DivisionId,
        seq: u64,
        limit: u32,
    ) -> Result<Vec<FeedLine>, StoreError> {
        feed::lines(&mut self.connection, shard, seq, limit).await
    }
    async fn dossiers(
        &mut self,
        after: Option<RecordId>,
        limit: u32,
    ) -> Result<Vec<Dossier>, StoreError> {
        dossiers(&mut self.connection, after, limit).await
    }
    async fn lines_of_nothing(&mut self) -> Result<u64, StoreError> {
        facts::lines_of_nothing(&mut self.connection).await
    }
    async fn blobs(
        &mut self,
        after: Option<Sha256>,
        limit: u32,
    ) -> Result<Vec<(Sha256, u64)>, StoreError> {
        facts::blobs(&mut self.connection, after, limit).await
    }
    async fn blobs_in_all(&mut self) -> Result<(u64, u64), StoreError> {
        facts::blobs_in_all(&mut self.connection).await
    }
    async fn holds(&mut self, blob: Sha256) -> Result<bool, StoreError> {
        facts::holds(&mut self.connection, blob).await
    }
    async fn logs(&mut self) -> Result<LogStates, StoreError> {
        facts::logs(&mut self.connection).await
    }
    async fn open_work(&mut self) -> Result<OpenWork, StoreError> {
        facts::open_work(&mut self.connection).await
    }
}
