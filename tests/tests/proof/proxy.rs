//! Twelve faults of the way to the server against four kinds of call.

use tempfile::tempdir;
use xunhe_tests::proxy::matrix;
use xunhe_tests::server::Server;

#[tokio::test]
async fn no_fault_of_the_way_loses_anything() {
    let folder = tempdir().unwrap();
    let server = Server::start(folder.path());
    let cells = matrix::cells();
    let count = cells.len();
    let wrong = matrix::run(server, cells, 1).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{count} cells");
}
