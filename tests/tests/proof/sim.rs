//! Histories of phones, server, network and a world that goes wrong, by seed.

use std::time::Instant;
use xunhe_tests::sim::{Template, histories, history};

/// Enough for every deed to meet every other.
const HISTORIES: u64 = 200;

#[test]
fn whatever_happens_nothing_is_lost() {
    let begun = Instant::now();
    let tally = histories(1, HISTORIES);
    for broken in &tally.broken {
        eprintln!("{broken}\n");
    }
    let (held, events, took) = (tally.held, tally.events, begun.elapsed().as_secs());
    println!("{held} histories, {events} events, {took} s");
    assert!(tally.broken.is_empty(), "{} broken", tally.broken.len());
}

#[test]
fn a_seed_is_one_history() {
    let template = Template::make();
    for seed in 1..=3 {
        let tell = || history(&template, seed).unwrap();
        let (once, again) = (tell(), tell());
        assert_eq!(once.lines(), again.lines(), "seed {seed}");
    }
}
