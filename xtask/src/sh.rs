//! Running other programs: announced, bounded in time, with their words kept where wanted.

use crate::{Outcome, paths};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Prints a line for the person at the terminal.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A cargo command in the project with its target folder.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(args)
        .current_dir(paths::root())
        .env("CARGO_TARGET_DIR", paths::target());
    command
}

/// Any other program, run in the project.
pub(crate) fn program(name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(name);
    command
        .args(args)
        .current_dir(paths::root())
        .env("CARGO_TARGET_DIR", paths::target());
    command
}

/// Runs a command to its end, within `minutes`.
pub(crate) fn run(mut command: Command, minutes: u64) -> Outcome {
    let shown = show(&command);
    say(&format!("  $ {shown}"));
    let child = command
        .spawn()
        .map_err(|e| format!("{shown} does not start: {e}"))?;
    wait(child, &shown, minutes)
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
    let outcome = wait(child, &shown, minutes);
    (outcome, heard.iter().collect::<Vec<_>>().join("\n"))
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

fn wait(mut child: Child, shown: &str, minutes: u64) -> Outcome {
    let until = Instant::now() + Duration::from_secs(minutes * 60);
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("{shown}: {status}")),
            Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(50)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!(
                    "{shown}: stopped, it took longer than {minutes} min"
                ));
            }
            Err(e) => return Err(format!("{shown}: {e}")),
        }
    }
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
