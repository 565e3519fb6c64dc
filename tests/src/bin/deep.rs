//! One gate of the proof for as long as wanted; `cargo xtask deep` starts it and keeps the count.
//!
//! The last line is for the machine: which seeds were lived through, and which do not hold.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a proof that meets the unexpected fails loudly, and speaks to a terminal"
)]

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use xunhe_tests::gates::{Gate, Tally};

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
    let end = runs.map_or(u64::MAX, |runs| from.saturating_add(runs));
    let (next, tally) = (AtomicU64::new(from), Mutex::new(Tally::new(from)));
    // A seed that was drawn is lived through, so that what was done is one stretch of seeds.
    let live = || {
        while begun.elapsed() < limit
            && let seed = next.fetch_add(1, Ordering::Relaxed)
            && seed < end
        {
            let held = gate.live(seed);
            if let Err(why) = &held {
                println!("seed {seed}: {why}\n");
            }
            let mut tally = tally.lock().unwrap();
            tally.note(seed, held);
            if tally.runs().is_multiple_of(gate.told_every()) {
                let (runs, failed) = (tally.runs(), tally.failed());
                println!("{runs} runs, {failed} failed, {:?}", begun.elapsed());
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..gate.at_once() {
            scope.spawn(live);
        }
    });
    let tally = tally.into_inner().unwrap();
    println!("{}", tally.line(gate, begun.elapsed()));
    std::process::exit(i32::from(tally.failed() > 0));
}
