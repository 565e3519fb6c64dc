//! Measuring. Figures are published in docs/performance.md with the command that repeats them.

use crate::sh::{cargo, run};
use crate::{Outcome, build, finish, paths, tools};

/// Measures one subject and prints a table.
pub(crate) fn bench(subject: &str) -> Outcome {
    match subject {
        "size" => {
            let dist = build::app()?;
            finish::size::print(&dist)
        }
        "ingest" | "ledger" => run(
            cargo(&["bench", "--package", "xunhe-server", "--bench", subject]),
            30,
        ),
        "start" | "save" | "taps" | "patrol" | "queue" | "link" | "memory" => {
            in_browser(&["--bin", "bench", "--", subject])
        }
        other => Err(format!(
            "There is no bench {other:?}: size, ingest, ledger, start, save, taps, patrol, queue, \
             link, memory."
        )),
    }
}

/// Makes the screenshots of the documentation with the real product.
pub(crate) fn screenshots() -> Outcome {
    in_browser(&["--bin", "screenshots"])
}

fn in_browser(what: &[&str]) -> Outcome {
    tools::for_testing()?;
    build::app()?;
    let server = build::server(true)?;
    let mut command = cargo(&["run", "--release", "--package", "xunhe-tests"]);
    command
        .args(what)
        .env("XUNHE_BIN", server)
        .env("XUNHE_DOCS", paths::root().join("docs"));
    run(command, 30)
}
