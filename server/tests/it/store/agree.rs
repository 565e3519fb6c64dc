//! Both engines have the same tables: what is moved from one to the other, or looked up in one by
//! somebody who knows the other, is found.

use crate::support::postgres::Database;
use sqlx::{Connection as _, PgConnection, Row as _, SqliteConnection};
use std::collections::BTreeMap;
use xunhe_server::store::postgres::{Limits, PgStore};
use xunhe_server::store::sqlite::SqliteStore;

/// Table and column → the kind of its values, and whether it may be empty.
type Columns = BTreeMap<(String, String), (&'static str, bool)>;

/// The turn in which servers change a record: one server alone needs none.
const ONLY_POSTGRES: &str = "record_lock";

fn kind(said: &str) -> &'static str {
    match said {
        "BLOB" | "bytea" => "bytes",
        "TEXT" | "text" => "text",
        // SQLite has no other type for yes and no.
        "INTEGER" | "bigint" | "integer" | "boolean" => "number",
        other => panic!("a type that nobody thought of: {other}"),
    }
}

async fn sqlite() -> (Columns, Vec<(i64, String)>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("xunhe.sqlite");
    SqliteStore::open(&file).await.unwrap();
    let mut hand = SqliteConnection::connect(&format!("sqlite://{}", file.display()))
        .await
        .unwrap();
    let rows = sqlx::query(
        "SELECT m.name AS tab, c.name AS col, c.type AS kind, c.\"notnull\" = 0 AND c.pk = 0 AS empty
         FROM sqlite_schema m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
    )
    .fetch_all(&mut hand)
    .await
    .unwrap();
    let columns = rows.iter().map(|row| {
        let name = (row.get("tab"), row.get("col"));
        (name, (kind(row.get("kind")), row.get("empty")))
    });
    let done = sqlx::query_as("SELECT version, description FROM _sqlx_migrations ORDER BY version");
    (columns.collect(), done.fetch_all(&mut hand).await.unwrap())
}

async fn postgres() -> (Columns, Vec<(i64, String)>) {
    let database = Database::fresh().await;
    PgStore::open(database.url(), Limits::default())
        .await
        .unwrap();
    let mut hand = PgConnection::connect(database.url()).await.unwrap();
    let rows = sqlx::query(
        "SELECT table_name::text AS tab, column_name::text AS col, data_type::text AS kind,
            is_nullable = 'YES' AS empty
         FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' AND table_name <> $1",
    )
    .bind(ONLY_POSTGRES)
    .fetch_all(&mut hand)
    .await
    .unwrap();
    let columns = rows.iter().map(|row| {
        let name = (row.get("tab"), row.get("col"));
        (name, (kind(row.get("kind")), row.get("empty")))
    });
    let done = sqlx::query_as("SELECT version, description FROM _sqlx_migrations ORDER BY version");
    (columns.collect(), done.fetch_all(&mut hand).await.unwrap())
}

#[tokio::test]
async fn both_engines_have_the_same_tables_by_the_same_migrations() {
    let ((one, first), (other, second)) = (sqlite().await, postgres().await);
    assert_eq!(first, second);
    for (name, column) in &one {
        assert_eq!(other.get(name), Some(column), "{name:?}");
    }
    let more: Vec<_> = other
        .keys()
        .filter(|name| !one.contains_key(name))
        .collect();
    assert!(more.is_empty(), "{more:?}");
}
