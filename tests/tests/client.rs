//! A stranger's client: Python, written from PROTOCOL.md alone, against the real binary.

#![allow(
    clippy::unwrap_used,
    reason = "a test that meets the unexpected fails loudly"
)]

use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use xunhe_tests::server::Server;

#[test]
fn a_client_written_from_the_protocol_delivers_and_reads_back() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("client/xunhe.py");
    let run = Command::new("python3")
        .arg(script)
        .args([&server.url(), "wgy-hejin", &server.password])
        .output()
        .expect("python3 is installed by `cargo xtask test`");
    let (said, wrong) = (
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr),
    );
    assert!(run.status.success(), "{said}{wrong}");
    assert!(said.starts_with("all is well"), "{said}");
}
