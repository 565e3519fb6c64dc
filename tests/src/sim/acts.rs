//! What people do, and what breaks.

use super::cast::UNIT;
use super::ledger::{Begun, Written};
use super::net::Net;
use super::queue::TabId;
use super::server::PutBack;
use super::world::{Holds, Seat, World};
use crate::phone::wire::Ask;
use crate::phone::{Pen, Place};
use domain::case::Step;
use domain::entry::{Kind, Unsealed};
use domain::ids::{EntryId, RecordId};
use domain::record::Subject;
use domain::register::DeadlineClass;
use domain::sync::{Cause, Event as Told};
use futures_util::future::join;
use std::collections::BTreeSet;
use xunhe_app::store::{Saved, StoreError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Report,
    ReportInTwoTabs,
    Comment,
    Version,
    Step,
    Poison,
    Kill,
    AnotherTab,
    Wake(Cause),
    Net,
    SignOut,
    SignIn,
    Expire,
    Clock,
    Restart,
    Outage,
    Copy,
    GoBack,
    Fork,
}

const DEEDS: [(u64, Deed); 20] = [
    (30, Deed::Report),
    (3, Deed::ReportInTwoTabs),
    (8, Deed::Comment),
    (6, Deed::Version),
    (12, Deed::Step),
    (2, Deed::Poison),
    (8, Deed::Kill),
    (4, Deed::AnotherTab),
    (6, Deed::Wake(Cause::Online)),
    (6, Deed::Wake(Cause::Visible)),
    (14, Deed::Net),
    (2, Deed::SignOut),
    (6, Deed::SignIn),
    (3, Deed::Expire),
    (4, Deed::Clock),
    (2, Deed::Restart),
    (1, Deed::Outage),
    (2, Deed::Copy),
    (2, Deed::GoBack),
    (2, Deed::Fork),
];

impl World {
    pub(super) async fn act(&mut self) -> Holds {
        let deed = *self.dice.weigh(&DEEDS);
        let seat = self.dice.index(self.seats.len());
        self.tale.tell(self.now, format!("seat {seat} {deed:?}"));
        match deed {
            Deed::Report => self.report(seat).await,
            Deed::ReportInTwoTabs => self.report_in_two_tabs(seat).await,
            Deed::Comment => self.comment(seat).await,
            Deed::Version => self.version(seat).await,
            Deed::Step => self.step(seat).await,
            Deed::Poison => {
                let tab = self.page(seat).await?;
                let unsealed = self.pen(tab, async |pen| pen.poison().await).await;
                self.write(tab, unsealed, true).await
            }
            Deed::Kill => self.kill(seat).await,
            Deed::AnotherTab if self.tabs_of(seat).len() < 2 => self.open(seat).await.map(drop),
            Deed::AnotherTab => Ok(()),
            Deed::Wake(cause) => self.wake(seat, cause).await,
            Deed::Net => {
                let nets = [
                    (5, Net::Good),
                    (4, Net::Poor),
                    (3, Net::Down),
                    (1, Net::Portal),
                ];
                let device = self.seats[seat].device;
                self.devices[device].net = *self.dice.weigh(&nets);
                self.wake(seat, Cause::Online).await
            }
            Deed::SignOut => {
                let device = self.seats[seat].device;
                self.expire(device).await;
                self.devices[device].session = None;
                self.wake(seat, Cause::SignedOut).await
            }
            Deed::SignIn => self.sign_in(seat).await,
            Deed::Expire => {
                self.expire(self.seats[seat].device).await;
                Ok(())
            }
            Deed::Clock => {
                let off_ms = self.a_clock();
                let device = self.seats[seat].device;
                self.devices[device].off_ms = off_ms;
                for tab in self.tabs.values() {
                    if self.seats[tab.seat].device == device {
                        tab.clock.off_ms.set(off_ms);
                    }
                }
                Ok(())
            }
            Deed::Restart => {
                self.server.stop().await;
                self.server.begin().await;
                Ok(())
            }
            Deed::Outage => {
                if self.server.app().is_some() {
                    self.server.stop().await;
                } else {
                    self.server.begin().await;
                }
                Ok(())
            }
            Deed::Copy => {
                self.server.remember().await;
                Ok(())
            }
            Deed::GoBack => {
                if self.server.has_copy() {
                    let whole = self.dice.chance(60);
                    let what = if whole {
                        PutBack::Everything
                    } else {
                        PutBack::Database
                    };
                    self.tale.tell(self.now, format!("put back: {what:?}"));
                    self.server.go_back(what).await;
                }
                Ok(())
            }
            Deed::Fork => self.fork(seat).await,
        }
    }

