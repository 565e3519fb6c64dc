//! Two servers over one database, each with several writers, at once: what one alone could never
//! get wrong.

use super::kit::{arrival, own_log, phone};
use crate::support::Pen;
use crate::support::pen::{id_of, jpeg, now, photo, record_of};
use crate::support::postgres::Database;
use domain::entry::Entry;
use domain::hash::Sha256;
use domain::record::{Fields, Purge, PurgeGround};
use domain::register::Registers;
use std::collections::BTreeSet;
use std::sync::Arc;
use xunhe_server::demo;
use xunhe_server::judge::Rules;
use xunhe_server::own_log::Note;
use xunhe_server::store::postgres::{Limits, PgStore};
use xunhe_server::store::{Batch, HeldBlobRow, Store};

/// Two servers and what they judge by.
struct Pair {
    servers: [PgStore; 2],
    rules: Rules,
    /// A reach of a single shard.
    reach: String,
}

impl Pair {
    async fn start() -> Arc<Self> {
        let database = Database::fresh().await;
        let limits = Limits {
            connections: 8,
            ..Limits::default()
        };
        // Both bring the tables to this version at the same time.
        let open = || PgStore::open(database.url(), limits);
        let (one, other) = tokio::join!(open(), open());
        let servers = [one.unwrap(), other.unwrap()];
        let set = demo::load().unwrap().registers;
        let registers = Registers::build(set.clone()).unwrap();
        servers[0]
            .put_registers(&set, registers.tree())
            .await
            .unwrap();
        let single = |id| registers.belonging(None, Some(id)).shards.len() == 1;
        let reach = registers.reaches().find(|r| single(&r.id));
        let reach = reach.unwrap().id.to_string();
        let rules = Rules(Arc::new(registers));
        Arc::new(Self {
            servers,
            rules,
            reach,
        })
    }

    fn pen(&self) -> Pen {
        Pen::new("wgy-yongji").on(&self.reach)
    }

    async fn take(&self, server: usize, entries: &[&Entry]) {
        let batch = Batch {
            arrivals: entries.iter().map(|e| arrival(e)).collect(),
            now: now(),
            ..Batch::default()
        };
        let taken = self.servers[server % 2].ingest(&batch, &self.rules).await;
        for held in taken.unwrap().entries {
            assert!(held.held.is_some(), "{held:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn remarks_that_come_in_at_both_are_all_counted_and_all_told() {
    const EACH: usize = 6;
    let pair = Pair::start().await;
    let mut pen = pair.pen();
    let report = pen.cleanup(vec![]);
    // The record and what is said of it come at the same time, some of it before.
    let mut writers = Vec::new();
    for server in 0..6 {
        let (pair, mut pen, report) = (Arc::clone(&pair), pair.pen(), report.clone());
        writers.push(tokio::spawn(async move {
            for n in 0..EACH {
                if (server, n) == (0, 2) {
                    pair.take(server, &[&report]).await;
                }
                let remark = pen.comment(record_of(&report), &format!("{server} {n}"));
                pair.take(server, &[&remark]).await;
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let stored = pair.servers[1].record(record_of(&report)).await.unwrap();
    let stored = stored.unwrap();
    assert_eq!((stored.row.comments, stored.entries.len()), (36, 37));
    let shard = stored.entries[0].feed[0].0.clone();
    let (rows, through) = pair.servers[0]
        .since(&phone(&pen), &shard, 0, 1_000)
        .await
        .unwrap();
    let told: BTreeSet<_> = rows.iter().map(|r| r.entry_hash).collect();
    assert_eq!((told.len(), through), (37, rows.last().unwrap().seq));
    let chain = pair.servers[0].chain(&shard, 0, 1_000).await.unwrap();
    let seqs: Vec<_> = chain.iter().map(|(seq, ..)| *seq).collect();
    assert_eq!(seqs, (1..=through).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_entry_offered_to_both_is_kept_once() {
    let pair = Pair::start().await;
    let mut pen = pair.pen();
    for _ in 0..10 {
        let report = pen.cleanup(vec![]);
        let offered = [&report];
        tokio::join!(pair.take(0, &offered), pair.take(1, &offered));
        let stored = pair.servers[0].record(record_of(&report)).await.unwrap();
        assert_eq!(stored.unwrap().entries.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn photos_that_arrive_at_both_are_all_counted() {
    let pair = Pair::start().await;
    let mut pen = pair.pen();
    for round in 0..5_u8 {
        let bytes = [1, 2].map(|n| jpeg(round * 2 + n, 400));
        let report = pen.cleanup(bytes.iter().map(|b| photo(b)).collect());
        pair.take(0, &[&report]).await;
        let arrives = async |server: usize| {
            let blob = HeldBlobRow {
                sha256: Sha256::of(&bytes[server]),
                person: pen.person.clone(),
                size: bytes[server].len() as u64,
                media_type: "image/jpeg".to_owned(),
                erasures: 0,
                upload: None,
            };
            let batch = Batch {
                blobs: vec![blob],
                now: now(),
                ..Batch::default()
            };
            let taken = pair.servers[server].ingest(&batch, &pair.rules).await;
            taken.unwrap();
        };
        tokio::join!(arrives(0), arrives(1));
        let stored = pair.servers[0].record(record_of(&report)).await.unwrap();
        assert_eq!(stored.unwrap().row.blobs_held, 2, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_write_in_the_servers_own_log_is_one_chain() {
    let pair = Pair::start().await;
    let mut pen = pair.pen();
    let reports: Vec<_> = (0..12).map(|_| pen.cleanup(vec![])).collect();
    pair.take(0, &reports.iter().collect::<Vec<_>>()).await;
    let mut writers = Vec::new();
    for (server, report) in reports.iter().enumerate() {
        let note = own_log().write(Note {
            record: record_of(report),
            division: None,
            reach: None,
            fields: Fields::Purge(Purge {
                entries: vec![id_of(report)],
                ground: PurgeGround::Mistake,
                reason: None,
                outfall: None,
            }),
        });
        let pair = Arc::clone(&pair);
        writers.push(tokio::spawn(async move {
            let batch = Batch {
                own: vec![note.unwrap()],
                now: now(),
                ..Batch::default()
            };
            let server = &pair.servers[server % 2];
            server.ingest(&batch, &pair.rules).await.unwrap();
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let mut places = BTreeSet::new();
    for report in &reports {
        let stored = pair.servers[0].record(record_of(report)).await.unwrap();
        let purge = stored.unwrap().entries[1].clone();
        assert!(!purge.forked && !purge.waiting, "{purge:?}");
        places.insert(purge.entry.check().unwrap().header().seq);
    }
    assert_eq!(places, (1..=12).collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn registers_that_both_put_are_two_versions() {
    let pair = Pair::start().await;
    let set = demo::load().unwrap().registers;
    let tree = pair.rules.0.tree();
    let before = pair.servers[0].registers_version().await.unwrap();
    for _ in 0..5 {
        let put = |n: usize| pair.servers[n].put_registers(&set, tree);
        let (one, other) = tokio::join!(put(0), put(1));
        assert_ne!(one.unwrap(), other.unwrap());
    }
    let after = pair.servers[1].registers_version().await.unwrap();
    assert_eq!(after, before + 10);
}
