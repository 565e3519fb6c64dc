use super::codec::get;
use super::{PgStore, server};
use crate::store::StoreError;
use crate::{clock, random};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, PgPool, SqlStr};
use std::str::FromStr as _;
use std::time::Duration;

/// Number, name and text, in order: the same as the other engine's.
pub(super) const MIGRATIONS: &[(i64, &str, &str)] = &[
    (
        1,
        "spine",
        include_str!("../../../migrations/postgres/0001_spine.sql"),
    ),
    (
        2,
        "cases",
        include_str!("../../../migrations/postgres/0002_cases.sql"),
    ),
    (
        3,
        "map",
        include_str!("../../../migrations/postgres/0003_map.sql"),
    ),
    (
        4,
        "rules",
        include_str!("../../../migrations/postgres/0004_rules.sql"),
    ),
    (
        5,
        "nowhere",
        include_str!("../../../migrations/postgres/0005_nowhere.sql"),
    ),
    (
        6,
        "operations",
        include_str!("../../../migrations/postgres/0006_operations.sql"),
    ),
    (
        7,
        "sync",
        include_str!("../../../migrations/postgres/0007_sync.sql"),
    ),
    (
        8,
        "quarantine",
        include_str!("../../../migrations/postgres/0008_quarantine.sql"),
    ),
    (
        9,
        "room",
        include_str!("../../../migrations/postgres/0009_room.sql"),
    ),
];

/// The oldest version that is tested.
const OLDEST: i32 = 150_000;
/// How far its clock may be from ours, milliseconds.
const CLOCK_OFF_MS: i64 = 60_000;

/// How a server uses its database.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections of this server, at most.
    pub connections: u32,
    /// How long one may be waited for.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10,
            patience: Duration::from_secs(10),
        }
    }
}

impl PgStore {
    /// Connects, looks whether this is a database to rely on, and brings its tables to this
    /// version. Several servers may do so at once: the first does the work, the others wait.
    pub async fn open(url: &str, limits: Limits) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("xunhe")
            // A server that hangs must not hold the others' rows for ever.
            .options([
                ("statement_timeout", "60s"),
                ("lock_timeout", "20s"),
                ("idle_in_transaction_session_timeout", "60s"),
            ])
            .log_slow_statements(tracing::log::LevelFilter::Warn, Duration::from_secs(1));
        let pool = PgPoolOptions::new()
            .max_connections(limits.connections)
            .acquire_timeout(limits.patience)
            .connect_with(options)
            .await?;
        trusted(&pool).await?;
        migrator().run(&pool).await?;
        introduce(&pool).await?;
        Ok(Self { pool })
    }
}

/// What an acknowledgement rests on.
async fn trusted(pool: &PgPool) -> Result<(), StoreError> {
    let row = sqlx::query(
        "SELECT current_setting('server_version_num')::int AS version,
            current_setting('synchronous_commit') AS commits,
            current_setting('fsync') AS fsync,
            current_setting('full_page_writes') AS pages,
            current_setting('server_encoding') AS encoding,
            (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now",
    )
    .fetch_one(pool)
    .await?;
    let setting = |name: &str| get::<String, _>(&row, name);
    let version: i32 = get(&row, "version")?;
    let off = get::<i64, _>(&row, "now")? - clock::now().0;
    let refuse = |why: String| Err(StoreError::Unfit(why));
    if version < OLDEST {
        return refuse(format!(
            "it is version {}, 15 or later is needed",
            version / 10_000
        ));
    }
    if setting("encoding")? != "UTF8" {
        return refuse("its encoding is not UTF8; create the database with ENCODING 'UTF8'".into());
    }
    if matches!(setting("commits")?.as_str(), "off") {
        return refuse(
            "synchronous_commit is off: what phones were told is kept could be lost".into(),
        );
    }
    for (name, value) in [
        ("fsync", setting("fsync")?),
        ("full_page_writes", setting("pages")?),
    ] {
        if value != "on" {
            return refuse(format!(
                "{name} is off: a power cut could lose what phones were told is kept"
            ));
        }
    }
    if off.abs() > CLOCK_OFF_MS {
        return refuse(format!(
            "its clock and this machine's are {} s apart; set both by NTP",
            off.abs() / 1_000
        ));
    }
    Ok(())
}

/// What was erased may stand in the pages until they are cleaned; the engine does that by itself
/// beside its other work, and this asks for it now. Whoever may not ask has only to wait.
pub(super) async fn settle(store: &PgStore) -> Result<(), StoreError> {
    let cleaned = sqlx::query("VACUUM entry, refused_entry, blob_ref")
        .execute(&store.pool)
        .await;
    if let Err(error) = cleaned {
        tracing::warn!(%error, "pages with erased texts are cleaned later");
    }
    Ok(())
}

/// Lets go of all connections.
pub(super) async fn close(store: &PgStore) -> Result<(), StoreError> {
    store.pool.close().await;
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
async fn introduce(pool: &PgPool) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    let drawn = sqlx::query(
        "INSERT INTO server (one, server_id, epoch) VALUES (1, $1, 1)
         ON CONFLICT DO NOTHING",
    )
    .bind(random::bytes::<16>().to_vec())
    .execute(&mut *tx)
    .await?;
    if drawn.rows_affected() > 0 {
        server::note_epoch(&mut tx, 1, "the first start", clock::now()).await?;
    }
    Ok(tx.commit().await?)
}
