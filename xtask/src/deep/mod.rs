//! The gates of the proof for hours. Each run begins where the last one of its gate ended, and
//! what was lived through is kept in docs/reliability.md.

mod by_test;
mod fuzz;
mod page;

use crate::sh::{cargo, run, run_listening, say};
use crate::{Outcome, build, paths, tools};
use page::Tally;
use std::process::Command;
use std::time::{Duration, Instant};

/// How much is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// One seed again.
    Seed(u64),
    Minutes(u64),
    Runs(u64),
}

/// As strict as a debug build, and fast.
const PROFILE: &str = "deep";
const WEEK_MINUTES: u64 = 7 * 24 * 60;

impl Wanted {
    fn read(words: &[&str]) -> Option<Self> {
        let [word, number] = words else { return None };
        let number = number.parse().ok()?;
        match *word {
            "--seed" => Some(Self::Seed(number)),
            "--minutes" => Some(Self::Minutes(number)),
            "--runs" => Some(Self::Runs(number)),
            _ => None,
        }
    }

    /// Whether after so many runs, begun then, there is another one.
    fn goes_on(self, runs: u64, begun: Instant) -> bool {
        match self {
            Self::Seed(_) => runs == 0,
            Self::Runs(most) => runs < most,
            Self::Minutes(most) => begun.elapsed() < Duration::from_secs(most * 60),
        }
    }
}

/// Runs a gate: `--seed N` one history again, aloud; `--minutes N` or `--runs N` further ones.
pub(crate) fn deep(gate: &str, words: &[&str]) -> Outcome {
    let wanted = Wanted::read(words)
        .ok_or("cargo xtask deep GATE (--minutes N | --runs N | --seed N)".to_owned())?;
    tools::for_testing()?;
    // Where no page of the app takes part, the server only wants something to embed.
    if !paths::dist().is_dir() {
        build::app()?;
    }
    if gate == fuzz::NAME {
        return fuzz::fuzz(wanted);
    }
    if let Some(gate) = by_test::named(gate) {
        return by_test::live(gate, wanted);
    }
    let mut command = program()?;
    command.arg(gate);
    let number = match wanted {
        Wanted::Seed(seed) => {
            command.args(["--from", &seed.to_string(), "--runs", "1"]);
            command.env("XUNHE_TALE", "1");
            return run(command, 60);
        }
        Wanted::Minutes(number) => ["--minutes".to_owned(), number.to_string()],
        Wanted::Runs(number) => ["--runs".to_owned(), number.to_string()],
    };
    let from = page::lived(gate)? + 1;
    command.args(["--from", &from.to_string()]).args(number);
    let (outcome, heard) = run_listening(command, WEEK_MINUTES);
    let last = heard.lines().rfind(|line| line.starts_with('{'));
    let tally: Tally = last
        .and_then(|line| serde_json::from_str(line).ok())
        .ok_or("the gate did not say what it came to")?;
    count(&tally)?;
    outcome
}

/// Writes down what was lived through, and says it.
fn count(tally: &Tally) -> Outcome {
    page::keep(tally)?;
    let Tally { runs, seconds, .. } = tally;
    say(&format!(
        "{runs} runs in {seconds} s, counted in docs/reliability.md"
    ));
    Ok(())
}

/// The program of the gates, built, with the server beside it.
fn program() -> Outcome<Command> {
    let mut building = cargo(&["build", "--profile", PROFILE]);
    building.args(["--package", "xunhe-tests", "--bin", "deep"]);
    building.args(["--package", "xunhe-server", "--bin", "xunhe"]);
    building.env("XUNHE_DIST", paths::dist());
    run(building, 60)?;
    let built = paths::target().join(PROFILE);
    let mut command = Command::new(built.join("deep"));
    command
        .current_dir(paths::root())
        .env("XUNHE_DIST", paths::dist())
        .env("XUNHE_BIN", built.join("xunhe"));
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_much_is_wanted_is_said_in_two_words() {
        assert_eq!(Wanted::read(&["--seed", "7"]), Some(Wanted::Seed(7)));
        assert_eq!(Wanted::read(&["--minutes", "x"]), None);
        assert_eq!(Wanted::read(&["--runs"]), None);
        let now = Instant::now();
        assert!(Wanted::Runs(2).goes_on(1, now) && !Wanted::Runs(2).goes_on(2, now));
        assert!(Wanted::Seed(9).goes_on(0, now) && !Wanted::Seed(9).goes_on(1, now));
    }
}
