//! Deterministic simulation: phones, a server, a network and a world that goes wrong, on virtual
//! time. One seed is one history.
//!
//! The phones are the app's store and the domain's engine; the server is the real one, with its
//! routes, its rules and `SQLite`, in this process. What chance decides is drawn from the seed:
//! who saves what, which request is lost, doubled, late or broken, which page is killed, which
//! clock jumps. Nothing here waits for time to pass. ADR 10 says what that leaves out.

mod acts;
mod cast;
mod check;
mod folder;
mod ledger;
mod net;
mod queue;
mod server;
mod tab;
mod tale;
mod world;

pub use folder::Template;
pub use tale::Tale;

use crate::dice::Dice;
use std::time::{Duration, Instant};
use world::World;

/// What a history may contain besides what every history does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chapters {
    /// The whole data folder is put back, the note of feed heads included, and nobody says so.
    pub snapshots_put_back: bool,
    /// Devices keep the true time: what else happens must not depend on it.
    pub true_clocks: bool,
}

/// A history that ended badly.
#[derive(Debug, Clone)]
pub struct Broken {
    /// Which.
    pub seed: u64,
    /// What does not hold.
    pub why: String,
    /// The last that happened.
    pub last: Vec<String>,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.last {
            writeln!(f, "  {line}")?;
        }
        writeln!(f, "seed {}: {}", self.seed, self.why)?;
        write!(f, "again: cargo xtask deep sim --seed {}", self.seed)
    }
}

/// Lives one history through and checks it, at every step and at its end.
pub fn history(template: &Template, seed: u64, chapters: Chapters) -> Result<Tale, Broken> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut world = World::new(template, Dice::new(seed), chapters).await;
        let lived = world.live().await;
        let (tale, folder) = world.end().await;
        drop(folder);
        match lived {
            Ok(()) => Ok(tale),
            Err(why) => Err(Broken {
                seed,
                why,
                last: tale.last(60),
            }),
        }
    })
}

/// What several histories came to.
#[derive(Debug, Default)]
pub struct Tally {
    /// Histories that hold.
    pub held: u64,
    /// Events in all.
    pub events: u64,
    /// Histories that do not.
    pub broken: Vec<Broken>,
}

/// Lives through histories from `first` on, until there are `most` or the time is up.
pub fn histories(first: u64, most: u64, limit: Duration, chapters: Chapters) -> Tally {
    let (template, begun) = (Template::make(), Instant::now());
    let mut tally = Tally::default();
    for seed in first..first.saturating_add(most) {
        if begun.elapsed() > limit {
            break;
        }
        match history(&template, seed, chapters) {
            Ok(tale) => {
                tally.held += 1;
                tally.events += tale.events();
            }
            Err(broken) => tally.broken.push(broken),
        }
    }
    tally
}
