//! `cargo xtask …`: everything one does with the project, on a fresh machine too.
//!
//! What it needs and does not find it installs (wasm target, trunk, wasm-bindgen, nextest, a
//! browser for the tests), or it says exactly what to install.

mod bench;
mod build;
mod deep;
mod engines;
mod finish;
mod inputs;
mod limit;
mod mutants;
mod paths;
mod run;
mod sh;
mod sweep;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

/// What went wrong, in words for the person at the terminal.
pub(crate) type Outcome<T = ()> = Result<T, String>;

const HELP: &str = "\
cargo xtask run             build the app, start the server with the demonstration in ./data
                            (XUNHE_DATA=… for another folder; XUNHE_LISTEN=… for another address)
cargo xtask test            every check and every test
cargo xtask tidy            spelling, layout of TOML, licences, unused dependencies
cargo xtask build           the app alone, into ./dist
cargo xtask dist            one server binary that embeds the app
cargo xtask bench SUBJECT   measure: size, ingest, ledger, start, save, taps, patrol, queue,
                            link, memory
cargo xtask deep GATE       the proof for longer: sequences, sim, kill, power, browser, proxy or
                            fuzz, with --minutes N, --runs N, or --seed N for one run again
cargo xtask deep mutants    planted changes of the sync engine and of access: --minutes N
cargo xtask engines COMMAND any command with a PostgreSQL of its own beside it, as the tests need
                            it (cargo xtask engines cargo nextest run -p xunhe-server)
cargo xtask docs            make the screenshots of the documentation anew
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["run"] => run::run(),
        ["test"] => test::test(),
        ["tidy"] => tidy::tidy(),
        ["build"] => build::app().map(drop),
        ["dist"] => build::binary(),
        ["bench", subject] => bench::bench(subject),
        ["deep", "mutants", words @ ..] => mutants::mutants(words),
        ["deep", gate, words @ ..] => deep::deep(gate, words),
        ["engines", words @ ..] => engines::beside(words),
        ["docs"] => bench::screenshots(),
        _ => Err(HELP.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // The closing line of `test` has said it.
            if !why.is_empty() {
                sh::say(&why);
            }
            ExitCode::FAILURE
        }
    }
}
