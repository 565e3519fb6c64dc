//! The gates of the proof by name. One run of a gate has one seed.

use crate::sim::{Chapters, Template, history};
use serde_json::json;
use std::cell::OnceCell;
use std::time::Duration;

/// A gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Deterministic simulation.
    Sim,
}

/// Which, and its name.
const NAMES: [(Gate, &str); 1] = [(Gate::Sim, "sim")];

thread_local! {
    static TEMPLATE: OnceCell<Template> = const { OnceCell::new() };
}

impl Gate {
    /// The gate of that name.
    pub fn named(name: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(_, n)| *n == name);
        found.map(|(gate, _)| *gate)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let found = NAMES.iter().find(|(gate, _)| *gate == self);
        found.map_or("", |(_, name)| *name)
    }

    /// One run.
    ///
    /// # Errors
    /// What does not hold.
    pub fn live(self, seed: u64) -> Result<(), String> {
        match self {
            Self::Sim => TEMPLATE.with(|template| {
                let template = template.get_or_init(Template::make);
                let lived = history(template, seed, Chapters::default());
                lived.map(drop).map_err(|broken| broken.to_string())
            }),
        }
    }
}

/// What the runs came to.
#[derive(Debug)]
pub struct Tally {
    from: u64,
    next: u64,
    failed: Vec<(u64, String)>,
}

impl Tally {
    /// Nothing yet; the first run has this seed.
    pub const fn new(from: u64) -> Self {
        Self {
            from,
            next: from,
            failed: Vec::new(),
        }
    }

    /// The seed of the next run.
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// Runs so far.
    pub const fn runs(&self) -> u64 {
        self.next - self.from
    }

    /// Runs that do not hold.
    pub const fn failed(&self) -> usize {
        self.failed.len()
    }

    /// Counts a run.
    pub fn note(&mut self, held: Result<(), String>) {
        let seed = self.next;
        self.failed.extend(held.err().map(|why| (seed, why)));
        self.next += 1;
    }

    /// For the machine.
    pub fn line(&self, gate: Gate, took: Duration) -> String {
        let last = |why: &str| why.lines().rev().nth(1).unwrap_or(why).to_owned();
        let failed: Vec<_> = self
            .failed
            .iter()
            .map(|(seed, why)| json!({"seed": seed, "why": last(why)}))
            .collect();
        json!({
            "gate": gate.name(),
            "from": self.from,
            "runs": self.runs(),
            "failed": failed,
            "seconds": took.as_secs(),
        })
        .to_string()
    }
}
