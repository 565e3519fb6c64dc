//! Time, and who is there. What they do is in [`super::acts`], what must hold in
//! [`super::check`].

use super::cast::{ROLES, Role};
use super::folder::PASSWORD;
use super::ledger::Ledger;
use super::net::{self, Fate, Net};
use super::queue::{DiskFate, Event, Queue, Sent, TabId};
use super::server::Server;
use super::tab::Tab;
use super::{Tale, Template};
use crate::dice::Dice;
use crate::phone::wire::Ask;
use crate::phone::words::{outcome, wanted, word};
use crate::phone::{DeviceClock, Phone, calls};
use domain::ids::{BootId, EntryId};
use domain::sync::{Answer, Call, Cause, Engine, Event as Told, Failure, Instruction, Ticket};
use domain::time::WallMs;
use domain::wire::SignIn;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tempfile::TempDir;

/// What holds, or what does not.
pub(super) type Holds = Result<(), String>;

/// Virtual time 0, on the true clock.
const BEGIN: i64 = 1_779_580_800_000;

/// A device.
pub(super) struct Device {
    pub(super) net: Net,
    /// How far its clock is off.
    pub(super) off_ms: i64,
    /// The browser's session: whose, and the cookie.
    pub(super) session: Option<(usize, String)>,
}

/// A person's store on a device.
pub(super) struct Seat {
    pub(super) role: Role,
    pub(super) device: usize,
    pub(super) phone: Phone,
    /// What was saved here, or came with the copy.
    pub(super) own: BTreeSet<EntryId>,
}

pub(super) struct World {
    pub(super) now: u64,
    pub(super) dice: Dice,
    pub(super) server: Server,
    pub(super) devices: Vec<Device>,
    pub(super) seats: Vec<Seat>,
    pub(super) tabs: BTreeMap<TabId, Tab>,
    pub(super) ledger: Ledger,
    pub(super) tale: Tale,
    pub(super) queue: Queue,
    /// Everything goes well from now on.
    pub(super) calm: bool,
    opened: u64,
}

impl World {
    pub(super) async fn new(template: &Template, dice: Dice) -> Self {
        let mut world = Self {
            now: 0,
            dice,
            server: Server::start(template).await,
            devices: Vec::new(),
            seats: Vec::new(),
            tabs: BTreeMap::new(),
            ledger: Ledger::default(),
            tale: Tale::new(),
            queue: Queue::default(),
            calm: false,
            opened: 0,
        };
        let persons = usize::try_from(world.dice.between(2, ROLES.len() as u64)).unwrap_or(2);
        for role in ROLES.into_iter().take(persons) {
            world.add_phone(role);
        }
        // A phone that two share.
        if world.dice.chance(30) {
            let phone = world.seats[0]
                .phone
                .of_another(ROLES[4].name, &mut world.dice);
            world.seats.push(Seat {
                role: ROLES[4],
                device: 0,
                phone,
                own: BTreeSet::new(),
            });
        }
        world
    }

    fn add_phone(&mut self, role: Role) {
        let phone = Phone::new(role.name, &mut self.dice);
        self.seats.push(Seat {
            role,
            device: self.devices.len(),
            phone,
            own: BTreeSet::new(),
        });
        self.add_device();
    }

    pub(super) fn add_device(&mut self) {
        let off_ms = self.a_clock();
        self.devices.push(Device {
            net: Net::Good,
            off_ms,
            session: None,
        });
    }

    /// How far off a clock is: often right, sometimes ten years early or late.
    pub(super) fn a_clock(&mut self) -> i64 {
        const TEN_YEARS: i64 = 10 * 365 * 24 * 3_600_000;
        *self
            .dice
            .weigh(&[(60, 0), (15, TEN_YEARS), (15, -TEN_YEARS), (10, 93_000)])
    }

