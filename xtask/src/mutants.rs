//! Changes planted into the sync engine and the rules of access, one at a time: does a test of the
//! domain see each? Goes on where the last run ended; what came of it is kept in
//! docs/reliability.md.

use crate::sh::{cargo, program, run, say};
use crate::{Outcome, paths, tools};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// All of them in so many parts, each a sample of every file.
const PARTS: u64 = 40;
/// A folder of the domain and the tests that are about it.
const SUBJECTS: [(&str, &str, &[&str]); 2] =
    [("sync", "it", &["sync::"]), ("access", "access", &[])];
const ROW: &str = "| mutants |";

/// Tries parts for so many minutes, or until all were tried.
pub(crate) fn mutants(words: &[&str]) -> Outcome {
    let minutes = match words {
        ["--minutes", n] => n.parse::<u64>().ok(),
        _ => None,
    };
    let minutes = minutes.ok_or("cargo xtask deep mutants --minutes N")?;
    tools::for_mutants()?;
    let folder = paths::target().join("mutants");
    let tree = folder.join("tree");
    copy(&tree)?;
    let end = Instant::now() + Duration::from_secs(minutes * 60);
    let page = paths::root().join("docs").join("reliability.md");
    while Instant::now() < end {
        let text = fs::read_to_string(&page).map_err(|e| format!("{}: {e}", page.display()))?;
        let mut kept = Kept::read(&text);
        let part = kept.parts;
        if part >= PARTS {
            say("Every part was tried; begin anew with zeros in the row of docs/reliability.md.");
            return Ok(());
        }
        for (subject, target, names) in SUBJECTS {
            let out = folder.join(format!("{subject}-{part}"));
            attempt(&tree, &out, subject, target, names, part)?;
            let of = |list: &str| lines(&out.join("mutants.out").join(list));
            kept.caught += (of("caught.txt").len() + of("timeout.txt").len()) as u64;
            let missed = of("missed.txt");
            kept.missed += missed.len() as u64;
            for one in missed {
                say(&format!("missed: {one}"));
            }
        }
        kept.parts += 1;
        let text = kept
            .write(&text)
            .ok_or("docs/reliability.md has no row of mutants")?;
        fs::write(&page, text).map_err(|e| format!("{}: {e}", page.display()))?;
    }
    Ok(())
}

/// The tree as it is committed: it is changed in place there, and only its library and one test
/// are built again for each change.
fn copy(tree: &Path) -> Outcome {
    let archive = tree.with_extension("tar");
    fs::create_dir_all(tree).map_err(|e| format!("{}: {e}", tree.display()))?;
    let (tar, to) = (archive.to_string_lossy(), tree.to_string_lossy());
    run(program("git", &["archive", "--output", &tar, "HEAD"]), 1)?;
    run(program("tar", &["xf", &tar, "-C", &to]), 1)
}

fn attempt(
    tree: &Path,
    out: &Path,
    subject: &str,
    target: &str,
    names: &[&str],
    part: u64,
) -> Outcome {
    let mut command = cargo(&["mutants", "--in-place", "--package", "xunhe-domain"]);
    command.args(["--file", &format!("domain/src/{subject}/**")]);
    command.args([
        "--shard",
        &format!("{part}/{PARTS}"),
        "--sharding",
        "round-robin",
    ]);
    command.args(["--baseline", "skip", "--timeout", "90", "--no-shuffle"]);
    // Building is most of the time.
    for quick in [
        "profile.dev.package.xunhe-domain.opt-level=0",
        "profile.dev.debug=0",
    ] {
        command.args(["--cargo-arg=--config", &format!("--cargo-arg={quick}")]);
    }
    command.arg("--output").arg(out);
    command
        .args(["--", "--lib", "--test", target, "--"])
        .args(names);
    // The first test that fails is enough; that option is unstable.
    command.args(["-Z", "unstable-options", "--fail-fast"]);
    command.current_dir(tree).env("RUSTC_BOOTSTRAP", "1").env(
        "CARGO_TARGET_DIR",
        paths::target().join("mutants").join("build"),
    );
    let outcome = run(command, 120);
    // It also ends with an error when a change was missed: that is what is counted.
    if out.join("mutants.out").join("missed.txt").is_file() {
        Ok(())
    } else {
        outcome
    }
}

fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// The row of the page.
#[derive(Debug, Default, PartialEq, Eq)]
struct Kept {
    parts: u64,
    caught: u64,
    missed: u64,
}

impl Kept {
    fn read(page: &str) -> Self {
        let row = page
            .lines()
            .find(|line| line.starts_with(ROW))
            .unwrap_or_default();
        let mut cells = row.split('|').skip(2).map(|cell| {
            let digits = cell.trim().split(' ').next().unwrap_or_default();
            digits.parse().unwrap_or(0)
        });
        let mut next = || cells.next().unwrap_or(0);
        let (parts, _, caught, missed) = (next(), next(), next(), next());
        Self {
            parts,
            caught,
            missed,
        }
    }

    /// The page with this row; `None` if it had none.
    fn write(&self, page: &str) -> Option<String> {
        let old = page.lines().find(|line| line.starts_with(ROW))?;
        let Self {
            parts,
            caught,
            missed,
        } = self;
        let tried = caught + missed;
        let percent = caught * 100 / tried.max(1);
        let row =
            format!("{ROW} {parts} of {PARTS} | {tried} | {caught} | {missed} | {percent} % |");
        Some(page.replacen(old, &row, 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_goes_on_where_it_ended() {
        let page = "# Page\n| mutants | 3 of 40 | 40 | 30 | 10 | 75 % |\nmore\n";
        let mut kept = Kept::read(page);
        assert_eq!((kept.parts, kept.caught, kept.missed), (3, 30, 10));
        (kept.parts, kept.caught) = (4, 40);
        let page = kept.write(page).unwrap();
        assert!(
            page.contains("| mutants | 4 of 40 | 50 | 40 | 10 | 80 % |\nmore\n"),
            "{page}"
        );
        assert_eq!(Kept::read(&page), kept);
        assert!(kept.write("# Page\n").is_none());
    }
}
