use super::sqlite::by_hand;
use crate::support::Pen;
use crate::support::pen::now;
use domain::entry::Entry;
use domain::ids::DeviceId;
use domain::register::{DivisionId, Registers};
use domain::time::WallMs;
use std::sync::Arc;
use xunhe_server::demo;
use xunhe_server::judge::Rules;
use xunhe_server::store::{Arrival, Batch, Held, PhoneScope, Store};

/// A fresh store with the demonstration's registers.
pub(super) struct Kit {
    pub(super) store: Arc<dyn Store>,
    pub(super) rules: Rules,
    engine: String,
}

pub(super) const DEVICE: DeviceId = DeviceId::new([7; 16]);

impl Kit {
    pub(super) async fn new(store: impl Store, engine: String) -> Self {
        let set = demo::load().unwrap().registers;
        let registers = Registers::build(set.clone()).unwrap();
        store.put_registers(&set, registers.tree()).await.unwrap();
        Self {
            store: Arc::new(store),
            rules: Rules(Arc::new(registers)),
            engine,
        }
    }

    /// Takes entries in one batch.
    pub(super) async fn take(&self, entries: &[&Entry]) -> Vec<Held> {
        self.take_at(entries, now()).await
    }

    pub(super) async fn take_at(&self, entries: &[&Entry], now: WallMs) -> Vec<Held> {
        let arrivals = entries.iter().map(|e| arrival(e)).collect();
        let batch = Batch {
            arrivals,
            now,
            ..Batch::default()
        };
        self.store
            .ingest(&batch, &self.rules)
            .await
            .unwrap()
            .entries
    }

    /// Runs a statement beside the store, as a hand at the console would.
    pub(super) async fn by_hand(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        by_hand(&self.engine, sql).await
    }

    /// A reach that touches divisions of two shards, and these.
    pub(super) fn boundary(&self) -> (String, Vec<DivisionId>) {
        let reaches = self.rules.0.reaches();
        let mut found = reaches.map(|r| {
            let shards = self.rules.0.belonging(None, Some(&r.id)).shards;
            (r.id.to_string(), shards.into_iter().collect::<Vec<_>>())
        });
        found
            .find(|(_, shards)| shards.len() == 2)
            .expect("the demonstration has a boundary reach")
    }

    /// Two reaches of different single shards, and these.
    pub(super) fn two_places(&self) -> [(String, DivisionId); 2] {
        let mut found: Vec<(String, DivisionId)> = Vec::new();
        for reach in self.rules.0.reaches() {
            let shards = self.rules.0.belonging(None, Some(&reach.id)).shards;
            let Some(shard) = shards.first().filter(|_| shards.len() == 1) else {
                continue;
            };
            if found.iter().all(|(_, other)| other != shard) {
                found.push((reach.id.to_string(), shard.clone()));
            }
        }
        let mut found = found.into_iter();
        [found.next().unwrap(), found.next().unwrap()]
    }
}

pub(super) fn arrival(entry: &Entry) -> Arrival {
    Arrival {
        entry: entry.clone().check().unwrap(),
        device: DEVICE,
    }
}

pub(super) fn phone(pen: &Pen) -> PhoneScope {
    PhoneScope {
        person: pen.person.clone(),
        reaches: Vec::new(),
        since_ms: WallMs(0),
        units: Vec::new(),
        watched: Vec::new(),
    }
}