    /// Lives a while in trouble, then in quiet, and looks whether all is well.
    pub(super) async fn live(&mut self) -> Holds {
        for seat in 0..self.seats.len() {
            self.sign_in(seat).await?;
        }
        let acts = self.dice.between(20, 60);
        let mut at = 0;
        for _ in 0..acts {
            at += *self.dice.weigh(&[(5, 2_000), (3, 60_000), (2, 400_000)]);
            at += self.dice.below(2_000);
            self.queue.plan(at, Event::Act);
        }
        let end = at + 600_000;
        while let Some((at, event)) = self.queue.next_until(end) {
            self.happen(at, event).await?;
        }
        self.calm_down().await?;
        self.check_the_end().await
    }

    pub(super) async fn end(self) -> (Tale, TempDir) {
        (self.tale, self.server.end().await)
    }

    pub(super) async fn happen(&mut self, at: u64, event: Event) -> Holds {
        self.now = self.now.max(at);
        match event {
            Event::Act => self.act().await,
            Event::Arrive(sent) => self.arrive(*sent).await,
            Event::Answered {
                tab,
                ticket,
                result,
            } => {
                let aborted = |t: &Tab| t.aborted.contains(&ticket);
                let result = if self.tabs.get(&tab).is_some_and(aborted) {
                    Err(Failure::Aborted)
                } else {
                    *result
                };
                self.feed(tab, Told::Answered { ticket, result }).await
            }
            Event::Record {
                tab,
                ticket,
                under,
                changes,
                disk,
            } => {
                let Some(open) = self.tabs.get(&tab) else {
                    return Ok(());
                };
                let wall = open.clock.wall(self.truly());
                let written = if disk == DiskFate::Failed {
                    false
                } else {
                    let written = open.store.apply(under, &changes, wall).await;
                    written.map_err(|e| format!("the store: {e}"))?.written
                };
                let ok = written && disk == DiskFate::Done;
                let what = if written {
                    "recorded"
                } else {
                    "did not record"
                };
                self.tell(tab, &format!("{what} {} {disk:?}", changes.len()));
                self.feed(tab, Told::Recorded { ticket, ok }).await?;
                if ok {
                    return Ok(());
                }
                self.reload(tab).await
            }
            Event::Inspect { tab, ticket, what } => {
                let Some(open) = self.tabs.get(&tab) else {
                    return Ok(());
                };
                let found = open.store.inspect(&what).await;
                let found = found.map_err(|e| format!("the store: {e}"))?;
                // Now and then a store cannot be read.
                let found = Some(found).filter(|_| self.calm || !self.dice.chance(4));
                self.tell(tab, &format!("looked for {}", wanted(&what)));
                self.feed(tab, Told::Inspected { ticket, found }).await
            }
            Event::Alarm { tab } => {
                let rings = self.tabs.get(&tab).is_some_and(|t| t.alarm == Some(at));
                if !rings {
                    return Ok(());
                }
                self.feed(tab, Told::Woken(Cause::Timer)).await
            }
        }
    }

    pub(super) const fn truly(&self) -> WallMs {
        WallMs(BEGIN + self.now.cast_signed())
    }

    pub(super) fn tell(&mut self, tab: TabId, line: &str) {
        let seat = self.tabs.get(&tab).map_or(99, |t| t.seat);
        let line = format!("seat {seat} tab {}: {line}", tab.0);
        self.tale.tell(self.now, line);
    }

    /// Opens the page for a person.
    pub(super) async fn open(&mut self, seat: usize) -> Result<TabId, String> {
        self.opened += 1;
        let id = TabId(self.opened);
        let device = &self.devices[self.seats[seat].device];
        let store = self.seats[seat].phone.open().await;
        let engine = Engine::new(self.dice.next());
        let boot = BootId::new(self.dice.bytes());
        let clock = DeviceClock::new(device.off_ms, boot);
        let queue = store.queue().await.map_err(|e| e.to_string())?;
        let tab = Tab {
            seat,
            engine,
            store,
            clock,
            born: self.now,
            aborted: BTreeSet::new(),
            alarm: None,
        };
        self.tabs.insert(id, tab);
        self.tell(id, "opened");
        self.feed(id, Told::Loaded(queue)).await?;
        Ok(id)
    }

