//! A database of its own for each test, on the cluster that `cargo xtask test` started.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use uuid::Uuid;

/// A database with a random name.
pub(crate) struct Database {
    url: String,
}

impl Database {
    /// Makes an empty one.
    pub(crate) async fn fresh() -> Self {
        let url = cluster("XUNHE_TEST_POSTGRES");
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let (said,): (String,) = sqlx::query_as("SELECT current_setting('cluster_name')")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        // Nobody's own data is touched because a variable was left over.
        assert_eq!(
            said,
            cluster("XUNHE_TEST_POSTGRES_NAME"),
            "another cluster answers"
        );
        let name = format!("t{}", Uuid::new_v4().simple());
        let create = format!("CREATE DATABASE {name} TEMPLATE template0");
        sqlx::query(AssertSqlSafe(create))
            .execute(&mut connection)
            .await
            .unwrap();
        let (base, _) = url.rsplit_once('/').unwrap();
        Self {
            url: format!("{base}/{name}"),
        }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

fn cluster(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: run `cargo xtask test`, or `cargo xtask engines cargo …`")
    })
}
