//! Gates that are a test of every run as well: a run is that test with one seed, and more of it.

use super::page::{self, Tally};
use super::{PROFILE, Wanted, count};
use crate::sh::{cargo, run, say};
use crate::{Outcome, build, paths};
use std::process::Command;
use std::time::Instant;

/// A gate and its test.
pub(super) struct ByTest {
    name: &'static str,
    package: &'static str,
    binary: &'static str,
    test: &'static str,
    /// Whether pages of the app and a server take part.
    browser: bool,
    /// What carries the seed, and what the number of cases in one run.
    seed: &'static str,
    cases: (&'static str, &'static str),
}

const GATES: [ByTest; 2] = [
    ByTest {
        name: "sequences",
        package: "xunhe-domain",
        binary: "it",
        test: "sync::nothing_is_lost_and_nothing_blocks",
        browser: false,
        seed: "PROPTEST_RNG_SEED",
        cases: ("PROPTEST_CASES", "2000"),
    },
    ByTest {
        name: "browser",
        package: "xunhe-tests",
        binary: "journey",
        test: "kill::what_was_saved_survives_a_killed_browser",
        browser: true,
        seed: "XUNHE_SEED",
        cases: ("XUNHE_KILLS", "10"),
    },
];

/// The gate of that name.
pub(super) fn named(name: &str) -> Option<&'static ByTest> {
    GATES.iter().find(|gate| gate.name == name)
}

/// Runs it as often as wanted.
pub(super) fn live(gate: &ByTest, wanted: Wanted) -> Outcome {
    let server = gate.browser.then(|| build::server(false)).transpose()?;
    let test = || {
        let mut command = gate.test();
        command.env("XUNHE_DIST", paths::dist());
        if let Some(server) = &server {
            command.env("XUNHE_BIN", server);
        }
        command
    };
    let mut building = test();
    building.arg("--no-run");
    run(building, 60)?;
    let from = match wanted {
        Wanted::Seed(seed) => seed,
        _ => page::lived(gate.name)? + 1,
    };
    let begun = Instant::now();
    let (mut runs, mut failed) = (0, Vec::new());
    while wanted.goes_on(runs, begun) {
        let seed = from + runs;
        let mut command = test();
        command.args(["--", "--exact", gate.test]);
        command.env(gate.seed, seed.to_string());
        command.env(gate.cases.0, gate.cases.1);
        if let Err(why) = run(command, 60) {
            say(&format!("seed {seed}: {why}"));
            failed.push(seed);
        }
        runs += 1;
    }
    let broken = failed.len();
    if !matches!(wanted, Wanted::Seed(_)) && runs > 0 {
        count(&Tally {
            gate: gate.name.to_owned(),
            from,
            runs,
            failed,
            seconds: begun.elapsed().as_secs(),
        })?;
    }
    match broken {
        0 => Ok(()),
        broken => Err(format!("{broken} runs do not hold")),
    }
}

impl ByTest {
    fn test(&self) -> Command {
        let mut command = cargo(&["test", "--quiet"]);
        if !self.browser {
            command.args(["--profile", PROFILE]);
        }
        command.args(["--package", self.package, "--test", self.binary]);
        command
    }
}
