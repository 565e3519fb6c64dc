//! How fast the server takes reports, beside what the disk and `SQLite` alone can do in the same
//! run: `cargo bench -p xunhe-server --bench ingest`.
//!
//! The real server over a real socket, on a data folder beside the build (`XUNHE_BENCH_DIR` for
//! another disk). Every answer stands for a durable commit.

#![expect(clippy::unwrap_used, reason = "a bench ends at the first surprise")]
#![expect(clippy::print_stdout, reason = "the table is the product")]

mod limit;
mod load;
#[path = "../../tests/it/support/pen.rs"]
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod pen;
mod table;

use load::{Load, Target};
use std::path::PathBuf;
use std::time::Duration;
use table::Table;

/// Rounds of each measurement; the table shows their median and spread.
const ROUNDS: usize = 5;
/// How long one round of a closed loop lasts.
const ROUND: Duration = Duration::from_secs(2);
const PHOTO_BYTES: usize = 200 * 1024;

fn main() {
    // `cargo test` runs benches with --test to see that they start: they are not measured then.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let folder = std::env::var_os("XUNHE_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(folder).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let entry_bytes = load::entry_bytes();
    let mut table = Table::new();

    table.add("limit: fdatasync of 1 KiB", "per s", || {
        limit::syncs(folder.path(), ROUND)
    });
    for batch in [1, 50, 100] {
        let name = format!("limit: SQLite WAL FULL, {batch} rows a commit");
        table.add(&name, "rows/s", || {
            limit::rows(folder.path(), batch, entry_bytes, ROUND)
        });
    }
    table.add(
        "limit: SQLite WAL FULL, row + 200 KiB blob",
        "rows/s",
        || limit::rows(folder.path(), 1, entry_bytes + PHOTO_BYTES, ROUND),
    );
    table.add(
        "limit: file + fsync + rename + fsync(dir), 200 KiB",
        "per s",
        || limit::files(folder.path(), PHOTO_BYTES, ROUND),
    );

    let target = runtime.block_on(Target::start(&folder.path().join("data")));
    for (name, clients, batch, photo) in [
        ("server: single reports, 1 phone", 1, 1, false),
        ("server: single reports, 8 phones", 8, 1, false),
        ("server: single reports, 64 phones", 64, 1, false),
        ("server: batches of 50, 1 phone", 1, 50, false),
        ("server: batches of 50, 8 phones", 8, 50, false),
        ("server: batches of 100, 1 phone", 1, 100, false),
        ("server: report + 200 KiB photo, 1 phone", 1, 1, true),
        ("server: report + 200 KiB photo, 8 phones", 8, 1, true),
    ] {
        let load = Load {
            clients,
            batch,
            photo: photo.then_some(PHOTO_BYTES),
        };
        table.add(name, "reports/s", || {
            runtime.block_on(target.measure(&load, ROUND))
        });
    }
    runtime.block_on(target.stop());
    println!(
        "Reports of {entry_bytes} bytes (header and body), {ROUNDS} rounds of {ROUND:?} each.\n"
    );
    println!("{table}");
}
