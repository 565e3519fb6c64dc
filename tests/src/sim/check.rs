//! What must hold, at every step and at the end.

use super::net::{Fate, Net};
use super::queue::{Sent, TabId};
use super::world::{Holds, World};
use crate::check::{Held, view};
use crate::phone::wire::{Ask, Reply};
use domain::hash::Sha256;
use domain::receipt::{Receipt, Statement};
use domain::register::PersonId;
use domain::sync::{Call, Cause, LinkState, SessionState};
use domain::wire::{Announce, AnnounceAnswer, BlobHeld, PullAnswer, PushAnswer};
use std::collections::BTreeSet;

/// Views are compared once a day.
const A_DAY: u64 = 25 * 3_600_000;

impl World {
    /// Truthful status: nothing is called received that was not receipted, and nothing that the
    /// engine knows of vanishes from the count.
    pub(super) async fn check_what_is_said(&self, id: TabId) -> Holds {
        let Some(tab) = self.tabs.get(&id) else {
            return Ok(());
        };
        let (status, seat) = (tab.engine.status(), &self.seats[tab.seat]);
        let proven = self.ledger.proven(seat.own.iter());
        if status.received as usize > proven {
            return Err(format!(
                "seat {} calls {} received, {proven} are",
                tab.seat, status.received
            ));
        }
        let queue = tab.store.queue().await.map_err(|e| e.to_string())?;
        let open: BTreeSet<_> = queue.entries.iter().map(|e| e.entry_id).collect();
        let open_blobs: BTreeSet<_> = queue.blobs.iter().map(|b| b.key.entry_id).collect();
        let kept = queue.received as usize + open.union(&open_blobs).count();
        if kept != seat.own.len() {
            return Err(format!(
                "seat {} keeps {kept} of {} own entries",
                tab.seat,
                seat.own.len()
            ));
        }
        Ok(())
    }

