//! The other engine, for as long as tests run: a `PostgreSQL` of its own in a temporary folder, on a
//! free port, with a name and a password that nobody else has.

use crate::sh::{ask, program, run, say};
use crate::{Outcome, tools};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The oldest major version that is supported.
const OLDEST: u32 = 15;
const PATIENCE: Duration = Duration::from_mins(1);

/// Runs a command with the engines beside it.
pub(crate) fn beside(words: &[&str]) -> Outcome {
    let [name, rest @ ..] = words else {
        return Err("cargo xtask engines COMMAND …".to_owned());
    };
    let postgres = Postgres::start()?;
    let mut command = program(name, rest);
    postgres.tell(&mut command);
    run(command, 24 * 60)
}

/// A running cluster; it ends, with its folder, when this is dropped.
pub(crate) struct Postgres {
    folder: PathBuf,
    server: Child,
    /// Where its programs are.
    programs: PathBuf,
    port: u16,
    /// Random, so that tests can tell that they talk to this one.
    name: String,
}

impl Postgres {
    /// Installs what is missing, makes a cluster and starts it.
    pub(crate) fn start() -> Outcome<Self> {
        let programs = programs()?;
        let name = format!("xunhe-test-{}", random()?);
        let folder = std::env::temp_dir().join(&name);
        fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let (secret, data) = (folder.join("secret"), folder.join("data"));
        fs::write(&secret, &name).map_err(|e| format!("{}: {e}", secret.display()))?;
        own(&folder)?;
        let mut init = as_somebody(&programs.join("initdb"));
        init.arg("--pgdata").arg(&data).arg("--pwfile").arg(&secret);
        init.args([
            "--username=xunhe",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
        ]);
        init.stdout(Stdio::null());
        run(init, 5)?;
        let port = free_port()?;
        let server = serve(&programs, &data, port, &name)?;
        let cluster = Self {
            folder,
            server,
            programs,
            port,
            name,
        };
        cluster.wait()?;
        Ok(cluster)
    }

    /// Tells a command where it is.
    pub(crate) fn tell(&self, command: &mut Command) {
        let (name, port) = (&self.name, self.port);
        command.env(
            "XUNHE_TEST_POSTGRES",
            format!("postgres://xunhe:{name}@127.0.0.1:{port}/postgres"),
        );
        command.env("XUNHE_TEST_POSTGRES_NAME", name);
    }

    fn wait(&self) -> Outcome {
        let until = Instant::now() + PATIENCE;
        let ready = self.programs.join("pg_isready");
        let port = self.port.to_string();
        while Instant::now() < until {
            let words = ["--quiet", "--host=127.0.0.1", "--port", &port];
            let asked = Command::new(&ready).args(words).status();
            if asked.is_ok_and(|s| s.success()) {
                return Ok(());
            }
            sleep(Duration::from_millis(50));
        }
        Err(format!(
            "PostgreSQL does not start; see {}",
            self.folder.join("log").display()
        ))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Nothing of it is needed any more.
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn serve(programs: &Path, data: &Path, port: u16, name: &str) -> Outcome<Child> {
    let log = data.with_file_name("log");
    let log = fs::File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
    let mut server = as_somebody(&programs.join("postgres"));
    server.arg("-D").arg(data);
    for setting in [
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={port}"),
        format!("cluster_name={name}"),
        "unix_socket_directories=".to_owned(),
        "max_connections=200".to_owned(),
    ] {
        server.args(["-c", &setting]);
    }
    server.stdout(Stdio::null()).stderr(log);
    server
        .spawn()
        .map_err(|e| format!("PostgreSQL does not start: {e}"))
}

/// `PostgreSQL` refuses to run as root, who then lends it to its own user.
fn as_somebody(path: &Path) -> Command {
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    command.arg(path);
    command
}

fn own(folder: &Path) -> Outcome {
    if !is_root() {
        return Ok(());
    }
    let folder = folder.to_string_lossy();
    run(program("chown", &["-R", "postgres:postgres", &folder]), 1)
}

fn is_root() -> bool {
    ask("id", &["-u"]).is_some_and(|id| id == "0")
}

/// Where the newest supported version lies; Debian keeps it off the PATH.
fn programs() -> Outcome<PathBuf> {
    if let Some(found) = newest() {
        return Ok(found);
    }
    tools::packages(&["postgresql"], "The tests run on PostgreSQL, too.")?;
    newest().ok_or_else(|| format!("PostgreSQL {OLDEST} or later is not installed"))
}

fn newest() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").ok();
    let debian = debian.into_iter().flatten().flatten();
    let debian = debian.filter_map(|dir| {
        let version: u32 = dir.file_name().to_str()?.parse().ok()?;
        Some((version, dir.path().join("bin")))
    });
    let newest = debian.filter(|(v, bin)| *v >= OLDEST && bin.join("initdb").exists());
    if let Some((_, bin)) = newest.max_by_key(|(v, _)| *v) {
        return Some(bin);
    }
    let said = ask("pg_config", &["--version"])?;
    let version: u32 = said.split([' ', '.']).nth(1)?.parse().ok()?;
    let bin = PathBuf::from(ask("pg_config", &["--bindir"])?);
    (version >= OLDEST && bin.join("initdb").exists()).then_some(bin)
}

fn free_port() -> Outcome<u16> {
    let socket = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    let port = socket.local_addr().map_err(|e| e.to_string())?.port();
    say(&format!("PostgreSQL listens on 127.0.0.1:{port}."));
    Ok(port)
}

fn random() -> Outcome<String> {
    let file = fs::File::open("/dev/urandom").map_err(|e| e.to_string())?;
    let mut raw = [0; 12];
    std::io::Read::read_exact(&mut &file, &mut raw).map_err(|e| e.to_string())?;
    Ok(hex::encode(raw))
}
