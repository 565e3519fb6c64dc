//! What the project needs on a machine, and how to get it.

use crate::sh::{ask, cargo, program, run, say};
use crate::{Outcome, paths};

const TRUNK: &str = "0.21.14";
const WASM: &str = "wasm32-unknown-unknown";
/// Browser, its driver, and a font without which Chinese is drawn as boxes.
const BROWSER: [&str; 3] = ["chromium", "chromium-driver", "fonts-wqy-microhei"];

/// Everything that building the app needs.
pub(crate) fn for_building() -> Outcome {
    let target = ask("rustup", &["target", "list", "--installed"]);
    match target {
        Some(list) if list.lines().any(|line| line == WASM) => {}
        _ => run(program("rustup", &["target", "add", WASM]), 5)
            .map_err(|e| format!("{e}\nInstall the target by hand: rustup target add {WASM}"))?,
    }
    if !ask("trunk", &["--version"]).is_some_and(|v| v.ends_with(TRUNK)) {
        // It is started a few times and never runs long: compile it fast rather than well.
        let mut install = cargo(&[
            "install",
            "trunk",
            "--version",
            TRUNK,
            "--locked",
            "--force",
        ]);
        install.arg("--no-default-features").envs([
            ("CARGO_PROFILE_RELEASE_LTO", "off"),
            ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"),
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
        ]);
        run(install, 30)?;
    }
    let wanted = locked_version("wasm-bindgen")?;
    if !ask("wasm-bindgen", &["--version"]).is_some_and(|v| v.ends_with(&wanted)) {
        // Not --locked: its own lock file names a crate version that is gone.
        let install = [
            "install",
            "wasm-bindgen-cli",
            "--version",
            &wanted,
            "--force",
        ];
        run(cargo(&install), 30)?;
    }
    Ok(())
}

/// Everything that the tests need besides.
pub(crate) fn for_testing() -> Outcome {
    if ask("cargo", &["nextest", "--version"]).is_none() {
        run(cargo(&["install", "cargo-nextest", "--locked"]), 30)?;
    }
    let there = |name: &str| {
        ask("dpkg-query", &["-W", "-f=${Status}", name])
            .is_some_and(|status| status.ends_with("ok installed"))
    };
    if BROWSER.iter().all(|name| there(name)) {
        return Ok(());
    }
    let line = format!(
        "apt-get install -y --no-install-recommends {}",
        BROWSER.join(" ")
    );
    let by_hand = format!("The tests drive a real browser. Install it, then try again:\n  {line}");
    let root = ask("id", &["-u"]).is_some_and(|id| id == "0");
    let sudo = !root && ask("sudo", &["-n", "true"]).is_some();
    if !root && !sudo {
        return Err(by_hand);
    }
    say("Installing the browser for the tests.");
    for words in ["apt-get update", line.as_str()] {
        let mut words: Vec<&str> = words.split(' ').collect();
        if sudo {
            words.splice(0..0, ["sudo", "-n"]);
        }
        let mut command = program(words[0], &words[1..]);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        run(command, 15).map_err(|e| format!("{e}\n{by_hand}"))?;
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