    /// Reads every answer that the server gives, as it leaves.
    pub(super) async fn overhear(&mut self, sent: &Sent, reply: &Reply) -> Holds {
        let Some(tab) = self.tabs.get(&sent.tab) else {
            return Ok(());
        };
        let role = self.seats[tab.seat].role;
        let person: PersonId = role.name.parse().map_err(|_| "a role's name".to_owned())?;
        if reply.status >= 500 && reply.status != 503 {
            return Err(format!(
                "the server fails: {} {:?}",
                reply.status, sent.call
            ));
        }
        match &sent.call {
            Call::Push(_) => {
                let receipt = reply.read::<PushAnswer>().ok().and_then(|a| a.receipt);
                if let Some(receipt) = receipt {
                    self.check_receipt(&person, &receipt).await?;
                }
            }
            Call::BeginUpload { .. } | Call::SendChunk { .. } => {
                if let Ok(held) = reply.read::<BlobHeld>() {
                    self.check_receipt(&person, &held.receipt).await?;
                }
            }
            Call::Pull { .. } => {
                for row in reply.read::<PullAnswer>().map_or(Vec::new(), |a| a.rows) {
                    let tells = row.entry.is_some() || row.author_name.is_some();
                    if tells && !self.ledger.may_see(&role, row.record_id) {
                        let what = row.op.as_str();
                        return Err(format!("{} is sent a {what} of others", role.name));
                    }
                }
            }
            Call::Announce(_) if !matches!(sent.fate, Fate::Broken(_)) => {
                let announce: Result<Announce, _> = serde_json::from_slice(&sent.ask.body);
                if let (Ok(announce), Ok(answer)) = (announce, reply.read()) {
                    self.check_gaps(&announce, &answer).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// I-1, I-4: a receipt names only what is stored, at the moment in which it is given.
    async fn check_receipt(&mut self, person: &PersonId, receipt: &Receipt) -> Holds {
        let Some(app) = self.server.app() else {
            return Ok(());
        };
        let keys = app.receipts.keys();
        let statement: Statement = receipt.verify(&keys).map_err(|e| e.to_string())?;
        let hashes: Vec<_> = statement.entries.iter().map(|e| e.hash).collect();
        let held = app.store.held_entries(person, &hashes).await;
        if held.map_err(|e| e.to_string())?.len() != hashes.len() {
            return Err("a receipt names an entry that is not stored".into());
        }
        for blob in &statement.blobs {
            let path = crate::check::blob_path(self.server.folder(), blob.sha256);
            let bytes = std::fs::read(path).map_err(|e| format!("a receipted blob: {e}"))?;
            if Sha256::of(&bytes) != blob.sha256 || bytes.len() as u64 != blob.size {
                return Err("a receipt names a blob of other bytes".into());
            }
        }
        self.ledger.receipted(person, &statement);
        Ok(())
    }

    /// I-9: what is announced and not stored is named, and nothing else.
    async fn check_gaps(&self, announce: &Announce, answer: &AnnounceAnswer) -> Holds {
        for head in &announce.heads {
            let held = Held::places(self.server.folder(), head.log_id).await?;
            let gaps = answer.gaps.iter().filter(|g| g.log_id == head.log_id);
            let gaps: BTreeSet<u64> = gaps.flat_map(|g| g.from..=g.to).collect();
            let missing: BTreeSet<u64> = (1..=head.seq).filter(|seq| !held.contains(seq)).collect();
            if gaps != missing {
                return Err(format!("{missing:?} are missing, {gaps:?} are said to be"));
            }
        }
        Ok(())
    }

    /// The way is free, the server runs, everybody comes and signs in, today and tomorrow, when
    /// views are compared: then all is where it belongs.
    pub(super) async fn calm_down(&mut self) -> Holds {
        self.calm = true;
        self.tale.tell(self.now, "calm");
        self.server.begin().await;
        for device in &mut self.devices {
            device.net = Net::Good;
        }
        for _ in 0..2 {
            self.now += A_DAY;
            for seat in 0..self.seats.len() {
                self.sign_in(seat).await?;
                self.wake(seat, Cause::Visible).await?;
                self.settle(seat).await?;
            }
        }
        Ok(())
    }

    /// I-12: nobody has to wait for somebody else, and not for ever.
    async fn settle(&mut self, seat: usize) -> Holds {
        let (until, mut woken) = (self.now + 6 * 3_600_000, 0);
        while !self.is_settled(seat) {
            match self.queue.next_until(until) {
                Some((at, event)) => self.happen(at, event).await?,
                None if woken < 3 => {
                    woken += 1;
                    self.wake(seat, Cause::Asked).await?;
                }
                None => {
                    let said: Vec<_> = self
                        .tabs_of(seat)
                        .iter()
                        .map(|t| self.tabs[t].engine.status())
                        .collect();
                    return Err(format!("seat {seat} does not come to rest: {said:?}"));
                }
            }
        }
        Ok(())
    }

    fn is_settled(&self, seat: usize) -> bool {
        self.tabs_of(seat).iter().all(|id| {
            let status = self.tabs[id].engine.status();
            !self.queue.is_busy(*id)
                && status.unsent == 0
                && status.incomplete == 0
                && status.link == LinkState::Up
                && status.session == SessionState::Good
        })
    }

    pub(super) async fn check_the_end(&mut self) -> Holds {
        let held = Held::read(self.server.folder()).await?;
        let mut expected = 0;
        for (id, written) in &self.ledger.written {
            // I-1, I-12, I-13, I-15, I-16, I-17: whatever was saved is there, byte for byte.
            if written.poison {
                if held.entries.contains_key(id) {
                    return Err("the server took an entry of nobody".into());
                }
                continue;
            }
            expected += 1;
            match held.entries.get(id) {
                Some(entry) if *entry == written.entry => {}
                Some(_) => return Err(format!("{id} is stored with other bytes")),
                None => return Err(format!("no {} of a log is lost", written.place.1)),
            }
            // I-4, I-5.
            for blob in &written.blobs {
                if !held.blobs.contains(&(written.author.clone(), *blob)) {
                    return Err(format!("a blob of no {} is lost", written.place.1));
                }
            }
        }
        // I-3.
        if held.entries.len() != expected {
            return Err(format!("{} entries, {expected} saved", held.entries.len()));
        }
        for seat in 0..self.seats.len() {
            self.check_seat(seat).await?;
        }
        Ok(())
    }

    /// I-6, I-7: a phone that lived through it all shows what a new one is sent.
    async fn check_seat(&mut self, seat: usize) -> Holds {
        let device = self.seats[seat].device;
        self.sign_in(seat).await?;
        let Some((_, cookie)) = self.devices[device].session.clone() else {
            return Err("no session".into());
        };
        let own = &self.seats[seat].own;
        let store = self.seats[seat].phone.open().await;
        let queue = store.queue().await.map_err(|e| e.to_string())?;
        let parked = queue.entries.iter().filter(|e| e.parked.is_some());
        let poisoned = own
            .iter()
            .filter(|id| self.ledger.written[id].poison)
            .count();
        if parked.count() != poisoned || queue.entries.len() != poisoned {
            return Err(format!("seat {seat}: the tray holds {:?}", queue.entries));
        }
        if queue.received as usize != own.len() - poisoned || !queue.blobs.is_empty() {
            return Err(format!("seat {seat}: not everything is called received"));
        }
        let take = async |ask: Ask| {
            self.server
                .take(&ask.header("cookie", cookie.clone()))
                .await
        };
        let fresh = view::sent(store.person(), &take).await?;
        let same = view::compare(&store, &fresh).await;
        let same = match same {
            Ok(()) => view::digests(&store, &take).await,
            differs => differs,
        };
        same.map_err(|why| format!("seat {seat}: {why}"))
    }
}
