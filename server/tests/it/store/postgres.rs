use super::conformance;
use super::kit::{Hand, Kit};
use crate::support::postgres::Database;
use sqlx::{Connection as _, PgConnection};
use xunhe_server::store::postgres::{Limits, PgStore};

macro_rules! on_postgres {
    ($($part:ident: $case:ident,)+) => {
        $(
            #[tokio::test]
            async fn $case() {
                let database = Database::fresh().await;
                let limits = Limits { connections: 5, ..Limits::default() };
                let store = PgStore::open(database.url(), limits).await.unwrap();
                super::$part::$case(Kit::new(store, hand(database.url())).await).await;
            }
        )+
    };
}
conformance!(on_postgres);

/// A second connection, as a mistaken program or a hand at the console would have.
fn hand(url: &str) -> Hand {
    let url = url.to_owned();
    Box::new(move |said| {
        let url = url.clone();
        Box::pin(async move {
            let mut hand = PgConnection::connect(&url).await?;
            sqlx::raw_sql(said.postgres)
                .execute(&mut hand)
                .await
                .map(drop)
        })
    })
}
