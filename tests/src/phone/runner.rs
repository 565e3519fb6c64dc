use super::words::{outcome, word};
use super::{DeviceClock, Line, calls};
use crate::sim::Tale;
use domain::sync::{Answer, Call, Cause, Engine, Event, Failure, Instruction, Status, Ticket};
use domain::time::{MonoMs, WallMs};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{Notify, watch};
use tokio::task::{AbortHandle, spawn_local};
use xunhe_app::store::{LocalStore, Saved};

/// The runner of the engine over a real network: the counterpart of `app/src/sync`, without a
/// browser. Lives on a [`tokio::task::LocalSet`].
#[derive(Clone)]
pub struct Runner(Rc<Inner>);

struct Inner {
    store: LocalStore,
    line: Line,
    clock: DeviceClock,
    begun: Instant,
    engine: RefCell<Engine>,
    under_way: RefCell<BTreeMap<Ticket, Rc<Notify>>>,
    alarm: RefCell<Option<AbortHandle>>,
    status: watch::Sender<Status>,
    stopped: Cell<bool>,
    name: RefCell<Option<String>>,
}

impl Runner {
    /// Starts an engine on a person's store.
    pub fn start(store: LocalStore, line: Line, clock: DeviceClock, seed: u64) -> Self {
        let runner = Self(Rc::new(Inner {
            store,
            line,
            clock,
            begun: Instant::now(),
            engine: RefCell::new(Engine::new(seed)),
            under_way: RefCell::default(),
            alarm: RefCell::default(),
            status: watch::Sender::default(),
            stopped: Cell::new(false),
            name: RefCell::default(),
        }));
        runner.reload();
        runner
    }

    /// Tells aloud from now on what it calls, under this name, if somebody listens.
    pub fn tell_as(&self, name: String) {
        self.0.name.replace(Tale::is_aloud().then_some(name));
    }

    fn tell(&self, line: impl Fn() -> String) {
        if let Some(name) = &*self.0.name.borrow() {
            eprintln!("{:>8} {name}: {}", self.mono().0, line());
        }
    }

    /// The store that it keeps in step.
    pub fn store(&self) -> &LocalStore {
        &self.0.store
    }

    /// All clock facts of this moment.
    pub fn clock(&self) -> domain::entry::Clock {
        self.0.clock.facts(truly(), self.mono())
    }

    /// The device's clock, to put it wrong.
    pub fn device_clock(&self) -> &DeviceClock {
        &self.0.clock
    }

    /// Tells the engine what was saved.
    pub fn saved(&self, saved: Saved) {
        let Saved { entry, blobs } = saved;
        self.feed(Event::Saved { entry, blobs });
    }

    /// Suggests to try now.
    pub fn wake(&self, cause: Cause) {
        self.feed(Event::Woken(cause));
    }

    /// What the phone says about itself.
    pub fn status(&self) -> Status {
        self.0.engine.borrow().status()
    }

    /// Hears every change of the status.
    pub fn watch(&self) -> watch::Receiver<Status> {
        self.0.status.subscribe()
    }

    /// Lets the phone try at once and waits until everything is received, pulled and recorded.
    ///
    /// # Errors
    /// The status, if it does not come to that in time.
    pub async fn come_to_rest(&self, limit: Duration) -> Result<(), String> {
        let mut heard = self.0.status.subscribe();
        let before = self.status().last_sync;
        self.wake(Cause::Asked);
        // Not later: servers' clocks jump.
        let done = |s: &Status| is_at_rest(s) && s.last_sync != before;
        let rest = tokio::time::timeout(limit, heard.wait_for(done)).await;
        match rest {
            Ok(Ok(_)) => Ok(()),
            _ => Err(format!("does not come to rest: {:?}", self.status())),
        }
    }

