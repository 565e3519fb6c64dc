//! Nothing runs for ever: a program that takes too long is ended with everything it started.

use crate::Outcome;
use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Waits for a program's end; `shown` is its name in the messages.
pub(crate) fn wait(mut child: Child, shown: &str, limit: Duration) -> Outcome {
    let until = Instant::now() + limit;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("{shown}: {status}")),
            Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(50)),
            Ok(None) => {
                end(&mut child);
                return Err(format!(
                    "{shown}: ended, it took longer than {} min",
                    limit.as_secs().div_ceil(60)
                ));
            }
            Err(e) => return Err(format!("{shown}: {e}")),
        }
    }
}

/// Ends a program and all below it: cargo's tests, their drivers, the drivers' browsers.
///
/// A process group of its own would be simpler, but then Ctrl-C would no longer reach them.
fn end(child: &mut Child) {
    let below = below(child.id());
    if !below.is_empty() {
        // The shell's own `kill`: a small system has no other.
        let line = std::iter::once("kill -9".to_owned())
            .chain(below.iter().map(u32::to_string))
            .collect::<Vec<_>>()
            .join(" ");
        let _ = Command::new("sh")
            .args(["-c", &line])
            .stderr(Stdio::null())
            .status();
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// The processes started by this one, and by those. Empty where there is no `/proc`.
fn below(top: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|id| id.parse().ok()) else {
            continue;
        };
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // "id (name) state parent …", where the name may contain anything.
        let parent = stat
            .rsplit_once(')')
            .and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        if let Some(parent) = parent {
            children.entry(parent).or_default().push(id);
        }
    }
    let (mut found, mut next) = (Vec::new(), vec![top]);
    while let Some(id) = next.pop() {
        let its = children.remove(&id).unwrap_or_default();
        found.extend(&its);
        next.extend(its);
    }
    found
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn what_a_program_started_ends_with_it() {
        let mut child = Command::new("sh")
            .args(["-c", "sleep 300 & wait"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut words = child.stdout.take().unwrap();
        let why = wait(child, "sh", Duration::from_millis(500)).unwrap_err();
        assert!(why.contains("took longer"), "{why}");
        // `sleep` holds the other end: this returns only when it too is gone.
        assert_eq!(words.read(&mut [0]).unwrap(), 0);
    }

    #[test]
    fn a_program_that_fails_is_named() {
        let child = Command::new("false").spawn().unwrap();
        let why = wait(child, "false", Duration::from_secs(10)).unwrap_err();
        assert!(why.starts_with("false: exit status"), "{why}");
    }
}
