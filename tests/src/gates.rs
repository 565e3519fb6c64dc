//! The gates of the proof by name. One run of a gate has one seed.

use crate::crash::{kill, power};
use crate::proxy::matrix;
use crate::server::Server;
use crate::sim::{Template, history};
use serde_json::json;
use std::sync::OnceLock;
use std::time::Duration;
use tempfile::tempdir;

/// A gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Deterministic simulation.
    Sim,
    /// Ten times `kill -9` under load.
    Kill,
    /// One power cut under load.
    Power,
    /// Twelve faults of the way × four kinds of call.
    Proxy,
}

/// Which, and its name.
const NAMES: [(Gate, &str); 4] = [
    (Gate::Sim, "sim"),
    (Gate::Kill, "kill"),
    (Gate::Power, "power"),
    (Gate::Proxy, "proxy"),
];

static TEMPLATE: OnceLock<Template> = OnceLock::new();

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

    /// How many runs go on at the same time.
    pub const fn at_once(self) -> u32 {
        match self {
            Self::Sim => 2,
            Self::Kill | Self::Power | Self::Proxy => 1,
        }
    }

    /// After how many runs the terminal hears of it.
    pub const fn told_every(self) -> u64 {
        match self {
            Self::Sim => 50,
            Self::Kill | Self::Power | Self::Proxy => 10,
        }
    }

    /// One run.
    ///
    /// # Errors
    /// What does not hold.
    pub fn live(self, seed: u64) -> Result<(), String> {
        let runtime = || tokio::runtime::Runtime::new().unwrap();
        match self {
            Self::Sim => {
                let template = TEMPLATE.get_or_init(Template::make);
                let lived = history(template, seed);
                lived.map(drop).map_err(|broken| broken.to_string())
            }
            Self::Kill => runtime().block_on(kill::run(10, seed)).map(drop),
            Self::Power => runtime().block_on(power::run(seed)).map(drop),
            Self::Proxy => {
                let folder = tempdir().map_err(|e| e.to_string())?;
                let server = Server::start(folder.path());
                let wrong = runtime().block_on(matrix::run(server, matrix::cells(), seed));
                wrong
                    .is_empty()
                    .then_some(())
                    .ok_or_else(|| wrong.join("\n"))
            }
        }
    }
}

/// What the runs came to.
#[derive(Debug)]
pub struct Tally {
    from: u64,
    runs: u64,
    failed: Vec<(u64, String)>,
}

impl Tally {
    /// Nothing yet; the first run has this seed.
    pub const fn new(from: u64) -> Self {
        Self {
            from,
            runs: 0,
            failed: Vec::new(),
        }
    }

    /// Runs so far.
    pub const fn runs(&self) -> u64 {
        self.runs
    }

    /// Runs that do not hold.
    pub const fn failed(&self) -> usize {
        self.failed.len()
    }

    /// Counts a run.
    pub fn note(&mut self, seed: u64, held: Result<(), String>) {
        self.failed.extend(held.err().map(|why| (seed, why)));
        self.runs += 1;
    }

    /// For the machine.
    pub fn line(&self, gate: Gate, took: Duration) -> String {
        let failed: Vec<u64> = self.failed.iter().map(|(seed, _)| *seed).collect();
        json!({
            "gate": gate.name(),
            "from": self.from,
            "runs": self.runs,
            "failed": failed,
            "seconds": took.as_secs(),
        })
        .to_string()
    }
}
