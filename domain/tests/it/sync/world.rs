//! Two tabs of one person, a phone of another, one server, and everything that can happen to
//! them.

use super::phone::{Fate, Phone};
use super::server::Server;
use proptest::prelude::*;
use xunhe_domain::sync::{BlobKey, Cause, Event};

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Save(usize, Vec<u64>),
    Deliver(usize, usize, Fate),
    Record(usize, usize, bool),
    Pass(u64),
    Wake(usize, Cause),
    /// The store is read again: the tab became visible.
    Look(usize),
    Crash(usize),
    /// The device's clock is set.
    Clock(usize, i64),
    /// Somebody else signs in on the phone, or is gone again.
    Lend(usize, bool),
    OthersWrite(u8),
    OthersMove(usize, u8),
    /// The reaches of a person's posts.
    Grant(u8, u8),
    BackUp,
    /// Restored by its operator.
    Restore,
    /// The machine is copied, or put back from the copy, and nobody says so.
    Snapshot,
    Rewind,
}

const TABS: usize = 3;

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let fate = prop_oneof![
        6 => Just(Fate::Fine),
        2 => Just(Fate::LostOnTheWay),
        2 => Just(Fate::AnswerLost),
        1 => Just(Fate::Twice),
        1 => Just(Fate::Portal),
        1 => Just(Fate::ServerError),
        1 => Just(Fate::SignedOut),
        1 => Just(Fate::NoReceipt),
    ];
    let size = prop_oneof![Just(900), Just(200_000), Just(3_000_000)];
    let cause = prop_oneof![
        Just(Cause::Timer),
        Just(Cause::Online),
        Just(Cause::SignedIn),
        Just(Cause::SignedOut),
        Just(Cause::Crowded),
    ];
    let pass = prop_oneof![3 => 0..60_000u64, 1 => Just(26 * 3_600_000)];
    let ten_years = 10 * 365 * 86_400_000i64;
    let tab = 0..TABS;
    prop_oneof![
        30 => (tab.clone(), prop::collection::vec(size, 0..3)).prop_map(|(t, p)| Step::Save(t, p)),
        120 => (tab.clone(), any::<usize>(), fate).prop_map(|(t, i, f)| Step::Deliver(t, i, f)),
        70 => (tab.clone(), any::<usize>(), prop::bool::weighted(0.85))
            .prop_map(|(t, i, ok)| Step::Record(t, i, ok)),
        30 => pass.prop_map(Step::Pass),
        25 => (tab.clone(), cause).prop_map(|(t, c)| Step::Wake(t, c)),
        8 => tab.clone().prop_map(Step::Look),
        10 => tab.clone().prop_map(Step::Crash),
        5 => (tab.clone(), -ten_years..ten_years).prop_map(|(t, ms)| Step::Clock(t, ms)),
        5 => (tab, any::<bool>()).prop_map(|(t, yes)| Step::Lend(t, yes)),
        12 => (0..4u8).prop_map(Step::OthersWrite),
        8 => (any::<usize>(), 0..4u8).prop_map(|(i, r)| Step::OthersMove(i, r)),
        8 => (1..3u8, 0..16u8).prop_map(|(p, g)| Step::Grant(p, g)),
        4 => Just(Step::BackUp),
        4 => Just(Step::Restore),
        5 => Just(Step::Snapshot),
        4 => Just(Step::Rewind),
    ]
}

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) tabs: Vec<Phone>,
    poison: u64,
    others: u32,
}

impl World {
    pub(crate) fn new(seed: u64, poison: u64) -> Self {
        let mut server = Server::new();
        server.grants.extend([(1, 0b0011), (2, 0b0110)]);
        let first = Phone::of(1, seed);
        let beside = first.beside(seed ^ 1);
        Self {
            server,
            tabs: vec![first, beside, Phone::of(2, seed ^ 2)],
            poison,
            others: 0,
        }
    }

