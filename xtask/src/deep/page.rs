//! The table in docs/reliability.md of what was lived through.

use crate::{Outcome, paths};
use serde::Deserialize;
use std::fs;
use std::path::PathBuf;

/// What the gates say at their end.
#[derive(Debug, Deserialize)]
pub(super) struct Tally {
    pub(super) gate: String,
    pub(super) from: u64,
    pub(super) runs: u64,
    pub(super) failed: Vec<u64>,
    pub(super) seconds: u64,
}

/// The table's rows stand between these.
const BEGIN: &str = "<!-- kept by `cargo xtask deep` -->\n";
const END: &str = "<!-- end -->\n";

/// The last seed of a gate that was lived through.
pub(super) fn lived(gate: &str) -> Outcome<u64> {
    Ok(last_of(&read()?, gate))
}

/// Counts what was lived through besides.
pub(super) fn keep(tally: &Tally) -> Outcome {
    // Read only now: it may have been edited in these hours.
    let page = with(&read()?, tally).ok_or("docs/reliability.md has no table of seeds")?;
    fs::write(place(), page).map_err(|e| format!("{}: {e}", place().display()))
}

fn place() -> PathBuf {
    paths::root().join("docs").join("reliability.md")
}

fn read() -> Outcome<String> {
    fs::read_to_string(place()).map_err(|e| format!("{}: {e}", place().display()))
}

fn last_of(page: &str, gate: &str) -> u64 {
    let row = page.lines().find(|line| is_of(line, gate));
    row.and_then(|row| row.split('|').nth(2)?.trim().replace(',', "").parse().ok())
        .unwrap_or(0)
}

fn is_of(line: &str, gate: &str) -> bool {
    line.starts_with(&format!("| {gate} |"))
}

/// The page with what was lived through besides; `None` if it has no table.
fn with(page: &str, tally: &Tally) -> Option<String> {
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
        assert_eq!((last_of(PAGE, "sim"), last_of(PAGE, "kill")), (200, 0));
        let tally = |gate: &str, from, failed| Tally {
            gate: gate.to_owned(),
            from,
            runs: 50,
            failed,
            seconds: 1,
        };
        let page = with(PAGE, &tally("sim", 201, vec![230])).unwrap();
        let page = with(&page, &tally("kill", 1, vec![])).unwrap();
        assert!(
            page.contains("| sim | 250 | 7, 230 |\n| kill | 50 | none |\n<!-- end -->\nmore\n")
        );
        assert_eq!(last_of(&page, "sim"), 250);
        assert!(with("# Page\n", &tally("sim", 1, vec![])).is_none());
    }
}
