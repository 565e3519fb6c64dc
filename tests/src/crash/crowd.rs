use crate::check::{Held, view};
use crate::dice::Dice;
use crate::phone::{DeviceClock, Line, Patience, Pen, Phone, Place, Runner};
use crate::server::Server;
use domain::entry::Entry;
use domain::hash::Sha256;
use domain::ids::{BootId, EntryId};
use domain::record::Subject;
use domain::register::PersonId;
use domain::sync::Cause;
use futures_util::future::select_all;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What a phone waits for an answer: a dead server is noticed at once, a busy one is not dead.
const PATIENCE: Duration = Duration::from_secs(20);
const LIMIT: Duration = Duration::from_mins(2);

/// Two inspectors with two phones each.
const PEOPLE: [(&str, Place); 2] = [
    (
        "wgy2-yongji",
        Place {
            post: "yongji-wgy2",
            reach: "yxq-qingtou",
            division: "yongji-101",
        },
    ),
    (
        "wgy2-yanhu",
        Place {
            post: "yanhu-wgy2",
            reach: "yxq-daqu",
            division: "yanhu-007",
        },
    ),
];

/// Phones that send as fast as they are answered. Lives on a `LocalSet`.
pub struct Crowd {
    phones: Vec<Member>,
    written: BTreeMap<EntryId, Entry>,
    dice: Dice,
}

struct Member {
    person: PersonId,
    place: Place,
    line: Line,
    runner: Runner,
}

impl Crowd {
    /// Everybody signs in.
    pub async fn gather(server: &Server, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut phones = Vec::new();
        for (account, place) in PEOPLE {
            for _ in 0..2 {
                let phone = Phone::new(account, &mut dice);
                let line = Line::new(&server.url(), Patience::of(PATIENCE));
                line.sign_in(account, &server.password, phone.device).await;
                let clock = DeviceClock::new(0, BootId::new(dice.bytes()));
                let store = phone.open().await;
                let runner = Runner::start(store, line.clone(), clock, dice.next());
                phones.push(Member {
                    person: phone.person,
                    place,
                    line,
                    runner,
                });
            }
        }
        Self {
            phones,
            written: BTreeMap::new(),
            dice,
        }
    }

    /// Chance.
    pub const fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    /// Saves and sends until so many more entries are called received.
    ///
    /// # Errors
    /// If the server does not take them in time.
    pub async fn send(&mut self, entries: u64) -> Result<(), String> {
        let goal = self.received() + entries;
        let sending = async {
            while self.received() < goal {
                if self.written.len() as u64 <= self.received() + 12 {
                    self.save().await?;
                }
                self.a_change().await;
            }
            Ok(())
        };
        let done = tokio::time::timeout(LIMIT, sending).await;
        done.map_err(|_| format!("the server does not take {entries} entries"))?
    }

    /// Somebody saves a report: 已存手机.
    ///
    /// # Errors
    /// If the store says no.
    pub async fn save(&mut self) -> Result<(), String> {
        let member = &self.phones[self.dice.index(self.phones.len())];
        let sizes = [(4, 0), (3, 2_000), (2, 40_000), (1, 700_000)];
        let photos = [*self.dice.weigh(&sizes)];
        let photos = if photos == [0] { &[][..] } else { &photos };
        let store = member.runner.store();
        let mut pen = Pen {
            store,
            clock: member.runner.clock(),
            dice: &mut self.dice,
        };
        let report = pen
            .report(Subject::Finding, Some(member.place), photos)
            .await;
        let wall = report.body.clock.wall_ms;
        let saved = store.submit(&report, None, wall).await;
        let saved = saved.map_err(|e| e.to_string())?;
        let id = saved.entry.entry_id;
        let found = store.entries(&[id]).await.map_err(|e| e.to_string())?;
        let found = found.map_err(|id| format!("saved, and not there: {id}"))?;
        self.written.extend(found.into_iter().map(|e| (id, e)));
        member.runner.saved(saved);
        Ok(())
    }

    fn received(&self) -> u64 {
        let received = self.phones.iter().map(|m| m.runner.status().received);
        received.map(u64::from).sum()
    }

    /// Until some phone says something else, or a moment passed.
    async fn a_change(&self) {
        let mut heard: Vec<_> = self.phones.iter().map(|m| m.runner.watch()).collect();
        let changes = heard.iter_mut().map(|w| Box::pin(w.changed()));
        let _ = tokio::time::timeout(Duration::from_millis(20), select_all(changes)).await;
    }

    /// Everybody hears that there is a network again.
    pub fn wake(&self) {
        for member in &self.phones {
            member.runner.wake(Cause::Online);
        }
    }

    /// I-1, I-2, I-4: what any phone has a receipt for lies in the data folder.
    ///
    /// # Errors
    /// What was lost, or does not fit together.
    pub async fn check_receipts(&self, held: &Held) -> Result<u64, String> {
        let mut receipts = 0;
        for member in &self.phones {
            for (id, blobs) in acknowledged(&member.runner).await? {
                receipts += 1;
                match held.entries.get(&id) {
                    Some(entry) if *entry == self.written[&id] => {}
                    Some(_) => return Err(format!("{id} is stored with other bytes")),
                    None => return Err(format!("{id} was receipted, and is lost")),
                }
                for blob in blobs {
                    if !held.blobs.contains(&(member.person.clone(), blob)) {
                        return Err(format!("photo {blob} was receipted, and is lost"));
                    }
                }
            }
        }
        Ok(receipts)
    }

    /// Waits until everything is received, then compares: I-1, I-3, I-7.
    ///
    /// # Errors
    /// What does not hold.
    pub async fn come_to_rest(&self, server: &Server) -> Result<(), String> {
        for member in &self.phones {
            member.runner.come_to_rest(LIMIT).await?;
        }
        let held = Held::read(server.data()).await?;
        if held.entries != self.written {
            let (there, here) = (held.entries.len(), self.written.len());
            return Err(format!("the server holds {there} entries of {here}"));
        }
        for member in &self.phones {
            // Once more, for what the last phone sent.
            member.runner.come_to_rest(LIMIT).await?;
            let take = async |ask| member.line.send(&ask).await.ok();
            let fresh = view::sent(&member.person, &take).await?;
            view::compare(member.runner.store(), &fresh).await?;
            view::digests(member.runner.store(), &take).await?;
        }
        Ok(())
    }
}

/// What a phone calls received: entries, and of each the photos with a receipt.
async fn acknowledged(runner: &Runner) -> Result<BTreeMap<EntryId, BTreeSet<Sha256>>, String> {
    let (mut all, mut before) = (BTreeMap::new(), None);
    loop {
        let page = runner.store().records(before, 100).await;
        let page = page.map_err(|e| e.to_string())?;
        for entry in page.records.into_iter().flat_map(|r| r.entries) {
            let Some(delivery) = entry.delivery.filter(|d| d.receipt.is_some()) else {
                continue;
            };
            let blobs = delivery.blobs.into_iter().filter(|b| b.receipt.is_some());
            let blobs = blobs.map(|b| b.blob.sha256).collect();
            all.insert(entry.entry.header().entry_id, blobs);
        }
        before = page.next;
        if before.is_none() {
            return Ok(all);
        }
    }
}
