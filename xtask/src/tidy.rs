//! Spelling, the layout of TOML, licences of what is compiled in, dependencies nobody uses.

use crate::sh::{ask, cargo, program, run, say};
use crate::{Outcome, tools};
use std::process::Command;

struct Gate {
    what: &'static str,
    /// The crate that brings the program, and its version.
    from: (&'static str, &'static str),
    program: &'static str,
    words: &'static [&'static str],
}

const GATES: [Gate; 4] = [
    Gate {
        what: "spelling",
        from: ("typos-cli", "1.52.0"),
        program: "typos",
        words: &[],
    },
    Gate {
        what: "layout of TOML",
        from: ("taplo-cli", "0.10.0"),
        program: "taplo",
        words: &["fmt", "--check"],
    },
    Gate {
        what: "unused dependencies",
        from: ("cargo-machete", "0.9.2"),
        program: "cargo-machete",
        words: &[],
    },
    // Not `advisories`: their list is on a host that a build machine may be unable to reach.
    Gate {
        what: "licences and origins",
        from: ("cargo-deny", "0.20.2"),
        program: "cargo-deny",
        words: &["check", "bans", "licenses", "sources"],
    },
];

/// Installs what is missing and runs every gate.
pub(crate) fn tidy() -> Outcome {
    for gate in &GATES {
        if !gate.is_installed() {
            let (name, version) = gate.from;
            tools::install(name, version, &["--locked"], "1")?;
        }
    }
    check()
}

/// Runs the gates whose programs are installed; the tests do not wait for the others to be
/// compiled, but name them.
pub(crate) fn check() -> Outcome {
    let mut broken = Vec::new();
    for gate in &GATES {
        if !gate.is_installed() {
            say(&format!(
                "  {}: not looked at, `cargo xtask tidy` installs {}",
                gate.what, gate.from.0
            ));
        } else if let Err(why) = run(gate.command(), 5) {
            say(&why);
            broken.push(gate.what);
        }
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(format!("not tidy: {}", broken.join(", ")))
    }
}

impl Gate {
    fn is_installed(&self) -> bool {
        ask(self.program, &["--version"]).is_some()
    }

    fn command(&self) -> Command {
        // Cargo's own commands find the toolchain only when cargo starts them.
        match self.program.strip_prefix("cargo-") {
            Some(command) => {
                let mut words = vec![command];
                words.extend(self.words);
                cargo(&words)
            }
            None => program(self.program, self.words),
        }
    }
}
