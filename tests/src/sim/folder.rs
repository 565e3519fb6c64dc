//! The server's data folder of a history: a copy of one that was made once.

use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use xunhe_server::config::{Flags, Settings, Sources};
use xunhe_server::serve::{Running, start};
use xunhe_server::store::Account;

/// The password of every account of the simulation.
pub(super) const PASSWORD: &str = "simulation";
/// The same hashed with the least cost there is: a history signs in dozens of times.
const HASHED: &str =
    "$argon2id$v=19$m=8,t=1,p=1$iMKzLtqbiWz7bR1Jo+H8bQ$ODGWIwQUsEAw8d0aHGVKeKfIlWNbSRy0ojZ/AFXaucA";

/// A data folder with the demonstration, and nothing recorded yet.
#[derive(Debug)]
pub struct Template(TempDir);

impl Template {
    /// Makes one; takes about a second.
    pub fn make() -> Self {
        let folder = fresh();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let running = begin(folder.path(), "127.0.0.1:0").await;
            let store = &running.app.store;
            for role in super::cast::ROLES {
                let account = Account {
                    account: role.name.to_owned(),
                    person: role.name.parse().unwrap(),
                    password: HASHED.to_owned(),
                    disabled_ms: None,
                };
                store.put_accounts(&[account]).await.unwrap();
            }
            end(running, folder.path()).await;
        });
        Self(folder)
    }

    /// A copy of its own for one history.
    pub(super) fn copy(&self) -> TempDir {
        let folder = fresh();
        put(self.0.path(), folder.path());
        folder
    }
}

/// A folder in memory where the system has one: the histories write much and keep nothing.
pub(super) fn fresh() -> TempDir {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    };
    tempfile::Builder::new()
        .prefix("xunhe-sim-")
        .tempdir_in(place)
        .unwrap()
}

/// Starts the server on a folder.
pub(super) async fn begin(folder: &Path, listen: &str) -> Running {
    let flags = Flags {
        data: Some(folder.to_string_lossy().into_owned()),
        listen: Some(listen.to_owned()),
        demo: true,
        log: Some("off".to_owned()),
        ..Flags::default()
    };
    let sources = Sources::gather(&flags, |_| None).unwrap();
    start(&Settings::read(&sources).unwrap()).await.unwrap()
}

/// Stops a server. Connections end on threads of their own: one that is still there would take
/// the database that is put back for its own.
pub(super) async fn end(running: Running, folder: &Path) {
    running.stop().await;
    while is_open(folder) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Whether this process has a file of the database open.
fn is_open(folder: &Path) -> bool {
    let open = std::fs::read_dir("/proc/self/fd").into_iter().flatten();
    open.flatten()
        .filter_map(|fd| std::fs::read_link(fd.path()).ok())
        .any(|path| path.starts_with(folder) && path.is_file())
}

/// Copies everything in a folder into another.
pub(super) fn put(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target: PathBuf = to.join(path.file_name().unwrap());
        if path.is_dir() {
            put(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
