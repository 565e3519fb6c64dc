use crate::support::pen::{id_of, jpeg, photo};
use crate::support::server::settings;
use crate::support::{Client, Pen, TestServer};
use domain::case::Step;
use domain::entry::Entry;
use domain::register::DeadlineClass;
use serde_json::Value;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// What a command said and how it ended.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl Said {
    /// Ends well, or the test ends.
    #[track_caller]
    pub(super) fn well(self) -> Self {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self
    }

    /// Ends with this code and says these words.
    #[track_caller]
    pub(super) fn ends(&self, code: i32, words: &str) {
        let all = format!("{}\n{}", self.out, self.err);
        assert_eq!(self.code, Some(code), "{all}");
        assert!(all.contains(words), "{words:?} is not in: {all}");
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {} {}", self.out, self.err))
    }
}

/// Runs the binary to its end.
pub(super) fn xunhe(words: &[&dyn AsRef<OsStr>]) -> Said {
    let output = command(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// Starts the binary.
pub(super) fn begin(words: &[&dyn AsRef<OsStr>]) -> Child {
    command(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn command(words: &[&dyn AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xunhe"));
    command.args(words.iter().map(AsRef::as_ref));
    for name in ["XUNHE_DATA", "XUNHE_CONFIG", "XUNHE_LISTEN"] {
        command.env_remove(name);
    }
    command
}

/// Ends the process as a power cut would.
pub(super) fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Waits, looking again and again, until something is so. `Err` if the process ended first.
pub(super) fn until(child: &mut Child, mut is_so: impl FnMut() -> bool) -> Result<(), ()> {
    loop {
        if is_so() {
            return Ok(());
        }
        if child.try_wait().unwrap().is_some() {
            return Err(());
        }
        std::thread::yield_now();
    }
}

/// A data folder with something of everything, and nobody using it.
pub(super) struct Folder {
    pub(super) dir: TempDir,
    pub(super) password: String,
    /// A clean-up with two photos, a case with steps, a remark on it, a withdrawn one.
    pub(super) entries: Vec<Entry>,
    pub(super) photos: Vec<Vec<u8>>,
}

impl Folder {
    pub(super) async fn filled() -> Self {
        let server = TestServer::start().await;
        let (entries, photos) = fill(&server).await;
        server.running.stop().await;
        Self {
            dir: server.folder,
            password: server.password,
            entries,
            photos,
        }
    }

    pub(super) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A copy that may be damaged.
    pub(super) fn copy(&self) -> TempDir {
        let copy = tempfile::tempdir().unwrap();
        copy_tree(self.path(), copy.path());
        copy
    }
}

/// Puts something of everything into a server.
async fn fill(server: &TestServer) -> (Vec<Entry>, Vec<Vec<u8>>) {
    let phone = server.client("wgy-hejin").await;
    let mut pen = Pen::new("wgy-hejin").on("fh-chaijia").at(110.7, 35.6);
    let photos = vec![jpeg(1, 60_000), jpeg(2, 80_000)];
    let clean = pen.cleanup(photos.iter().map(|p| photo(p)).collect());
    let case = pen.handed_up();
    let remark = pen.comment(super::kit::record(&case), "味道很重");
    send(&phone, &[&clean, &case, &remark]).await;
    for bytes in &photos {
        let reply = phone.begin(id_of(&clean), bytes, bytes).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    let desk = server.client("hzb-hejin").await;
    let mut pen = Pen::new("hzb-hejin");
    pen.basis = Some(id_of(&case));
    let accepted = pen.step(
        record(&case),
        &Step::Accept {
            class: DeadlineClass::SevenDays,
            note: None,
        },
    );
    pen.basis = Some(id_of(&accepted));
    let handed = pen.step(
        record(&case),
        &Step::HandOver {
            lead: "chaijia".parse().unwrap(),
            assisting: Vec::new(),
            assignee: None,
            due: "2099-12-31".parse().unwrap(),
            demand: None,
        },
    );
    send(&desk, &[&accepted, &handed]).await;
    (vec![clean, case, remark, accepted, handed], photos)
}

pub(super) use crate::support::pen::record_of as record;

/// Pushes, and everything is taken.
pub(super) async fn send(client: &Client, entries: &[&Entry]) {
    let answer = client.push(entries).await;
    for result in &answer.results {
        assert!(
            result.status.is_held() && result.reason.is_none(),
            "{result:?}"
        );
    }
}

pub(super) fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        // Empty after an orderly stop, and gone a moment later.
        let name = entry.file_name().into_string().unwrap();
        if name.ends_with("-wal") || name.ends_with("-shm") {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file below a folder.
pub(super) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().unwrap().is_dir() {
            found.extend(files_below(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

/// The file of a blob in a data folder.
pub(super) fn blob_file(data: &Path, bytes: &[u8]) -> PathBuf {
    let hash = domain::hash::Sha256::of(bytes);
    xunhe_server::blobs::file_in(&data.join("blobs"), hash)
}

/// Changes one byte in the middle of a file.
pub(super) fn flip(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).unwrap();
}

/// Starts a server on a folder in this process.
pub(super) async fn serve(folder: TempDir, password: &str) -> TestServer {
    let running = xunhe_server::serve::start(&settings(folder.path())).await;
    TestServer {
        running: running.unwrap(),
        folder,
        database: None,
        password: password.to_owned(),
    }
}
