//! The real server in this process, with a past that can come back.

use super::Template;
use super::folder::{begin, end, fresh, put};
use crate::phone::wire::{Ask, Reply};
use crate::phone::{Line, Patience};
use std::path::Path;
use tempfile::TempDir;
use xunhe_server::app::App;
use xunhe_server::serve::Running;

/// What of an old copy is put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PutBack {
    /// The database alone: the note beside the blobs betrays it.
    Database,
    /// Everything, as a snapshot of a virtual machine does.
    Everything,
}

pub(super) struct Server {
    folder: TempDir,
    running: Option<Running>,
    listen: String,
    line: Line,
    snapshot: Option<TempDir>,
}

impl Server {
    pub(super) async fn start(template: &Template) -> Self {
        let folder = template.copy();
        let running = begin(folder.path(), "127.0.0.1:0").await;
        let listen = running.address.to_string();
        Self {
            line: line(&listen),
            folder,
            running: Some(running),
            listen,
            snapshot: None,
        }
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its parts, while it runs.
    pub(super) fn app(&self) -> Option<&App> {
        self.running.as_ref().map(|r| &*r.app)
    }

    /// A request comes in; nothing answers while the server is down.
    pub(super) async fn take(&self, ask: &Ask) -> Option<Reply> {
        self.running.as_ref()?;
        self.line.send(ask).await.ok()
    }

    /// Finishes what came in and is gone: between two requests a crash leaves nothing else.
    pub(super) async fn stop(&mut self) {
        // Connections kept open would be found dead by the next request.
        self.line = line(&self.listen);
        if let Some(running) = self.running.take() {
            end(running, self.folder.path()).await;
        }
    }

    pub(super) async fn begin(&mut self) {
        if self.running.is_none() {
            self.running = Some(begin(self.folder.path(), &self.listen).await);
        }
    }

    /// Takes a copy of everything.
    pub(super) async fn remember(&mut self) {
        self.stop().await;
        let copy = fresh();
        put(self.folder.path(), copy.path());
        self.snapshot = Some(copy);
        self.begin().await;
    }

    pub(super) const fn has_copy(&self) -> bool {
        self.snapshot.is_some()
    }

    /// Puts the copy back.
    pub(super) async fn go_back(&mut self, what: PutBack) {
        self.stop().await;
        let (copy, folder) = (self.snapshot.as_ref().unwrap().path(), self.folder.path());
        match what {
            PutBack::Database => {
                let name = "xunhe.sqlite";
                std::fs::copy(copy.join(name), folder.join(name)).unwrap();
            }
            PutBack::Everything => {
                for entry in std::fs::read_dir(folder).unwrap() {
                    let path = entry.unwrap().path();
                    if path.is_dir() {
                        std::fs::remove_dir_all(path).unwrap();
                    } else {
                        std::fs::remove_file(path).unwrap();
                    }
                }
                put(copy, folder);
            }
        }
        self.begin().await;
    }

    pub(super) async fn end(mut self) -> TempDir {
        self.stop().await;
        self.folder
    }
}

fn line(listen: &str) -> Line {
    Line::new(&format!("http://{listen}"), Patience::APP)
}
