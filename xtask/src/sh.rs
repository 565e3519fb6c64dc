//! Running other programs: announced, bounded in time, with their words kept where wanted.

use crate::limit::wait;
use crate::{Outcome, paths};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Prints a line for the person at the terminal.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints a line that is a result, for a person or another program to keep.
pub(crate) fn tell(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A cargo command in the project with its target folder.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    prepared(Command::new(cargo), args)
}

/// Any other program, run in the project.
pub(crate) fn program(name: &str, args: &[&str]) -> Command {
    prepared(Command::new(name), args)
}

fn prepared(mut command: Command, args: &[&str]) -> Command {
    command
        .args(args)
        .current_dir(paths::root())
        .env("CARGO_TARGET_DIR", paths::target());
    if paths::is_ci() {
        // A fresh clone is never compiled a second time.
        command.env("CARGO_INCREMENTAL", "0");
    }
    // What cargo told xtask about xtask. Some build scripts look at it, and everything above
    // them would be compiled anew at each change between `cargo xtask` and plain `cargo`.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name.as_ref());
        }
    }
    command
}

/// Runs a command to its end, within `minutes`.
pub(crate) fn run(mut command: Command, minutes: u64) -> Outcome {
    let shown = show(&command);
    say(&format!("  $ {shown}"));
    let child = command
        .spawn()
        .map_err(|e| format!("{shown} does not start: {e}"))?;
    wait(child, &shown, minutes_long(minutes))
}

/// Runs a command to its end, passes its words on and returns them.
pub(crate) fn run_listening(mut command: Command, minutes: u64) -> (Outcome, String) {
    let shown = show(&command);
    say(&format!("  $ {shown}"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(e) => return (Err(format!("{shown} does not start: {e}")), String::new()),
    };
    let (tell, heard) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child
            .stdout
            .take()
            .map(|s| Box::new(s) as Box<dyn Read + Send>),
        child
            .stderr
            .take()
            .map(|s| Box::new(s) as Box<dyn Read + Send>),
    ];
    for stream in streams.into_iter().flatten() {
        let tell = tell.clone();
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                say(&line);
                let _ = tell.send(line);
            }
        });
    }
    drop(tell);
    let outcome = wait(child, &shown, minutes_long(minutes));
    // Not until the streams close: something left running in the background may hold them open.
    let words = std::iter::from_fn(|| heard.recv_timeout(Duration::from_secs(2)).ok());
    (outcome, words.collect::<Vec<_>>().join("\n"))
}

fn minutes_long(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// What a command prints, or nothing if it cannot be run.
pub(crate) fn ask(name: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(name)
        .args(args)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let words = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(words)
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|w| w.to_string_lossy()).collect();
    let name = words[0].rsplit('/').next().unwrap_or_default();
    std::iter::once(name)
        .chain(words[1..].iter().map(AsRef::as_ref))
        .collect::<Vec<_>>()
        .join(" ")
}
