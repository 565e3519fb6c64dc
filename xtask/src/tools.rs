//! What the project needs on a machine, and how to get it.

use crate::sh::{ask, cargo, program, run, say};
use crate::{Outcome, paths};

const WASM: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";
const NEXTEST: &str = "0.9.143";
const MUTANTS: &str = "27.1.0";
/// Browser, its driver, and a font without which Chinese is drawn as boxes.
const BROWSER: [&str; 3] = ["chromium", "chromium-driver", "fonts-wqy-microhei"];

/// Everything that building the app needs.
pub(crate) fn for_building() -> Outcome {
    let target = ask("rustup", &["target", "list", "--installed"]);
    if !target.is_some_and(|list| list.lines().any(|line| line == WASM)) {
        run(program("rustup", &["target", "add", WASM]), 5)
            .map_err(|e| format!("{e}\nInstall the target by hand: rustup target add {WASM}"))?;
    }
    if !is_there("trunk", &["--version"], TRUNK) {
        let more = ["--locked", "--no-default-features"];
        install("trunk", TRUNK, &more, "0")?;
    }
    let wanted = locked_version("wasm-bindgen")?;
    if !is_there("wasm-bindgen", &["--version"], &wanted) {
        // Not --locked: its own lock file names a crate version that is gone.
        install("wasm-bindgen-cli", &wanted, &[], "1")?;
    }
    Ok(())
}

/// Whether a program answers, and with this version.
fn is_there(name: &str, question: &[&str], version: &str) -> bool {
    ask(name, question).is_some_and(|v| v.split_whitespace().any(|word| word == version))
}

/// These run for seconds only: they are compiled fast (`level` of optimisation) rather than well,
/// which takes a half to a fifth of the time.
pub(crate) fn install(name: &str, version: &str, more: &[&str], level: &str) -> Outcome {
    say(&format!(
        "Installing {name} {version}, once; it takes a few minutes."
    ));
    let mut command = cargo(&["install", name, "--version", version, "--force"]);
    command.args(more).env_remove("CARGO_TARGET_DIR").envs([
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"),
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", level),
    ]);
    run(command, 30)
}

/// Everything that the tests need besides.
pub(crate) fn for_testing() -> Outcome {
    for (part, question) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if ask("cargo", &[question, "--version"]).is_none() {
            run(program("rustup", &["component", "add", part]), 5)?;
        }
    }
    if ask("cargo", &["nextest", "--version"]).is_none() {
        install("cargo-nextest", NEXTEST, &["--locked"], "0")?;
    }
    if ask("python3", &["--version"]).is_none() {
        packages(
            &["python3"],
            "The second client of the tests is a Python program.",
        )?;
    }
    // On a system without dpkg the test itself says what to install.
    if ask("strace", &["--version"]).is_none() && ask("dpkg-query", &["--version"]).is_some() {
        packages(&["strace"], "A test watches the server's system calls.")?;
    }
    browser()
}

/// What plants changes into the code and looks whether a test sees them.
pub(crate) fn for_mutants() -> Outcome {
    if ask("cargo", &["mutants", "--version"]).is_none() {
        install("cargo-mutants", MUTANTS, &["--locked"], "1")?;
    }
    Ok(())
}

fn browser() -> Outcome {
    if ask("dpkg-query", &["--version"]).is_none() {
        let drives = ask("chromedriver", &["--version"]).is_some();
        return drives.then_some(()).ok_or_else(|| {
            "The tests drive a real browser. Install Chromium or Chrome, its chromedriver on the \
             PATH and a Chinese font, then try again."
                .to_owned()
        });
    }
    let there = |name: &str| {
        ask("dpkg-query", &["-W", "-f=${Status}", name])
            .is_some_and(|status| status.ends_with("ok installed"))
    };
    if BROWSER.iter().all(|name| there(name)) {
        return Ok(());
    }
    packages(&BROWSER, "The tests drive a real browser.")
}

/// Installs packages of the system, or says how somebody who may can do it.
pub(crate) fn packages(names: &[&str], why: &str) -> Outcome {
    let line = format!(
        "apt-get install -y --no-install-recommends {}",
        names.join(" ")
    );
    let by_hand = format!("{why} Install it as root, then try again:\n  apt-get update\n  {line}");
    let root = ask("id", &["-u"]).is_some_and(|id| id == "0");
    let sudo = !root && ask("sudo", &["-n", "true"]).is_some();
    if !root && !sudo {
        return Err(by_hand);
    }
    say(&format!("Installing {}.", names.join(", ")));
    for line in ["apt-get update", &line] {
        let line = format!("env DEBIAN_FRONTEND=noninteractive {line}");
        let mut words: Vec<&str> = line.split(' ').collect();
        if sudo {
            words.splice(0..0, ["sudo", "-n"]);
        }
        run(program(words[0], &words[1..]), 15).map_err(|e| format!("{e}\n{by_hand}"))?;
    }
    Ok(())
}

/// The version of a crate in Cargo.lock.
fn locked_version(name: &str) -> Outcome<String> {
    let path = paths::root().join("Cargo.lock");
    let lock = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let heading = format!("name = \"{name}\"\nversion = \"");
    let rest = lock.split_once(&heading).map(|(_, rest)| rest);
    let version = rest.and_then(|rest| rest.split('"').next());
    version
        .map(str::to_owned)
        .ok_or_else(|| format!("Cargo.lock does not name {name}"))
}
