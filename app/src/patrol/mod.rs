//! The patrol under way. It goes on while the person records findings on other screens, and
//! after the page was killed: everything it knows is made again from the store.

mod entries;
mod parts;

use crate::device::position::Watch;
use crate::device::{WakeLock, clock, random};
use crate::model::App;
use crate::store::{ActivePatrol, LocalStore, Saved, StoreError};
use domain::ids::{EntryId, RecordId};
use domain::patrol::{Cover, Lacking, Tally, Tick, TrackFix};
use gloo_events::EventListener;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What the patrol screen shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Walked {
    /// What counts so far.
    pub tally: Tally,
    /// Of the reach, percent; `None` without a line.
    pub percent: Option<u8>,
    /// What is still missing; `None` without a rule.
    pub lacking: Option<Lacking>,
    /// Accuracy of the last fix, metres.
    pub accuracy_m: Option<f64>,
    /// Positions are refused or not to be had.
    pub no_position: bool,
    /// Standing still on purpose.
    pub paused: bool,
}

/// The patrol under way.
#[derive(Clone)]
pub struct Patrol(Rc<Inner>);

struct Inner {
    app: App,
    store: LocalStore,
    active: RefCell<ActivePatrol>,
    tally: RefCell<Tally>,
    cover: RefCell<Option<Cover>>,
    next: Cell<u64>,
    /// Time of the last fix that was heard, also during a pause.
    last_ms: Cell<i64>,
    part_began: Cell<Option<i64>>,
    resumed: Cell<bool>,
    paused: Cell<bool>,
    closing: Cell<bool>,
    watch: RefCell<Option<Watch>>,
    wake: RefCell<Option<WakeLock>>,
    visible: RefCell<Option<EventListener>>,
}

/// How a patrol ended, as the person said it.
#[derive(Debug, Clone, Default)]
pub struct Ending {
    /// What was found; nothing is 未见异常.
    pub found: Vec<Tick>,
    /// Why it was short.
    pub explanation: Option<String>,
    /// Free words.
    pub note: Option<String>,
}

impl Patrol {
    /// Begins a patrol of the reach on duty.
    pub async fn begin(app: App) -> Result<(), String> {
        let session = app.session.get_untracked().ok_or("not_signed_in")?;
        let duty = untrack(|| app.duty()).ok_or("no_duty")?;
        let rule = app.registers.with_untracked(|r| {
            let rules = r.as_ref().map(|r| &r.validity);
            rules.and_then(|all| all.get(&duty.post)).cloned()
        });
        let entry_id = EntryId::new(random::draft_id().raw());
        let active = ActivePatrol {
            record: entry_id.as_record(),
            started_ms: clock::wall(),
            post: duty.post,
            division: duty.division,
            reach: duty.reach,
            rule,
            parts: Vec::new(),
        };
        let written = entries::start(&session.store, &active, entry_id)?;
        let saved = session
            .store
            .begin_patrol(&written, &active, clock::wall())
            .await;
        match saved {
            Ok(saved) => {
                session.runner.saved(saved);
                app.recorded.update(|n| *n += 1);
            }
            // Another page began it, or this one has not read it yet after it was opened again.
            Err(StoreError::UnderWay) => {}
            Err(error) => return Err(error.code().to_owned()),
        }
        Self::resume(app, &session.store).await;
        Ok(())
    }

    /// Goes on with the patrol that the store knows, if there is one.
    pub async fn resume(app: App, store: &LocalStore) {
        let found = Self::open(app, store).await;
        let here = |p: &Self| {
            let there = app.patrol.with_untracked(|p| p.as_ref().map(Self::record));
            there == Some(p.record())
        };
        match found {
            // Whoever was faster walks already: two would keep each fix twice.
            Ok(Some(patrol)) if here(&patrol) => {}
            Ok(patrol) => {
                if let Some(patrol) = &patrol {
                    patrol.walk();
                }
                app.patrol.set(patrol);
            }
            Err(error) => app.trouble.set(Some(error.code().to_owned())),
        }
    }

    async fn open(app: App, store: &LocalStore) -> Result<Option<Self>, StoreError> {
        let Some(active) = store.active_patrol().await? else {
            return Ok(None);
        };
        let line = app.registers.with_untracked(|r| {
            let all = r.iter().flat_map(|r| &r.reaches);
            let mut mine = all.filter(|x| Some(&x.id) == active.reach.as_ref());
            mine.find_map(|x| x.line.clone())
        });
        let patrol = Self(Rc::new(Inner {
            app,
            store: store.clone(),
            tally: RefCell::default(),
            cover: RefCell::new(line.as_ref().and_then(Cover::of)),
            next: Cell::new(0),
            last_ms: Cell::new(i64::MIN),
            part_began: Cell::new(None),
            resumed: Cell::new(false),
            paused: Cell::new(false),
            closing: Cell::new(false),
            watch: RefCell::default(),
            wake: RefCell::default(),
            visible: RefCell::default(),
            active: RefCell::new(active.clone()),
        }));
        for track in &active.parts {
            for fix in store.part_fixes(*track).await? {
                patrol.count(fix);
            }
        }
        let open = store.open_fixes().await?;
        patrol.0.part_began.set(open.fixes.first().map(|f| f.at_ms));
        for fix in open.fixes {
            patrol.count(fix);
        }
        clock::mark("patrol-resumed");
        Ok(Some(patrol))
    }

