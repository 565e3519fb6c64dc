//! One tab: an engine over a person's store, from the start of the page to its end.

use crate::phone::DeviceClock;
use domain::sync::{Engine, Ticket};
use domain::time::MonoMs;
use std::collections::BTreeSet;
use xunhe_app::store::LocalStore;

pub(super) struct Tab {
    pub(super) seat: usize,
    pub(super) engine: Engine,
    pub(super) store: LocalStore,
    pub(super) clock: DeviceClock,
    /// When the page was started, virtual.
    pub(super) born: u64,
    /// Requests that the engine gave up.
    pub(super) aborted: BTreeSet<Ticket>,
    /// When its alarm rings.
    pub(super) alarm: Option<u64>,
}

impl Tab {
    /// The page's own monotonic clock.
    pub(super) const fn mono(&self, now: u64) -> MonoMs {
        MonoMs(now - self.born)
    }
}
