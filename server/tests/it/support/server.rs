use super::Client;
use super::postgres::Database;
use std::net::SocketAddr;
use std::path::Path;
use tempfile::TempDir;
use xunhe_server::config::{DatabaseUrl, Settings};
use xunhe_server::serve::{Running, start};

/// A real server on a free port, with the demonstration in a folder of its own.
pub(crate) struct TestServer {
    pub(crate) folder: TempDir,
    pub(crate) database: Option<Database>,
    pub(crate) password: String,
    pub(crate) running: Running,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = on_postgres().await;
        let running = start(&settings_on(folder.path(), database.as_ref()))
            .await
            .unwrap();
        let password = running.demonstration.as_ref().unwrap().password.clone();
        Self {
            folder,
            database,
            password,
            running,
        }
    }

    /// Stops it and starts it again on the same data.
    pub(crate) async fn restart(self) -> Self {
        self.running.stop().await;
        let settings = settings_on(self.folder.path(), self.database.as_ref());
        let running = start(&settings).await.unwrap();
        Self { running, ..self }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.running.address)
    }

    /// A client without a session.
    pub(crate) fn stranger(&self) -> Client {
        Client::new(&self.url())
    }

    /// A client signed in as a person of the demonstration.
    pub(crate) async fn client(&self, account: &str) -> Client {
        let client = self.stranger();
        let reply = client.sign_in(account, &self.password).await;
        assert_eq!(reply.status, 200, "{account}: {}", reply.text());
        client
    }
}

pub(crate) fn settings(folder: &Path) -> Settings {
    Settings {
        data: folder.to_owned(),
        database: None,
        database_connections: 5,
        blobs: None,
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        demo: true,
        behind_tls_proxy: false,
        app: None,
        log: "off".to_owned(),
        keep_tracks_days: None,
    }
}

/// The same server over a database, if that is not `SQLite`.
fn settings_on(folder: &Path, database: Option<&Database>) -> Settings {
    Settings {
        database: database.map(|d| DatabaseUrl(d.url().to_owned())),
        ..settings(folder)
    }
}

/// `XUNHE_TEST_ENGINE=postgres` runs the tests over HTTP on the other engine: by hand, since the
/// suite of the stores is run on both each time.
async fn on_postgres() -> Option<Database> {
    match std::env::var("XUNHE_TEST_ENGINE").as_deref() {
        Ok("postgres") => Some(Database::fresh().await),
        _ => None,
    }
}
