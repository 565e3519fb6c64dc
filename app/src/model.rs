//! What every screen shares: who is here, what the engine says, what the registers hold.

use crate::duty::{self, Duty};
use crate::patrol::{Patrol, Walked};
use crate::store::{KnownPerson, LocalStore, PhoneStore};
use crate::sync::Runner;
use domain::record::ProblemCode;
use domain::register::{Calendar, DivisionId, PhoneRegisters, PostId, ReachId, UnitId};
use domain::sync::Status;
use domain::wire::Room;
use leptos::prelude::*;
use std::rc::Rc;

/// The person at the screen with an open store.
#[derive(Clone)]
pub struct Session {
    /// Who.
    pub known: KnownPerson,
    /// The person's own store.
    pub store: LocalStore,
    /// Keeps it in step with the server.
    pub runner: Runner,
}

/// The shared signals; cheap to copy into any view.
#[derive(Clone, Copy)]
pub struct App {
    /// The store that everybody on this phone shares, once open.
    pub phone: RwSignal<Option<PhoneStore>, LocalStorage>,
    /// The person at the screen.
    pub session: RwSignal<Option<Session>, LocalStorage>,
    /// What the engine says of outbox and connection.
    pub status: RwSignal<Status>,
    /// Grows with every recording, so that lists look again.
    pub recorded: RwSignal<u32>,
    /// Posts, reaches, catalogue; absent until fetched once.
    pub registers: RwSignal<Option<Rc<PhoneRegisters>>, LocalStorage>,
    /// The kept choice of post and reach; see [`App::duty`].
    pub chosen_duty: RwSignal<Option<String>>,
    /// Grows with every change about those who are not here and have something on this phone.
    pub others: RwSignal<u32>,
    /// The patrol under way.
    pub patrol: RwSignal<Option<Patrol>, LocalStorage>,
    /// What was walked on it.
    pub walked: RwSignal<Walked>,
    /// Bytes used and bytes allowed, where the browser tells.
    pub room: RwSignal<Option<Room>>,
    /// The store was emptied behind our back while so many records waited in it.
    pub emptied: RwSignal<Option<u32>>,
    /// Why the phone's store cannot be used at all.
    pub trouble: RwSignal<Option<String>>,
    /// A newer version of the app is complete and waits.
    pub update_waits: RwSignal<bool>,
}

impl App {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self {
            phone: RwSignal::new_local(None),
            session: RwSignal::new_local(None),
            status: RwSignal::new(Status::default()),
            recorded: RwSignal::new(0),
            registers: RwSignal::new_local(None),
            chosen_duty: RwSignal::new(None),
            others: RwSignal::new(0),
            patrol: RwSignal::new_local(None),
            walked: RwSignal::new(Walked::default()),
            room: RwSignal::new(None),
            emptied: RwSignal::new(None),
            trouble: RwSignal::new(None),
            update_waits: RwSignal::new(false),
        }
    }

    /// From the context of the page.
    pub fn here() -> Self {
        expect_context()
    }

    /// The open store. Screens behind the sign-in always have one.
    pub fn store(&self) -> Option<LocalStore> {
        self.session
            .with_untracked(|s| s.as_ref().map(|s| s.store.clone()))
    }

    /// Under which post and for which reach this person works now; `None` without a post.
    pub fn duty(&self) -> Option<Duty> {
        let all = self
            .registers
            .with(|r| r.as_ref().map(|r| duty::duties(r)).unwrap_or_default());
        self.chosen_duty
            .with(|kept| duty::chosen(all, kept.as_deref()))
    }

    /// The post under which this person acts now, in a unit's name or not.
    pub fn acting_post(&self, unit: Option<&UnitId>) -> Option<PostId> {
        let chosen = self.duty();
        self.registers.with(|r| {
            r.as_ref()
                .and_then(|r| duty::post_for(r, chosen.as_ref(), unit))
        })
    }

    /// When people work, as far as this phone knows it: enough to say what day is the last
    /// working day before another.
    pub fn calendar(&self) -> Calendar {
        let holidays = |r: &Rc<PhoneRegisters>| r.holidays.clone();
        Calendar {
            tables: self
                .registers
                .with(|r| r.as_ref().map(holidays).unwrap_or_default()),
            ..Calendar::default()
        }
    }

    /// What people call a problem; its code if the catalogue does not know it.
    pub fn problem_name(&self, code: &ProblemCode) -> String {
        let english = crate::settings::language() == crate::settings::Language::English;
        self.registers.with(|registers| {
            let known = registers
                .iter()
                .flat_map(|r| &r.problems)
                .find(|p| p.code == *code);
            known.map_or_else(
                || code.0.clone(),
                |p| {
                    if english {
                        p.name_en.clone()
                    } else {
                        p.name.clone()
                    }
                },
            )
        })
    }

    /// What people call a unit.
    pub fn unit_name(&self, id: &str) -> String {
        self.registers.with(|registers| {
            let known = registers
                .iter()
                .flat_map(|r| &r.units)
                .find(|u| u.id.as_str() == id);
            known.map_or_else(|| id.to_owned(), |u| u.name.clone())
        })
    }

    /// What people call a division.
    pub fn division_name(&self, id: &DivisionId) -> String {
        self.registers.with(|registers| {
            let mut all = registers.iter().flat_map(|r| &r.divisions);
            let known = all.find(|d| d.id == *id);
            known.map_or_else(|| id.to_string(), |d| d.name.clone())
        })
    }

    /// What people call one of this person's own posts.
    pub fn post_name(&self, id: &PostId) -> Option<String> {
        self.registers.with(|registers| {
            let mut all = registers.iter().flat_map(|r| &r.posts);
            all.find(|p| p.id == *id).map(|p| p.name.clone())
        })
    }

    /// What people call a reach.
    pub fn reach_name(&self, id: &ReachId) -> String {
        self.registers.with(|registers| {
            let known = registers
                .iter()
                .flat_map(|r| &r.reaches)
                .find(|r| r.id == *id);
            known.map_or_else(|| id.to_string(), |r| r.name.clone())
        })
    }
}

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}
