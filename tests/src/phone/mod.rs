//! A phone without a screen: the app's own store and the domain's own engine, over memory instead
//! of IndexedDB and plain HTTP instead of `fetch`.
//!
//! What is ours here is what the browser does for the app (`app/src/api`, `app/src/sync`), written
//! again for a program: a call becomes a request in [`calls`], an answer is judged in [`wire`].
//! Both do no IO, so that the [`Runner`] over a real network and the simulation share them.

pub mod calls;
mod clock;
mod line;
mod pen;
mod runner;
pub mod wire;
pub mod words;

pub use clock::DeviceClock;
pub use line::{Line, Patience};
pub use pen::{Pen, Place, jpeg};
pub use runner::{Runner, is_at_rest, truly};

use crate::dice::Dice;
use domain::ids::{DeviceId, LogId};
use domain::register::PersonId;
use std::rc::Rc;
use xunhe_app::store::{LocalStore, MemoryDisk};

/// One person's store on one installation, as it lies on the medium: engines come and go.
#[derive(Debug, Clone)]
pub struct Phone {
    /// Whose.
    pub person: PersonId,
    /// The installation.
    pub device: DeviceId,
    /// What outlives a killed page.
    pub disk: Rc<MemoryDisk>,
    log: LogId,
}

impl Phone {
    /// A phone without a past.
    pub fn new(person: &str, dice: &mut Dice) -> Self {
        Self {
            person: person.parse().unwrap(),
            device: DeviceId::new(dice.bytes()),
            disk: Rc::default(),
            log: LogId::new(dice.bytes()),
        }
    }

    /// The same installation with what another person keeps on it.
    #[must_use]
    pub fn of_another(&self, person: &str, dice: &mut Dice) -> Self {
        Self {
            device: self.device,
            ..Self::new(person, dice)
        }
    }

    /// A copy of everything on the medium: what a backup of the phone brings back.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self {
            disk: Rc::new(MemoryDisk::clone(&self.disk)),
            ..self.clone()
        }
    }

    /// Opens the store, as each start of the page and each tab does.
    pub async fn open(&self) -> LocalStore {
        let disk = Rc::clone(&self.disk);
        LocalStore::open(disk, self.person.clone(), self.log)
            .await
            .unwrap()
    }
}