    /// Looks for positions and keeps the screen on.
    fn walk(&self) {
        let begun = self.clone();
        // The closure and the patrol would keep each other alive; `stop` breaks the ring.
        *self.0.watch.borrow_mut() = Some(Watch::begin(move || begun.heard()));
        let lit = self.clone();
        let light = move || {
            let patrol = lit.clone();
            spawn_local(async move {
                let lock = WakeLock::ask().await;
                if patrol.0.watch.borrow().is_some() {
                    *patrol.0.wake.borrow_mut() = lock;
                }
            });
        };
        light();
        let document = web_sys::window().and_then(|w| w.document());
        let again = document.map(|document| {
            let page = document.clone();
            EventListener::new(&document, "visibilitychange", move |_| {
                if !page.hidden() {
                    light();
                }
            })
        });
        *self.0.visible.borrow_mut() = again;
        self.tell();
    }

    fn stop(&self) {
        self.0.watch.take();
        self.0.wake.take();
        self.0.visible.take();
    }

    /// Ends it on this screen, for another person; the store goes on knowing it.
    pub fn leave(&self) {
        self.stop();
        self.0.app.patrol.set(None);
    }

    fn heard(&self) {
        let Ok(watch) = self.0.watch.try_borrow() else {
            return;
        };
        let place = watch.as_ref().map(Watch::place);
        drop(watch);
        let fix = place.and_then(|p| p.fix);
        let fresh = fix.filter(|f| f.at_ms.0 > self.0.last_ms.get());
        if let Some(fix) = fresh {
            // A place that was passed during a pause is not where the way goes on.
            self.0.last_ms.set(fix.at_ms.0);
            if !self.0.paused.get() {
                self.take(TrackFix::of(&fix, self.0.resumed.take()));
            }
        }
        self.tell();
    }

    fn take(&self, fix: TrackFix) {
        let began = self.0.part_began.get();
        self.0.part_began.set(began.or(Some(fix.at_ms)));
        let number = self.count(fix);
        let patrol = self.clone();
        spawn_local(async move {
            if let Err(error) = patrol.0.store.keep_fix(number, fix).await {
                patrol.0.app.trouble.set(Some(error.code().to_owned()));
            }
            patrol.close_full_parts(fix.at_ms).await;
        });
    }

    fn count(&self, fix: TrackFix) -> u64 {
        let mut tally = self.0.tally.borrow_mut();
        if fix.resumed {
            tally.pause();
        }
        tally.add(fix);
        if let Some(cover) = self.0.cover.borrow_mut().as_mut() {
            cover.add(fix);
        }
        self.0.last_ms.set(fix.at_ms);
        let number = self.0.next.get();
        self.0.next.set(number + 1);
        number
    }

    /// Pauses, or goes on.
    pub fn pause(&self) {
        let paused = !self.0.paused.get();
        self.0.paused.set(paused);
        self.0.resumed.set(!paused);
        self.tell();
    }

    /// What was walked so far.
    pub fn walked(&self) -> Walked {
        let tally = *self.0.tally.borrow();
        let percent = self.0.cover.borrow().as_ref().map(Cover::percent);
        let (seconds, metres) = entries::whole(&tally);
        let rule = self.0.active.borrow().rule.clone();
        let no_position = self
            .0
            .watch
            .try_borrow()
            .is_ok_and(|w| w.as_ref().is_some_and(|w| w.place().no_fix.is_some()));
        Walked {
            percent,
            lacking: rule.map(|r| r.lacking(seconds, metres, percent)),
            accuracy_m: tally.last().map(|f| f.accuracy_m),
            no_position,
            paused: self.0.paused.get(),
            tally,
        }
    }

    /// The record that findings on the way belong to.
    pub fn record(&self) -> RecordId {
        self.0.active.borrow().record
    }

    fn tell(&self) {
        self.0.app.walked.set(self.walked());
    }

    fn tell_engine(&self, saved: Saved) {
        self.0.app.session.with_untracked(|s| {
            if let Some(session) = s {
                session.runner.saved(saved);
            }
        });
        self.0.app.recorded.update(|n| *n += 1);
    }
}
