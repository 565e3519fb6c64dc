//! `cargo xtask test`: every check and every test, with the time of each.

use crate::engines::Postgres;
use crate::sh::{cargo, run, run_listening, say, tell};
use crate::sweep::sweep;
use crate::{Outcome, build, paths, tidy, tools};
use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

const WASM: [&str; 4] = [
    "--package",
    "xunhe-app",
    "--target",
    "wasm32-unknown-unknown",
];
const HOST: [&str; 3] = ["--workspace", "--exclude", "xunhe-app"];

#[derive(Default)]
struct Report {
    stages: Vec<(&'static str, f64, bool)>,
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// Runs everything; a failed stage does not keep the later ones from running, unless they build
/// on it.
pub(crate) fn test() -> Outcome {
    let mut report = Report::default();
    report.check("tools", || {
        tools::for_building().and_then(|()| tools::for_testing())
    })?;
    let _ = report.check("format", || run(cargo(&["fmt", "--all", "--check"]), 5));
    let _ = report.check("tidiness", tidy::check);
    // The app, which the virtual phones stand on, is linted for its own target.
    let _ = report.check("lints", || {
        run(
            with(
                &["clippy", "--keep-going", "--no-deps"],
                &HOST,
                &["--all-targets"],
                true,
            ),
            40,
        )
    });
    let _ = report.check("lints, app", || {
        run(
            with(&["clippy", "--keep-going"], &WASM, &["--all-targets"], true),
            40,
        )
    });
    let _ = report.check("documentation", || {
        let mut doc = with(&["doc", "--no-deps"], &HOST, &[], false);
        doc.env("RUSTDOCFLAGS", "-D warnings");
        run(doc, 20)
    });
    let _ = report.check("documentation, app", || {
        let mut doc = with(&["doc", "--no-deps", "--lib"], &WASM, &[], false);
        doc.env("RUSTDOCFLAGS", "-D warnings");
        run(doc, 20)
    });
    let built = report.check("building the app", || build::app().map(drop));
    let server = report.check("building the server", || build::server(false).map(drop));
    let mut postgres = None;
    let engines = report.check("engines", || {
        postgres = Some(Postgres::start()?);
        Ok(())
    });
    if built.is_ok() && server.is_ok() && engines.is_ok() {
        report.count("tests", || {
            let mut tests = nextest();
            if let Some(postgres) = &postgres {
                postgres.tell(&mut tests);
            }
            run_listening(tests, 60)
        });
    }
    drop(postgres);
    report.count("doc tests", || {
        run_listening(with(&["test", "--doc"], &HOST, &[], false), 15)
    });
    // The app's rules and style sheets need no browser; its store is tested where it lives.
    report.count("app", || run_listening(app_rules(), 40));
    report.count("app in the browser", || {
        let browser = ["test", "--no-fail-fast", "--test", "store"];
        let mut tests = with(&browser, &WASM, &[], false);
        // Named, or another browser's driver found first would be taken.
        if std::env::var_os("CHROMEDRIVER").is_none() {
            tests.env("CHROMEDRIVER", "chromedriver");
        }
        // Seconds for a whole binary of tests; two busy cores need more than the usual 20.
        tests.env("WASM_BINDGEN_TEST_TIMEOUT", "240");
        run_listening(tests, 20)
    });
    if paths::is_ci() {
        sweep(&paths::target());
    }
    report.close()
}

fn nextest() -> Command {
    let profile = if paths::is_ci() { "ci" } else { "default" };
    let mut command = with(&["nextest", "run", "--profile", profile], &HOST, &[], false);
    command.args(["--no-fail-fast"]);
    command.env("XUNHE_BIN", paths::target().join("debug").join("xunhe"));
    command.env("XUNHE_DIST", paths::dist());
    command
}

fn app_rules() -> Command {
    let mut command = cargo(&["nextest", "run", "--package", "xunhe-app", "--no-fail-fast"]);
    command.args(["--lib", "--test", "style"]);
    command
}

fn with(head: &[&str], scope: &[&str], tail: &[&str], deny: bool) -> Command {
    let mut command = cargo(head);
    command.args(scope).args(tail);
    // As for the binary itself, so that nothing is compiled twice.
    command.env("XUNHE_DIST", paths::dist());
    if deny {
        command.args(["--", "-D", "warnings"]);
    }
    command
}

impl Report {
    fn check(&mut self, name: &'static str, stage: impl FnOnce() -> Outcome) -> Outcome {
        say(&format!("\n== {name}"));
        let begun = Instant::now();
        let outcome = stage();
        self.stages
            .push((name, begun.elapsed().as_secs_f64(), outcome.is_ok()));
        if let Err(why) = &outcome {
            say(why);
        }
        outcome
    }

    /// A stage whose runner tells how many tests passed and failed.
    fn count(&mut self, name: &'static str, stage: impl FnOnce() -> (Outcome, String)) {
        let mut words = String::new();
        let outcome = self.check(name, || {
            let (outcome, heard) = stage();
            words = heard;
            outcome
        });
        let before = self.failed;
        for line in words.lines().map(plain).filter(|l| is_closing(l)) {
            self.passed += number_before(&line, "passed");
            self.failed += number_before(&line, "failed") + number_before(&line, "timed out");
            self.skipped += number_before(&line, "skipped") + number_before(&line, "ignored");
        }
        if outcome.is_err() && self.failed == before {
            self.failed += 1;
        }
    }

    fn close(self) -> Outcome {
        let mut table = String::from("\n== summary\n");
        for (name, seconds, ok) in &self.stages {
            let verdict = if *ok { "ok" } else { "FAILED" };
            let _ = writeln!(table, "{name:<20} {seconds:>8.1} s  {verdict}");
        }
        say(&table);
        let broken = self.stages.iter().filter(|(_, _, ok)| !ok).count() as u64;
        // A failed check that is no test counts as one failure, so that the line cannot say 0.
        let failed = self.failed.max(broken);
        tell(&format!(
            "{} passed, {failed} failed, {} skipped",
            self.passed, self.skipped
        ));
        if failed == 0 && self.passed > 0 {
            Ok(())
        } else {
            Err(String::new())
        }
    }
}

/// The closing line of a runner: nextest's `Summary`, libtest's `test result`.
fn is_closing(line: &str) -> bool {
    // Indented, libtest's words are nextest's quotation of a test that failed.
    line.trim_start().starts_with("Summary [") || line.starts_with("test result:")
}

fn number_before(line: &str, word: &str) -> u64 {
    let words: Vec<&str> = line
        .split([' ', ';', ',', ':'])
        .filter(|w| !w.is_empty())
        .collect();
    let wanted: Vec<&str> = word.split(' ').collect();
    let at = words
        .windows(wanted.len())
        .position(|w| w == wanted.as_slice());
    at.and_then(|at| at.checked_sub(1))
        .and_then(|at| words[at].parse().ok())
        .unwrap_or(0)
}

/// Without terminal colours.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_closing_lines_are_read() {
        let next = plain(
            "     \u{1b}[32mSummary\u{1b}[0m [   2.1s] 40 tests run: 37 passed (1 slow), 3 failed, 2 skipped",
        );
        assert!(is_closing(&next), "{next}");
        assert_eq!(number_before(&next, "passed"), 37);
        assert_eq!(number_before(&next, "failed"), 3);
        assert_eq!(number_before(&next, "skipped"), 2);
        let lib = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
        assert!(is_closing(lib));
        assert_eq!(
            (number_before(lib, "passed"), number_before(lib, "ignored")),
            (5, 1)
        );
        assert!(!is_closing("37 passed on the way"));
        assert!(!is_closing(&format!("    {lib}")), "said again by nextest");
    }
}
