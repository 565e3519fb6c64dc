//! The real server, started, killed and started again on the same data and address.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long a server may take to listen.
const START: Duration = Duration::from_mins(1);

/// What changes files, and what answers.
const WRITING: &str = "openat,write,pwrite64,writev,pwritev,sendto,sendmsg,fsync,fdatasync,\
rename,renameat,renameat2,unlink,unlinkat,link,linkat,mkdir,mkdirat";

/// A running server with the demonstration.
pub struct Server {
    child: Child,
    listen: String,
    data: PathBuf,
    /// The password of all demonstration accounts, as printed at the first start.
    pub password: String,
}

impl Server {
    /// Starts a server with the demonstration on an empty data folder and a free port.
    pub fn start(data: &Path) -> Self {
        let (child, listen, password) = spawn(Command::new(binary()), data, "127.0.0.1:0");
        let password = password.expect("the first start prints the demonstration's password");
        Self {
            child,
            listen,
            data: data.to_owned(),
            password,
        }
    }

    /// The same, with every system call that writes watched; `trace` is written as it happens.
    ///
    /// # Panics
    /// If there is no `strace`, or the system does not let it watch.
    pub fn traced(data: &Path, trace: &Path) -> Self {
        let mut strace = Command::new("strace");
        // The server stays this process's child: what is killed is the server.
        strace.args(["-D", "-f", "-y", "-s", "4096", "-e"]);
        strace.arg(format!("trace={WRITING}"));
        strace.args(["-e", "signal=KILL", "-o"]).arg(trace);
        strace.arg(binary());
        let version = Command::new("strace").arg("--version").output();
        assert!(
            version.is_ok(),
            "this test watches system calls; install strace: apt-get install strace"
        );
        let (child, listen, password) = spawn(strace, data, "127.0.0.1:0");
        let watched = std::fs::metadata(trace).is_ok_and(|file| file.len() > 0);
        assert!(
            watched,
            "strace sees nothing of the server: allow ptrace (in a container: CAP_SYS_PTRACE)"
        );
        let password = password.expect("the first start prints the demonstration's password");
        Self {
            child,
            listen,
            data: data.to_owned(),
            password,
        }
    }

    /// Where the app is.
    pub fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// SIGKILL: no goodbye, nothing flushed that was not already.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The chunks that the server confirmed of blobs with this size, over all its lives, by its
    /// own log.
    pub fn chunks_of(&self, size: u64) -> Vec<Chunk> {
        let log = std::fs::read_to_string(log_file(&self.data)).unwrap();
        let number = |line: &str, name: &str| -> Option<u64> {
            let rest = line.split_once(&format!(" {name}="))?.1;
            rest.split(|c: char| !c.is_ascii_digit())
                .next()?
                .parse()
                .ok()
        };
        let stored = log.lines().filter(|l| l.contains("chunk stored"));
        stored
            .filter(|l| number(l, "size") == Some(size) && l.contains("appended=Held("))
            .filter_map(|l| {
                Some(Chunk {
                    offset: number(l, "offset")?,
                    len: number(l, "len")?,
                })
            })
            .collect()
    }

    /// Starts again on the same data and the same address.
    pub fn restart(&mut self) {
        (self.child, _, _) = spawn(Command::new(binary()), &self.data, &self.listen.clone());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One chunk that the server confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// First byte.
    pub offset: u64,
    /// Bytes.
    pub len: u64,
}

fn log_file(data: &Path) -> PathBuf {
    data.join("server.log")
}

/// The binary under test: `XUNHE_BIN`, which `cargo xtask` sets.
pub fn binary() -> PathBuf {
    let set = std::env::var_os("XUNHE_BIN").expect("run the journeys with `cargo xtask test`");
    PathBuf::from(set)
}

fn spawn(mut command: Command, data: &Path, listen: &str) -> (Child, String, Option<String>) {
    std::fs::create_dir_all(data).unwrap();
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(log_file(data))
        .unwrap();
    let mut child = command
        .args(["serve", "--demo", "--listen", listen, "--data"])
        .arg(data)
        .env("XUNHE_LOG", "info,xunhe_server=debug")
        .env("NO_COLOR", "1")
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let out = child.stdout.take().unwrap();
    let (tell, heard) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let _ = tell.send(line);
        }
    });
    let (mut address, mut password) = (None, None);
    // The address is the last thing that a start prints.
    while address.is_none() {
        let line = heard
            .recv_timeout(START)
            .expect("the server did not say its address");
        password = password.or_else(|| after(&line, "password: "));
        address = after(&line, "http://").map(|a| a.trim_end_matches('/').to_owned());
    }
    (child, address.unwrap(), password)
}

fn after(line: &str, mark: &str) -> Option<String> {
    let rest = line.split_once(mark)?.1;
    rest.split_whitespace().next().map(str::to_owned)
}
