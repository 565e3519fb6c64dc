//! One gate of the proof for as long as wanted; `cargo xtask deep` starts it and keeps the count.
//!
//! The last line is for the machine: which seeds were lived through, and which do not hold.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a proof that meets the unexpected fails loudly, and speaks to a terminal"
)]

use std::time::{Duration, Instant};
use xunhe_tests::gates::{self, Gate};

const HELP: &str = "deep GATE [--from SEED] [--runs N] [--minutes N]";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| {
        let at = words.iter().position(|w| w == name)?;
        words.get(at + 1)?.parse::<u64>().ok()
    };
    let gate = words.first().and_then(|w| Gate::named(w)).expect(HELP);
    let (from, runs) = (number("--from").unwrap_or(1), number("--runs"));
    let minutes = number("--minutes").unwrap_or(if runs.is_some() { 24 * 60 } else { 1 });
    let (begun, limit) = (Instant::now(), Duration::from_mins(minutes));
    let runs = runs.unwrap_or(u64::MAX);
    let mut tally = gates::Tally::new(from);
    while tally.runs() < runs && begun.elapsed() < limit {
        let held = gate.live(tally.next());
        if let Err(why) = &held {
            println!("seed {}: {why}\n", tally.next());
        }
        tally.note(held);
        if tally.runs().is_multiple_of(10) {
            let (runs, failed) = (tally.runs(), tally.failed());
            println!(
                "{runs} runs, {failed} failed, {} s",
                begun.elapsed().as_secs()
            );
        }
    }
    println!("{}", tally.line(gate, begun.elapsed()));
    std::process::exit(i32::from(tally.failed() > 0));
}
