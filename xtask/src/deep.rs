//! The gates of the proof for hours. Each run begins where the last one of its gate ended, and
//! what was lived through is kept in docs/reliability.md.

use crate::sh::{cargo, run, run_listening, say};
use crate::{Outcome, build, paths, tools};
use serde::Deserialize;
use std::fs;

/// What the gates say at their end.
#[derive(Debug, Deserialize)]
struct Tally {
    gate: String,
    from: u64,
    runs: u64,
    failed: Vec<u64>,
    seconds: u64,
}

/// The table's rows stand between these.
const BEGIN: &str = "<!-- kept by `cargo xtask deep` -->\n";
const END: &str = "<!-- end -->\n";

/// Runs a gate: `--seed N` one history again, aloud; `--minutes N` or `--runs N` further ones.
pub(crate) fn deep(gate: &str, words: &[&str]) -> Outcome {
    let known = matches!(words, ["--seed" | "--minutes" | "--runs", n] if n.parse::<u64>().is_ok());
    if !known {
        return Err("cargo xtask deep GATE (--minutes N | --runs N | --seed N)".to_owned());
    }
    tools::for_testing()?;
    // No page of the app takes part; the server only wants something to embed.
    if !paths::dist().is_dir() {
        build::app()?;
    }
    let server = build::server(false)?;
    let mut building = cargo(&["build", "--package", "xunhe-tests", "--bin", "deep"]);
    building.env("XUNHE_DIST", paths::dist());
    run(building, 40)?;
    let mut command = cargo(&[
        "run",
        "--quiet",
        "--package",
        "xunhe-tests",
        "--bin",
        "deep",
    ]);
    command
        .env("XUNHE_DIST", paths::dist())
        .env("XUNHE_BIN", server);
    command.args(["--", gate]);
    if let ["--seed", seed] = words {
        command.args(["--from", seed, "--runs", "1"]);
        command.env("XUNHE_TALE", "1");
        return run(command, 60);
    }
    let page = paths::root().join("docs").join("reliability.md");
    let read = || fs::read_to_string(&page).map_err(|e| format!("{}: {e}", page.display()));
    let from = (lived(&read()?, gate) + 1).to_string();
    command.args(["--from", &from]).args(words);
    let (outcome, heard) = run_listening(command, 7 * 24 * 60);
    let last = heard.lines().rfind(|line| line.starts_with('{'));
    let tally: Tally = last
        .and_then(|line| serde_json::from_str(line).ok())
        .ok_or("the gate did not say what it came to")?;
    // Read again: it may have been edited in these hours.
    let kept = keep(&read()?, &tally).ok_or("docs/reliability.md has no table of seeds")?;
    fs::write(&page, kept).map_err(|e| format!("{}: {e}", page.display()))?;
    let Tally { runs, seconds, .. } = tally;
    say(&format!(
        "{runs} runs in {seconds} s, counted in docs/reliability.md"
    ));
    outcome
}

/// The last seed of a gate that was lived through.
fn lived(page: &str, gate: &str) -> u64 {
    let row = page.lines().find(|line| is_of(line, gate));
    row.and_then(|row| row.split('|').nth(2)?.trim().replace(',', "").parse().ok())
        .unwrap_or(0)
}

fn is_of(line: &str, gate: &str) -> bool {
    line.starts_with(&format!("| {gate} |"))
}

/// The page with what was lived through besides; `None` if it has no table.
fn keep(page: &str, tally: &Tally) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (table, after) = rest.split_once(END)?;
    let mut failed: Vec<String> = tally.failed.iter().map(u64::to_string).collect();
    let old = table.lines().find(|line| is_of(line, &tally.gate));
    let old = old.and_then(|row| row.split('|').nth(3)).map(str::trim);
    if let Some(old) = old.filter(|old| *old != "none") {
        failed.insert(0, old.to_owned());
    }
    let failed = if failed.is_empty() {
        "none".to_owned()
    } else {
        failed.join(", ")
    };
    let last = tally.from + tally.runs - 1;
    let row = format!("| {} | {last} | {failed} |\n", tally.gate);
    let others = table.lines().filter(|line| !is_of(line, &tally.gate));
    let others: String = others.flat_map(|line| [line, "\n"]).collect();
    Some(format!("{before}{BEGIN}{others}{row}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Page\n<!-- kept by `cargo xtask deep` -->\n| gate | seeds 1 to | not holding |\n|---|--:|---|\n| sim | 200 | 7 |\n<!-- end -->\nmore\n";

    #[test]
    fn a_gate_goes_on_where_it_ended_and_forgets_no_failure() {
        assert_eq!((lived(PAGE, "sim"), lived(PAGE, "kill")), (200, 0));
        let tally = |gate: &str, from, failed| Tally {
            gate: gate.to_owned(),
            from,
            runs: 50,
            failed,
            seconds: 1,
        };
        let page = keep(PAGE, &tally("sim", 201, vec![230])).unwrap();
        let page = keep(&page, &tally("kill", 1, vec![])).unwrap();
        assert!(
            page.contains("| sim | 250 | 7, 230 |\n| kill | 50 | none |\n<!-- end -->\nmore\n")
        );
        assert_eq!(lived(&page, "sim"), 250);
        assert!(keep("# Page\n", &tally("sim", 1, vec![])).is_none());
    }
}
