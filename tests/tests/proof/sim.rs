//! Histories of phones, server, network and a world that goes wrong, by seed.

use std::time::Duration;
use xunhe_tests::sim::{Chapters, Template, histories, history};

/// Enough for every deed to meet every other.
const HISTORIES: u64 = 200;
const LIMIT: Duration = Duration::from_secs(90);

#[test]
fn whatever_happens_nothing_is_lost() {
    let tally = histories(1, HISTORIES, LIMIT, Chapters::default());
    for broken in &tally.broken {
        eprintln!("{broken}\n");
    }
    println!("{} histories, {} events", tally.held, tally.events);
    assert!(tally.broken.is_empty(), "{} broken", tally.broken.len());
    assert_eq!(tally.held, HISTORIES, "too slow: {LIMIT:?}");
}

#[test]
fn a_seed_is_one_history() {
    let template = Template::make();
    for seed in 1..=3 {
        let tell = || history(&template, seed, Chapters::default()).unwrap();
        let (once, again) = (tell(), tell());
        assert_eq!(once.lines(), again.lines(), "seed {seed}");
    }
}
