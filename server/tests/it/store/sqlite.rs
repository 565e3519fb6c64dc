use super::conformance;
use super::kit::{Hand, Kit};
use sqlx::{Connection as _, SqliteConnection};
use std::path::Path;
use xunhe_server::store::sqlite::SqliteStore;

macro_rules! on_sqlite {
    ($($part:ident: $case:ident,)+) => {
        $(
            #[tokio::test]
            async fn $case() {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("xunhe.sqlite");
                let store = SqliteStore::open(&file).await.unwrap();
                super::$part::$case(Kit::new(store, hand(&file)).await).await;
            }
        )+
    };
}
conformance!(on_sqlite);

/// A second connection, as a mistaken program or a hand at the console would have.
fn hand(file: &Path) -> Hand {
    let url = format!("sqlite://{}", file.display());
    Box::new(move |said| {
        let url = url.clone();
        Box::pin(async move {
            let mut hand = SqliteConnection::connect(&url).await?;
            sqlx::query(said.sqlite).execute(&mut hand).await.map(drop)
        })
    })
}

#[tokio::test]
async fn every_commit_is_synced() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("xunhe.sqlite");
    let store = SqliteStore::open(&file).await.unwrap();
    let (mode, synchronous) = store.durability().await.unwrap();
    assert_eq!((mode.as_str(), synchronous), ("wal", 2));
}
