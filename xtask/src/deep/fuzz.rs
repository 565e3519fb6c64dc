//! Coverage-guided fuzzing of the parsers of the wire (`domain/fuzz`), each in turn. What was
//! found on the way through them lies in `target/fuzz` and is gone on from.

use super::page::{self, Tally};
use super::{Wanted, count};
use crate::sh::{ask, cargo, run, run_listening, say};
use crate::{Outcome, paths};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

pub(super) const NAME: &str = "fuzz";

/// As `domain/fuzz/src/main.rs` names them.
const PARSERS: [&str; 19] = [
    "entry",
    "texts",
    "push",
    "push-answer",
    "pull-answer",
    "block-rows",
    "digest",
    "announce",
    "announced",
    "hello",
    "verify",
    "verified",
    "blob-held",
    "sign-in",
    "fault",
    "receipt",
    "registers",
    "rescue",
    "track",
];

/// What `cargo fuzz` sets, but for the sanitizers, which want another compiler. Nothing here has
/// `unsafe`.
const COUNTERS: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Fuzzes every parser for its part of the time; `--runs` are inputs of each, `--seed` is
/// libFuzzer's.
pub(super) fn fuzz(wanted: Wanted) -> Outcome {
    let (program, folder) = (program()?, paths::target().join(NAME));
    let (begun, mut inputs, mut found) = (Instant::now(), 0, Vec::new());
    for parser in PARSERS {
        let corpus = folder.join("corpus").join(parser);
        seed(parser, &corpus).map_err(|e| format!("{}: {e}", corpus.display()))?;
        let mut command = Command::new(&program);
        command.current_dir(&folder).env("XUNHE_PARSER", parser);
        command.args(["-print_final_stats=1", "-verbosity=1", "-max_len=8192"]);
        command.args(["-timeout=10", "-rss_limit_mb=2048"]);
        command.arg(format!("-artifact_prefix=found-{parser}-"));
        command.args(match wanted {
            Wanted::Seed(seed) => [format!("-seed={seed}"), "-runs=200000".to_owned()],
            Wanted::Runs(runs) => [format!("-runs={runs}"), "-seed=0".to_owned()],
            Wanted::Minutes(minutes) => {
                let seconds = (minutes * 60 / PARSERS.len() as u64).max(1);
                [format!("-max_total_time={seconds}"), "-seed=0".to_owned()]
            }
        });
        command.arg(&corpus);
        let (outcome, heard) = run_listening(command, 24 * 60);
        inputs += executed(&heard).ok_or("the fuzzer did not say how much it did")?;
        if let Err(why) = outcome {
            say(&format!(
                "{parser}: {why}; the input lies in {}",
                folder.display()
            ));
            found.push(parser);
        }
    }
    let from = page::lived(NAME)? + 1;
    count(&Tally {
        gate: NAME.to_owned(),
        from,
        runs: inputs,
        failed: found.iter().map(|_| from + inputs - 1).collect(),
        seconds: begun.elapsed().as_secs(),
    })?;
    if found.is_empty() {
        Ok(())
    } else {
        Err(format!("does not hold: {}", found.join(", ")))
    }
}

fn program() -> Outcome<PathBuf> {
    let said = ask("rustc", &["-vV"]).unwrap_or_default();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or("rustc does not say what it compiles for")?;
    let built = paths::target().join(NAME).join("build");
    let manifest = paths::root().join("domain/fuzz/Cargo.toml");
    // With a target named, build scripts and macros are spared the counters.
    let mut building = cargo(&["build", "--release", "--target", host, "--manifest-path"]);
    building.arg(manifest);
    building.env("CARGO_TARGET_DIR", &built);
    building.env("RUSTFLAGS", COUNTERS);
    run(building, 30)?;
    Ok(built.join(host).join("release").join("wire"))
}

fn executed(heard: &str) -> Option<u64> {
    let line = heard
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))?;
    line.trim().parse().ok()
}

/// Lays the frozen files into a corpus, and what is not JSON beside them.
fn seed(parser: &str, corpus: &Path) -> std::io::Result<()> {
    fs::create_dir_all(corpus)?;
    match parser {
        "track" => return fs::write(corpus.join("empty"), b"XHT1\x02\x04\x06\x08\x01"),
        "rescue" => {
            let head = [b"PK\x03\x04".as_slice(), &[0; 26], b"xunhe-rescue.json"].concat();
            return fs::write(corpus.join("head"), head);
        }
        _ => {}
    }
    for file in fs::read_dir(paths::root().join("domain/tests/wire"))? {
        let path = file?.path();
        let text = fs::read_to_string(&path)?;
        let text = if parser == "texts" {
            texts(&text)
        } else {
            Some(text)
        };
        if let (Some(text), Some(name)) = (text, path.file_name()) {
            fs::write(corpus.join(name), text)?;
        }
    }
    Ok(())
}

/// Header and body of an entry with a line between them, and `BODY` for the body's hash.
fn texts(json: &str) -> Option<String> {
    let entry: Value = serde_json::from_str(json).ok()?;
    let text = |name: &str| entry.get(name)?.as_str();
    let (header, body) = (text("header")?, text("body")?);
    let read: Value = serde_json::from_str(header).ok()?;
    let hash = read.get("body_sha256")?.as_str()?;
    Some(format!("{}\n{body}", header.replace(hash, "BODY")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_laid_out_in_two_lines() {
        let json = r#"{"header":"{\"body_sha256\":\"ab12\"}","body":"{}"}"#;
        assert_eq!(texts(json).unwrap(), "{\"body_sha256\":\"BODY\"}\n{}");
        assert_eq!(
            executed("x\nstat::number_of_executed_units: 17\n"),
            Some(17)
        );
    }

    #[test]
    fn every_parser_of_the_fuzzer_is_named_here() {
        let source = paths::root().join("domain/fuzz/src/main.rs");
        let source = fs::read_to_string(source).unwrap();
        assert!(
            PARSERS
                .iter()
                .all(|p| source.contains(&format!("(\"{p}\",")))
        );
        assert!(source.contains(&format!("; {}] = [", PARSERS.len())));
    }
}