    /// The page is gone: nothing is finished that was begun.
    pub fn kill(&self) {
        self.0.stopped.set(true);
        if let Some(alarm) = self.0.alarm.take() {
            alarm.abort();
        }
        for abort in self.0.under_way.take().into_values() {
            abort.notify_one();
        }
    }

    fn mono(&self) -> MonoMs {
        MonoMs(u64::try_from(self.0.begun.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    fn wall(&self) -> WallMs {
        self.0.clock.wall(truly())
    }

    fn feed(&self, event: Event) {
        if self.0.stopped.get() {
            return;
        }
        let told = {
            let mut engine = self.0.engine.borrow_mut();
            engine.handle(self.mono(), self.wall(), event)
        };
        for instruction in told {
            self.carry_out(instruction);
        }
        self.0.status.send_replace(self.status());
    }

    fn carry_out(&self, instruction: Instruction) {
        let runner = self.clone();
        match instruction {
            Instruction::Call { ticket, call } => {
                let abort = Rc::new(Notify::new());
                let known = Rc::clone(&abort);
                self.tell(|| format!("sends {}", word(&call)));
                self.0.under_way.borrow_mut().insert(ticket, known);
                spawn_local(async move {
                    let result = tokio::select! {
                        result = runner.make(&call) => result,
                        () = abort.notified() => Err(Failure::Aborted),
                    };
                    runner.0.under_way.borrow_mut().remove(&ticket);
                    runner.tell(|| format!("{} ends {}", word(&call), outcome(&result)));
                    runner.feed(Event::Answered { ticket, result });
                });
            }
            Instruction::Abort { ticket } => {
                if let Some(abort) = self.0.under_way.borrow().get(&ticket) {
                    abort.notify_one();
                }
            }
            Instruction::Record {
                ticket,
                under,
                changes,
            } => {
                self.tell(|| format!("is to write {changes:?}"));
                spawn_local(async move {
                    let applied = runner.0.store.apply(under, &changes, runner.wall()).await;
                    runner.tell(|| format!("wrote: {applied:?}"));
                    let (ok, erased) = applied.map_or((false, false), |a| (a.written, a.erased));
                    runner.feed(Event::Recorded { ticket, ok });
                    if !ok || erased {
                        runner.reload();
                    }
                });
            }
            Instruction::Inspect { ticket, what } => {
                spawn_local(async move {
                    let found = runner.0.store.inspect(&what).await.ok();
                    runner.feed(Event::Inspected { ticket, found });
                });
            }
            Instruction::Reload => self.reload(),
            Instruction::WakeAt(at) => {
                self.tell(|| format!("is to be woken at {}", at.0));
                let wait = Duration::from_millis(at.since(self.mono()) + 1);
                let ring = spawn_local(async move {
                    tokio::time::sleep(wait).await;
                    runner.tell(|| "is woken".to_owned());
                    runner.feed(Event::Woken(Cause::Timer));
                });
                if let Some(earlier) = self.0.alarm.replace(Some(ring.abort_handle())) {
                    earlier.abort();
                }
            }
        }
    }

    async fn make(&self, call: &Call) -> Result<Answer, Failure> {
        let ask = calls::ask(&self.0.store, call).await?;
        let answer = calls::answer(call, &self.0.line.send(&ask).await?)?;
        if let Answer::Hello(hello) = &answer {
            self.0.clock.hear(hello.time_ms, self.mono());
        }
        Ok(answer)
    }

    /// Reads the queue again, as a page does that becomes visible.
    pub fn reload(&self) {
        let runner = self.clone();
        spawn_local(async move {
            let queue = runner.0.store.queue().await.unwrap();
            runner.feed(Event::Loaded(queue));
        });
    }
}

/// Nothing of the phone's own waits any more, but for what lies in the tray.
pub fn is_at_rest(status: &Status) -> bool {
    status.unsent == 0 && status.incomplete == 0
}

/// The true time.
pub fn truly() -> WallMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    WallMs(i64::try_from(since.as_millis()).unwrap())
}
