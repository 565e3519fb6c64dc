use crate::support::Pen;
use crate::support::pen::{id_of, now, record_of};
use domain::entry::Entry;
use domain::hash::Sha256;
use domain::ids::{DeviceId, EntryId, RecordId, ServerId};
use domain::record::{Fields, Purge, PurgeGround, Vetting, VettingRuling};
use domain::register::{DivisionId, Registers};
use domain::time::WallMs;
use futures_util::future::BoxFuture;
use std::sync::{Arc, OnceLock};
use xunhe_server::demo;
use xunhe_server::judge::Rules;
use xunhe_server::own_log::{Note, OwnLog};
use xunhe_server::receipts::Receipts;
use xunhe_server::store::{Arrival, Batch, Held, HeldBlobRow, PhoneScope, Store};

/// A fresh store with the demonstration's registers.
pub(super) struct Kit {
    pub(super) store: Arc<dyn Store>,
    pub(super) rules: Rules,
    hand: Hand,
}

/// Runs a statement beside the store, on a connection of its own.
pub(super) type Hand =
    Box<dyn Fn(Said) -> BoxFuture<'static, Result<(), sqlx::Error>> + Sync + Send>;

/// A statement, in the words of each engine where they differ.
#[derive(Clone, Copy)]
pub(super) struct Said {
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

impl From<&'static str> for Said {
    fn from(both: &'static str) -> Self {
        Self {
            sqlite: both,
            postgres: both,
        }
    }
}

pub(super) const DEVICE: DeviceId = DeviceId::new([7; 16]);

impl Kit {
    pub(super) async fn new(store: impl Store, hand: Hand) -> Self {
        let set = demo::load().unwrap().registers;
        let registers = Registers::build(set.clone()).unwrap();
        store.put_registers(&set, registers.tree()).await.unwrap();
        Self {
            store: Arc::new(store),
            rules: Rules(Arc::new(registers)),
            hand,
        }
    }

    /// The server erases these entries of a record.
    pub(super) async fn purge(&self, record: RecordId, entries: &[EntryId]) -> Held {
        let row = self.store.record(record).await.unwrap();
        let order = Purge {
            entries: entries.to_vec(),
            ground: PurgeGround::Request,
            reason: None,
            outfall: row.as_ref().and_then(|r| r.outfall.clone()),
        };
        let entry = own_log().write(Note {
            record,
            division: row.as_ref().and_then(|r| r.row.division.clone()),
            reach: row.and_then(|r| r.row.reach),
            fields: Fields::Purge(order),
        });
        let batch = Batch {
            own: vec![entry.unwrap()],
            now: now(),
            ..Batch::default()
        };
        let taken = self.store.ingest(&batch, &self.rules).await.unwrap();
        taken.own.into_iter().next().unwrap()
    }

    /// A supervisor rules about an entry of a record.
    pub(super) async fn vet(&self, about: &Entry, ruling: VettingRuling) -> Held {
        let row = self.store.record(record_of(about)).await.unwrap();
        let entry = own_log().write(Note {
            record: record_of(about),
            division: row.as_ref().and_then(|r| r.row.division.clone()),
            reach: row.and_then(|r| r.row.reach),
            fields: Fields::Vetting(Vetting {
                entry: id_of(about),
                ruling,
                reason: "交接期间所记，属实".to_owned(),
                by: "hzb-yongji".parse().unwrap(),
            }),
        });
        let batch = Batch {
            own: vec![entry.unwrap()],
            now: now(),
            ..Batch::default()
        };
        let taken = self.store.ingest(&batch, &self.rules).await.unwrap();
        taken.own.into_iter().next().unwrap()
    }

    /// These bytes arrived for `pen`, after so many erasures.
    pub(super) async fn deliver(&self, pen: &Pen, bytes: &[u8], erasures: u64) {
        let blob = HeldBlobRow {
            sha256: Sha256::of(bytes),
            person: pen.person.clone(),
            size: bytes.len() as u64,
            media_type: "image/jpeg".to_owned(),
            erasures,
            upload: None,
        };
        let batch = Batch {
            blobs: vec![blob],
            now: now(),
            ..Batch::default()
        };
        self.store.ingest(&batch, &self.rules).await.unwrap();
    }

    /// Whether these bytes count as delivered by `pen`.
    pub(super) async fn holds(&self, pen: &Pen, bytes: &[u8]) -> bool {
        let blobs = [Sha256::of(bytes)];
        let held = self.store.held_blobs(&pen.person, &blobs).await.unwrap();
        !held.is_empty()
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
    pub(super) async fn by_hand(&self, said: impl Into<Said>) -> Result<(), sqlx::Error> {
        (self.hand)(said.into()).await
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

/// The server's pen.
pub(super) fn own_log() -> OwnLog {
    static KEY: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = KEY.get_or_init(|| tempfile::tempdir().unwrap());
    let server = ServerId::new([3; 16]);
    OwnLog::of(&Receipts::open(folder.path(), server).unwrap(), server, 1)
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
