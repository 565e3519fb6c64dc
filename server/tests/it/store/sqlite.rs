use super::conformance;
use super::kit::Kit;
use sqlx::{Connection as _, SqliteConnection};
use xunhe_server::store::sqlite::SqliteStore;

macro_rules! on_sqlite {
    ($($part:ident: $case:ident,)+) => {
        $(
            #[tokio::test]
            async fn $case() {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("xunhe.sqlite");
                let store = SqliteStore::open(&file).await.unwrap();
                let engine = format!("sqlite://{}", file.display());
                super::$part::$case(Kit::new(store, engine).await).await;
            }
        )+
    };
}
conformance!(on_sqlite);

/// A second connection, as a mistaken program or a hand at the console would have.
pub(super) async fn by_hand(engine: &str, sql: &'static str) -> Result<(), sqlx::Error> {
    let mut hand = SqliteConnection::connect(engine).await?;
    sqlx::query(sql).execute(&mut hand).await.map(drop)
}

#[tokio::test]
async fn every_commit_is_synced() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("xunhe.sqlite");
    let store = SqliteStore::open(&file).await.unwrap();
    let (mode, synchronous) = store.durability().await.unwrap();
    assert_eq!((mode.as_str(), synchronous), ("wal", 2));
}
