//! The runner of the sync engine: it carries out what [`domain::sync::Engine`] says and reports
//! back. It decides nothing: no retry, no parking, no status is made up here.

mod calls;

use crate::api::Abort;
use crate::device::clock;
use crate::store::{LocalStore, Saved};
use domain::ids::{EntryId, ServerId};
use domain::sync::{
    Cause, Change, Engine, Event, Failure, Finding, Inspection, Instruction, RemovalWhy, Status,
    Ticket,
};
use domain::time::MonoMs;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use litemap::LiteMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Keeps one person's store and the server in step until it is stopped.
#[derive(Clone)]
pub struct Runner(Rc<Inner>);

struct Inner {
    store: LocalStore,
    engine: RefCell<Engine>,
    under_way: RefCell<LiteMap<Ticket, Abort>>,
    given_up: RefCell<LiteMap<Ticket, ()>>,
    alarm: RefCell<Option<Timeout>>,
    listeners: RefCell<Vec<EventListener>>,
    tell: Box<Tell>,
    stopped: Cell<bool>,
}

/// The longest that the engine sleeps, milliseconds.
const DAY_MS: u32 = 24 * 60 * 60 * 1_000;

type Tell = dyn Fn(&Status, News);

/// What changed in the phone's store, so that a screen knows when to look again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Nothing.
    Nothing,
    /// Receipts, refusals, or rows from the server were recorded.
    Recorded,
}

impl Runner {
    /// Starts on a person's store; `tell` hears the status after every event.
    pub fn start(store: LocalStore, seed: u64, tell: impl Fn(&Status, News) + 'static) -> Self {
        let runner = Self(Rc::new(Inner {
            store,
            engine: RefCell::new(Engine::new(seed)),
            under_way: RefCell::default(),
            given_up: RefCell::default(),
            alarm: RefCell::default(),
            listeners: RefCell::default(),
            tell: Box::new(tell),
            stopped: Cell::new(false),
        }));
        runner.listen();
        runner.reload();
        runner
    }

    /// Tells the engine what was saved: 已存手机, now to be sent.
    pub fn saved(&self, saved: Saved) {
        self.feed(Event::Saved {
            entry: saved.entry,
            blobs: saved.blobs,
        });
    }

    /// Suggests to try now.
    pub fn wake(&self, cause: Cause) {
        self.feed(Event::Woken(cause));
    }

    /// The person wants something of the 平台未收 tray offered once more, as it is.
    pub fn offer_again(&self, entry_id: EntryId) {
        self.feed(Event::OfferAgain(entry_id));
    }

    /// The person lets go what was asked about.
    pub fn allow(&self, why: RemovalWhy) {
        self.feed(Event::Allowed(why));
    }

    /// Ends it, for another person. Nothing on the phone is touched; what was under way is
    /// asked for again when the person comes back.
    pub fn stop(&self) {
        self.0.stopped.set(true);
        self.0.alarm.take();
        self.0.listeners.take();
        for (_, abort) in self.0.under_way.take() {
            abort.abort();
        }
    }

    fn feed(&self, event: Event) {
        self.feed_with(event, News::Nothing);
    }

    fn feed_with(&self, event: Event, news: News) {
        if self.0.stopped.get() {
            return;
        }
        let told = self
            .0
            .engine
            .borrow_mut()
            .handle(clock::mono(), clock::wall(), event);
        for instruction in told {
            self.carry_out(instruction);
        }
        let status = self.0.engine.borrow().status();
        (self.0.tell)(&status, news);
    }

    fn carry_out(&self, instruction: Instruction) {
        let runner = self.clone();
        match instruction {
            Instruction::Call { ticket, call } => spawn_local(async move {
                let abort = Abort::new();
                if let Some(abort) = &abort {
                    runner
                        .0
                        .under_way
                        .borrow_mut()
                        .insert(ticket, abort.clone());
                }
                let mut result = calls::make(&runner.0.store, call, abort.as_ref()).await;
                runner.0.under_way.borrow_mut().remove(&ticket);
                let given_up = runner.0.given_up.borrow_mut().remove(&ticket).is_some();
                if given_up && result == Err(Failure::Unreachable) {
                    result = Err(Failure::Aborted);
                }
                runner.feed(Event::Answered { ticket, result });
            }),
            Instruction::Abort { ticket } => {
                let abort = self.0.under_way.borrow().get(&ticket).cloned();
                if let Some(abort) = abort {
                    self.0.given_up.borrow_mut().insert(ticket, ());
                    abort.abort();
                }
            }
            Instruction::Record {
                ticket,
                under,
                changes,
            } => spawn_local(async move {
                let ok = runner.record(under, &changes).await;
                runner.feed_with(Event::Recorded { ticket, ok }, News::Recorded);
                if !ok {
                    // Another tab may have been faster: then what it wrote counts.
                    runner.reload();
                }
            }),
            Instruction::Inspect { ticket, what } => spawn_local(async move {
                let found = runner.inspect(&what).await;
                runner.feed(Event::Inspected { ticket, found });
            }),
            Instruction::Reload => self.reload(),
            Instruction::WakeAt(at) => self.set_alarm(at),
        }
    }

    async fn record(&self, under: Option<(ServerId, u64)>, changes: &[Change]) -> bool {
        match self.0.store.apply(under, changes, clock::wall()).await {
            Ok(applied) => {
                if applied.erased {
                    self.reload();
                }
                applied.written
            }
            Err(error) => {
                leptos::logging::error!("a recording failed and will be repeated: {error}");
                false
            }
        }
    }

    async fn inspect(&self, what: &Inspection) -> Option<Finding> {
        let found = self.0.store.inspect(what).await;
        found
            .inspect_err(|error| leptos::logging::error!("the store cannot be read: {error}"))
            .ok()
    }

    fn reload(&self) {
        let runner = self.clone();
        spawn_local(async move {
            match runner.0.store.queue().await {
                Ok(queue) => runner.feed_with(Event::Loaded(queue), News::Recorded),
                // The next event that touches the store says it to the person; try again then.
                Err(error) => {
                    leptos::logging::error!("the outbox cannot be read: {error}");
                    let again = runner.clone();
                    runner
                        .0
                        .alarm
                        .replace(Some(Timeout::new(5_000, move || again.reload())));
                }
            }
        });
    }

    fn set_alarm(&self, at: MonoMs) {
        // A timer beyond 2³¹ ms rings at once; waking early costs nothing.
        let wait = u32::try_from(at.since(clock::mono())).map_or(DAY_MS, |ms| ms.min(DAY_MS));
        let runner = self.clone();
        let ring = move || runner.feed(Event::Woken(Cause::Timer));
        self.0.alarm.replace(Some(Timeout::new(wait + 1, ring)));
    }

    fn listen(&self) {
        let Some(window) = web_sys::window() else {
            return;
        };
        let online = EventListener::new(&window, "online", {
            let runner = self.clone();
            move |_| runner.wake(Cause::Online)
        });
        let mut listeners = vec![online];
        if let Some(document) = window.document() {
            let runner = self.clone();
            let page = document.clone();
            listeners.push(EventListener::new(
                &document,
                "visibilitychange",
                move |_| {
                    if !page.hidden() {
                        // Another tab may have saved meanwhile.
                        runner.reload();
                        runner.wake(Cause::Visible);
                    }
                },
            ));
        }
        self.0.listeners.replace(listeners);
    }
}