    /// Tells an engine what happened and begins what it says.
    pub(super) async fn feed(&mut self, id: TabId, event: Told) -> Holds {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            let (now, truly) = (self.now, self.truly());
            let Some(tab) = self.tabs.get_mut(&id) else {
                return Ok(());
            };
            let (mono, wall) = (tab.mono(now), tab.clock.wall(truly));
            for instruction in tab.engine.handle(mono, wall, event) {
                if let Some(more) = self.carry_out(id, instruction).await? {
                    events.push_back(more);
                }
            }
            self.check_what_is_said(id).await?;
        }
        Ok(())
    }

    async fn carry_out(&mut self, id: TabId, told: Instruction) -> Result<Option<Told>, String> {
        let now = self.now;
        match told {
            Instruction::Call { ticket, call } => self.send(id, ticket, call).await,
            Instruction::Abort { ticket } => {
                if let Some(tab) = self.tabs.get_mut(&id) {
                    tab.aborted.insert(ticket);
                }
                let result = Box::new(Err(Failure::Aborted));
                let tab = id;
                let event = Event::Answered {
                    tab,
                    ticket,
                    result,
                };
                self.queue.plan(now + 1, event);
                Ok(None)
            }
            Instruction::Record {
                ticket,
                under,
                changes,
            } => {
                let disk = match self.dice.below(100) {
                    _ if self.calm => DiskFate::Done,
                    0..4 => DiskFate::Failed,
                    4..7 => DiskFate::DoneUnheard,
                    _ => DiskFate::Done,
                };
                let at = now + self.dice.between(1, 120);
                let tab = id;
                let event = Event::Record {
                    tab,
                    ticket,
                    under,
                    changes,
                    disk,
                };
                self.queue.plan(at, event);
                Ok(None)
            }
            Instruction::Inspect { ticket, what } => {
                let at = now + self.dice.between(1, 60);
                let tab = id;
                self.queue.plan(at, Event::Inspect { tab, ticket, what });
                Ok(None)
            }
            Instruction::Reload => {
                let Some(tab) = self.tabs.get(&id) else {
                    return Ok(None);
                };
                let queue = tab.store.queue().await.map_err(|e| e.to_string())?;
                Ok(Some(Told::Loaded(queue)))
            }
            Instruction::WakeAt(at) => {
                if let Some(tab) = self.tabs.get_mut(&id) {
                    let at = (tab.born + at.0).max(now) + 1;
                    tab.alarm = Some(at);
                    self.queue.plan(at, Event::Alarm { tab: id });
                }
                Ok(None)
            }
        }
    }

    /// Reads the queue again, as a page does that becomes visible.
    pub(super) async fn reload(&mut self, id: TabId) -> Holds {
        let Some(tab) = self.tabs.get(&id) else {
            return Ok(());
        };
        let queue = tab.store.queue().await.map_err(|e| e.to_string())?;
        self.feed(id, Told::Loaded(queue)).await
    }

    async fn send(
        &mut self,
        id: TabId,
        ticket: Ticket,
        call: Call,
    ) -> Result<Option<Told>, String> {
        let Some(tab) = self.tabs.get(&id) else {
            return Ok(None);
        };
        let device = &self.devices[self.seats[tab.seat].device];
        let ask = match calls::ask(&tab.store, &call).await {
            Ok(ask) => ask,
            Err(failure) => {
                let result = Err(failure);
                return Ok(Some(Told::Answered { ticket, result }));
            }
        };
        let ask = match &device.session {
            Some((_, cookie)) => ask.header("cookie", cookie.clone()),
            None => ask,
        };
        let (fate, there, _) = net::draw(device.net, &mut self.dice);
        let fate = if self.calm { Fate::Fine } else { fate };
        let until = self.now + if ask.heavy { 180_000 } else { 60_000 };
        self.tell(id, &format!("sends {} {fate:?}", word(&call)));
        let sent = Sent {
            tab: id,
            ticket,
            call,
            ask,
            fate,
            until,
        };
        self.queue
            .plan(self.now + there, Event::Arrive(Box::new(sent)));
        Ok(None)
    }

    async fn arrive(&mut self, mut sent: Sent) -> Holds {
        if let Fate::Broken(chance) = sent.fate {
            net::break_byte(&mut sent.ask.body, chance);
        }
        let mut reply = match sent.fate {
            Fate::Lost => None,
            fate => match net::stranger(fate) {
                Some(reply) => Some(reply),
                None => self.server.take(&sent.ask).await,
            },
        };
        if let (Some(heard), None) = (&reply, net::stranger(sent.fate)) {
            self.overhear(&sent, heard).await?;
        }
        match sent.fate {
            Fate::Twice => reply = self.server.take(&sent.ask).await,
            Fate::AnswerLost => reply = None,
            Fate::AnswerBroken(chance) => {
                let whole = reply.clone();
                if let Some(reply) = &mut reply {
                    net::break_byte(&mut reply.body, chance);
                }
                let unseen = |(a, b)| net::is_beyond_proof(&sent.call, a, b);
                if whole.as_ref().zip(reply.as_ref()).is_some_and(unseen) {
                    reply = None;
                }
            }
            _ => {}
        }
        let back = self.now + self.dice.between(5, 300);
        let mut result = match &reply {
            Some(reply) if back <= sent.until => calls::answer(&sent.call, reply),
            _ => Err(Failure::Unreachable),
        };
        // The server's clock stands still beside ours.
        if let Ok(Answer::Hello(hello)) = &mut result {
            hello.time_ms.0 += self.now.cast_signed();
        }
        let at = if reply.is_some() && back <= sent.until {
            back
        } else {
            sent.until.max(self.now)
        };
        if let (Ok(Answer::Hello(hello)), Some(tab)) = (&result, self.tabs.get(&sent.tab)) {
            tab.clock.hear(hello.time_ms, tab.mono(self.now));
        }
        let line = format!("{} ends {}", word(&sent.call), outcome(&result));
        self.tell(sent.tab, &line);
        let event = Event::Answered {
            tab: sent.tab,
            ticket: sent.ticket,
            result: Box::new(result),
        };
        self.queue.plan(at, event);
        Ok(())
    }

    /// Signs a person in on the device of a seat; says whether there was a way to.
    pub(super) async fn sign_in(&mut self, seat: usize) -> Holds {
        let (device, role) = (self.seats[seat].device, self.seats[seat].role);
        if !matches!(self.devices[device].net, Net::Good | Net::Poor) {
            return Ok(());
        }
        let words = SignIn {
            account: role.name.to_owned(),
            password: PASSWORD.to_owned(),
            device_id: self.seats[seat].phone.device,
            device_key: None,
        };
        let body = serde_json::to_vec(&words).map_err(|e| e.to_string())?;
        let ask = Ask::new("POST", "/session").body("application/json", body);
        let Some(reply) = self.server.take(&ask).await else {
            return Ok(());
        };
        let cookie = reply.header("set-cookie").and_then(|c| c.split(';').next());
        let Some(cookie) = cookie.filter(|_| reply.status == 200) else {
            return Err(format!("{} cannot sign in: {}", role.name, reply.status));
        };
        self.devices[device].session = Some((seat, cookie.to_owned()));
        self.tale
            .tell(self.now, format!("seat {seat} signs in on device {device}"));
        let open = self.tabs_of(seat);
        if open.is_empty() {
            self.open(seat).await?;
        }
        for tab in open {
            self.feed(tab, Told::Woken(Cause::SignedIn)).await?;
        }
        Ok(())
    }

    /// The open tabs of a seat.
    pub(super) fn tabs_of(&self, seat: usize) -> Vec<TabId> {
        let mine = self.tabs.iter().filter(|(_, t)| t.seat == seat);
        mine.map(|(id, _)| *id).collect()
    }
}