    pub(crate) fn run(&mut self, steps: Vec<Step>) {
        for step in steps {
            self.step(step);
            self.truthful();
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Save(tab, photos) => {
                let id = self.tabs[tab].save(&photos);
                if self.poison >> (id.raw().as_bytes()[15] % 64) & 1 == 1 {
                    self.server.poison.insert(id);
                }
            }
            Step::Deliver(tab, i, fate) if !self.tabs[tab].calls.is_empty() => {
                self.tabs[tab].deliver(i, &mut self.server, fate);
            }
            Step::Record(tab, i, ok) if !self.tabs[tab].work.is_empty() => {
                self.tabs[tab].record(i, ok);
            }
            Step::Deliver(..) | Step::Record(..) => {}
            Step::Pass(ms) => self.pass(ms),
            Step::Wake(tab, cause) => self.tabs[tab].tell(Event::Woken(cause)),
            Step::Look(tab) => self.tabs[tab].reload(),
            Step::Crash(tab) => self.tabs[tab].crash(),
            Step::Clock(tab, ms) => self.tabs[tab].wall.0 = ms,
            Step::Lend(tab, yes) => {
                // Tabs of one browser share its session.
                let person = self.tabs[tab].person;
                let same = self.tabs.iter_mut().filter(|t| t.person == person);
                same.for_each(|t| t.lent = yes);
            }
            Step::OthersWrite(reach) => {
                self.others += 1;
                self.server.others_write(self.others, reach);
            }
            Step::OthersMove(which, reach) => self.server.others_move(which, reach),
            Step::Grant(person, reaches) => {
                self.server.grants.insert(person, reaches);
            }
            Step::BackUp => self.server.back_up(),
            Step::Restore => self.server.restore(),
            Step::Snapshot => self.server.snapshot(),
            Step::Rewind => self.server.rewind(),
        }
    }

    pub(crate) fn pass(&mut self, ms: u64) {
        self.server.now.0 += i64::try_from(ms).unwrap();
        self.tabs.iter_mut().for_each(|t| t.now = t.now.plus(ms));
    }

    /// At every moment: what a phone calls received has a recorded receipt, and what is in no
    /// backup is still on the phone.
    fn truthful(&self) {
        for tab in &self.tabs {
            let kept = tab.kept.borrow();
            // A tab hears of another one's recordings when it is shown again.
            let mut shown = tab.engine.clone();
            let _ = shown.handle(tab.now, tab.wall, Event::Loaded(kept.queue()));
            let status = shown.status();
            let held = kept.entries.values().filter(|e| e.1).count();
            assert!(
                status.received as usize <= held,
                "received without a recorded receipt: {status:?}"
            );
            // Under the server's own epoch a receipt is worth what it says.
            let held = |id| self.server.data.entries.contains_key(&id);
            assert!(
                self.server.rewound
                    || kept.epoch() != Some(self.server.data.epoch)
                    || kept.entries.values().all(|e| !e.1 || held(e.0.entry_id)),
                "a receipt of another epoch counts"
            );
            let safe = |key: &BlobKey| self.server.in_backups.contains(&key.sha256);
            assert!(
                kept.let_go.iter().all(safe),
                "the last copy of a photo left the phone"
            );
        }
        let held = |id| self.server.data.entries.contains_key(id);
        assert!(!self.server.poison.iter().any(held));
    }

    /// Good weather for everybody, until nothing moves.
    pub(crate) fn settle(&mut self) {
        for tab in &mut self.tabs {
            tab.lent = false;
            tab.tell(Event::Woken(Cause::SignedIn));
        }
        for _ in 0..60_000 {
            let mut moved = false;
            for i in 0..self.tabs.len() {
                if !self.tabs[i].work.is_empty() {
                    self.tabs[i].record(0, true);
                    moved = true;
                } else if !self.tabs[i].calls.is_empty() {
                    self.pass(40);
                    self.tabs[i].deliver(0, &mut self.server, Fate::Fine);
                    moved = true;
                }
            }
            let idle = self.tabs.iter().all(Phone::idle);
            if !moved && idle {
                // A tab hears of another one's recordings when it is shown again.
                self.tabs.iter_mut().for_each(Phone::reload);
                return;
            }
            if !moved {
                self.wait();
            }
        }
        let states: Vec<_> = self.tabs.iter().map(|t| t.engine.status()).collect();
        panic!("never came to rest: {states:?}");
    }

    /// Until the first alarm; a tab that another one overtook looks into the store when it is
    /// shown again.
    fn wait(&mut self) {
        let next = self.tabs.iter().filter_map(|t| t.wake).min();
        let next = next.expect("work is left and no alarm is set");
        let ms = next.since(self.tabs[0].now);
        self.pass(ms);
        for tab in &mut self.tabs {
            tab.reload();
            if tab.wake.is_some_and(|at| at <= tab.now) {
                tab.wake = None;
                tab.tell(Event::Woken(Cause::Timer));
            }
        }
    }
}