    /// An open page of the seat; opens one if there is none.
    async fn page(&mut self, seat: usize) -> Result<TabId, String> {
        let open = self.tabs_of(seat);
        if open.is_empty() {
            self.open(seat).await
        } else {
            Ok(*self.dice.pick(&open))
        }
    }

    async fn pen<T>(&mut self, tab: TabId, write: impl AsyncFnOnce(&mut Pen<'_>) -> T) -> T {
        let truly = self.truly();
        let tab = &self.tabs[&tab];
        let clock = tab.clock.facts(truly, tab.mono(self.now));
        let mut pen = Pen {
            store: &tab.store,
            clock,
            dice: &mut self.dice,
        };
        write(&mut pen).await
    }

    async fn a_report(&mut self, tab: TabId) -> Option<(Unsealed, Place)> {
        let places = self.seats[self.tabs[&tab].seat].role.places;
        if places.is_empty() {
            return None;
        }
        let place = *self.dice.pick(places);
        let kinds = [Subject::Cleanup, Subject::Finding, Subject::Finding];
        let subject = *self.dice.pick(&kinds);
        let sizes = [(6, 0), (4, 2_000), (3, 60_000), (2, 300_000)];
        let photos: Vec<usize> = (0..2)
            .map(|_| *self.dice.weigh(&sizes))
            .filter(|size| *size > 0)
            .collect();
        let write = async |pen: &mut Pen<'_>| pen.report(subject, Some(place), &photos).await;
        Some((self.pen(tab, write).await, place))
    }

    async fn report(&mut self, seat: usize) -> Holds {
        let tab = self.page(seat).await?;
        let Some((unsealed, place)) = self.a_report(tab).await else {
            return self.step(seat).await;
        };
        self.begins(&unsealed, place);
        self.write(tab, unsealed, false).await
    }

    async fn report_in_two_tabs(&mut self, seat: usize) -> Holds {
        let one = self.page(seat).await?;
        let two = self.open(seat).await?;
        let (Some(first), Some(second)) = (self.a_report(one).await, self.a_report(two).await)
        else {
            return Ok(());
        };
        let wall = self.tabs[&one].clock.wall(self.truly());
        let (a, b) = join(
            self.tabs[&one].store.submit(&first.0, None, wall),
            self.tabs[&two].store.submit(&second.0, None, wall),
        )
        .await;
        self.begins(&first.0, first.1);
        self.begins(&second.0, second.1);
        let first = self.note(one, &first.0, a, false).await?;
        let second = self.note(two, &second.0, b, false).await?;
        self.feed(one, first).await?;
        self.feed(two, second).await
    }

    fn begins(&mut self, unsealed: &Unsealed, place: Place) {
        self.ledger.begun.push(Begun {
            id: unsealed.record_id,
            author: unsealed.author.clone(),
            reaches: BTreeSet::from([place.reach]),
            case: unsealed.kind == Kind::Finding,
            handed: false,
        });
    }

    async fn comment(&mut self, seat: usize) -> Holds {
        let tab = self.page(seat).await?;
        let Some((record, _)) = self.some_record(tab, |_| true).await else {
            return Ok(());
        };
        let unsealed = self.pen(tab, async |pen| pen.comment(record)).await;
        self.write(tab, unsealed, false).await
    }

    async fn version(&mut self, seat: usize) -> Holds {
        let tab = self.page(seat).await?;
        let role = self.seats[seat].role;
        let own = |b: &Begun| b.author.as_str() == role.name && b.case;
        let Some((record, basis)) = self.some_record(tab, own).await else {
            return Ok(());
        };
        let place = *self.dice.pick(role.places);
        if let Some(begun) = self.ledger.begun_mut(record) {
            begun.reaches.insert(place.reach);
        }
        let write = async |pen: &mut Pen<'_>| pen.version(record, basis, Some(place));
        let unsealed = self.pen(tab, write).await;
        self.write(tab, unsealed, false).await
    }

    async fn step(&mut self, seat: usize) -> Holds {
        let tab = self.page(seat).await?;
        let role = self.seats[seat].role;
        let Some((case, basis)) = self.some_record(tab, |b| b.case).await else {
            return Ok(());
        };
        let step = if role.desk && self.dice.chance(50) {
            Step::Accept {
                class: DeadlineClass::SevenDays,
                note: None,
            }
        } else if role.desk {
            if let Some(begun) = self.ledger.begun_mut(case) {
                begun.handed = true;
            }
            Step::HandOver {
                lead: UNIT.parse().unwrap(),
                assisting: Vec::new(),
                assignee: None,
                due: "2030-05-31".parse().unwrap(),
                demand: None,
            }
        } else {
            // Whoever is not of the unit may not sign: kept, and without effect.
            Step::Sign {
                unit: UNIT.parse().unwrap(),
            }
        };
        let write = async |pen: &mut Pen<'_>| pen.step(case, basis, step);
        let unsealed = self.pen(tab, write).await;
        self.write(tab, unsealed, false).await
    }

    /// A record that the store holds, and its last entry there.
    async fn some_record(
        &mut self,
        tab: TabId,
        wanted: impl Fn(&Begun) -> bool,
    ) -> Option<(RecordId, EntryId)> {
        let mut found = Vec::new();
        for begun in self.ledger.begun.iter().filter(|b| wanted(b)) {
            let held = self.tabs[&tab].store.record(begun.id).await.ok().flatten();
            let last = held.and_then(|r| Some(r.entries.last()?.entry.header().entry_id));
            found.extend(last.map(|last| (begun.id, last)));
        }
        (!found.is_empty()).then(|| *self.dice.pick(&found))
    }

    async fn write(&mut self, tab: TabId, unsealed: Unsealed, poison: bool) -> Holds {
        let wall = self.tabs[&tab].clock.wall(self.truly());
        let saved = self.tabs[&tab].store.submit(&unsealed, None, wall).await;
        let told = self.note(tab, &unsealed, saved, poison).await?;
        self.feed(tab, told).await
    }

    /// 已存手机: from here on it counts. Gives what the engine must be told.
    async fn note(
        &mut self,
        tab: TabId,
        unsealed: &Unsealed,
        saved: Result<Saved, StoreError>,
        poison: bool,
    ) -> Result<Told, String> {
        let saved = saved.map_err(|e| format!("not saved: {e}"))?;
        let id = saved.entry.entry_id;
        let found = self.tabs[&tab].store.entries(&[id]).await;
        let mut found = found
            .map_err(|e| e.to_string())?
            .map_err(|id| format!("saved, and not there: {id}"))?;
        let entry = found.remove(0);
        let header = entry.clone().check().map_err(|e| e.to_string())?;
        let header = header.header();
        self.ledger.written.insert(
            id,
            Written {
                author: unsealed.author.clone(),
                place: (header.log_id, header.seq),
                blobs: header.blobs.iter().map(|b| b.sha256).collect(),
                entry,
                poison,
            },
        );
        let seat = self.tabs[&tab].seat;
        self.seats[seat].own.insert(id);
        let line = format!("saved no {} with {} blobs", header.seq, saved.blobs.len());
        self.tell(tab, &line);
        let Saved { entry, blobs } = saved;
        Ok(Told::Saved { entry, blobs })
    }

    /// The pages of a seat are killed. What they were writing is written, or is not.
    async fn kill(&mut self, seat: usize) -> Holds {
        for id in self.tabs_of(seat) {
            let Some(tab) = self.tabs.remove(&id) else {
                continue;
            };
            for (under, changes) in self.queue.take_records(id) {
                if self.dice.chance(50) {
                    let wall = tab.clock.wall(self.truly());
                    let written = tab.store.apply(under, &changes, wall).await;
                    written.map_err(|e| e.to_string())?;
                }
            }
        }
        if self.dice.chance(70) {
            self.open(seat).await?;
        }
        Ok(())
    }

    pub(super) async fn wake(&mut self, seat: usize, cause: Cause) -> Holds {
        for id in self.tabs_of(seat) {
            if cause == Cause::Visible {
                self.reload(id).await?;
            }
            self.feed(id, Told::Woken(cause)).await?;
        }
        Ok(())
    }

    /// The server forgets a session: by time, by an administrator, or by signing out.
    async fn expire(&mut self, device: usize) {
        if let Some((_, cookie)) = &self.devices[device].session {
            let ask = Ask::new("DELETE", "/session").header("cookie", cookie.clone());
            self.server.take(&ask).await;
        }
    }

    /// Somebody puts a backup of the phone onto a second one, and uses both.
    async fn fork(&mut self, seat: usize) -> Holds {
        let old = &self.seats[seat];
        let copy = Seat {
            role: old.role,
            device: self.devices.len(),
            phone: old.phone.copy(),
            own: old.own.clone(),
        };
        self.seats.push(copy);
        self.add_device();
        self.sign_in(self.seats.len() - 1).await
    }
}
