//! Deterministic simulation: phones, a server, a network and a world that goes wrong, on virtual
//! time. One seed is one history.
//!
//! The phones are the app's store and the domain's engine; the server is the real one, with its
//! routes, its rules and `SQLite`, in this process. What chance decides is drawn from the seed:
//! who saves what, which request is lost, doubled, late or broken, which page is killed, which
//! clock jumps. Nothing here waits for time to pass. docs/reliability.md says what that
//! leaves out.

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
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use world::World;

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
pub fn history(template: &Template, seed: u64) -> Result<Tale, Broken> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut world = World::new(template, Dice::new(seed)).await;
        let lived = world.live().await;
        let (tale, folder) = world.end().await;
        if lived.is_err() && Tale::is_aloud() {
            eprintln!("the server's folder is kept: {}", folder.keep().display());
        }
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

/// Lives through so many histories from `first` on, two at a time.
pub fn histories(first: u64, count: u64) -> Tally {
    let (template, next) = (Template::make(), AtomicU64::new(first));
    let tally = Mutex::new(Tally::default());
    let live = || {
        while let seed = next.fetch_add(1, Ordering::Relaxed)
            && seed - first < count
        {
            let lived = history(&template, seed);
            let mut tally = tally.lock().unwrap();
            match lived {
                Ok(tale) => {
                    tally.held += 1;
                    tally.events += tale.events();
                }
                Err(broken) => tally.broken.push(broken),
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(live);
        scope.spawn(live);
    });
    tally.into_inner().unwrap()
}
