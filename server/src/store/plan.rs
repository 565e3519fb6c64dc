//! Plan, then apply: what a batch of arrivals changes, decided without a database. Engines load
//! [`Known`], ask [`Plan::make`], and write the result.

use super::docket;
use super::{Arrival, Judge, RecordPlace, Verdict, reason};
use domain::case;
use domain::entry::{CheckedEntry, Kind};
use domain::feed::FeedOp;
use domain::hash::EntryHash;
use domain::ids::{DeviceId, EntryId, LogId, RecordId};
use domain::receipt::HeldEntry;
use domain::record::Purge;
use domain::register::{DivisionId, OutfallId, PersonId, ReachId};
use domain::time::WallMs;
use std::collections::{BTreeMap, HashMap};

/// What the database knows of everything that the arrivals touch.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) entries: HashMap<EntryId, KnownEntry>,
    pub(crate) logs: HashMap<LogId, (PersonId, DeviceId)>,
    pub(crate) records: BTreeMap<RecordId, KnownRecord>,
}

/// An entry that is held already.
#[derive(Debug, Clone)]
pub(crate) struct KnownEntry {
    pub(crate) held: HeldEntry,
    pub(crate) quarantine: Option<String>,
    pub(crate) erased: bool,
}

/// A record and the entries that are held of it; without a place if its first entry is missing.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownRecord {
    pub(crate) place: Option<RecordPlace>,
    pub(crate) shards: Vec<DivisionId>,
    pub(crate) entries: Vec<KeptEntry>,
}

/// An entry of a record, in the order received.
#[derive(Debug, Clone)]
pub(crate) struct KeptEntry {
    pub(crate) entry: CheckedEntry,
    pub(crate) quarantined: bool,
    pub(crate) received_ms: WallMs,
    /// Of a step, once it could be judged.
    pub(crate) verdict: Option<case::Verdict>,
}

/// What is to be written.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// One per arrival, in order.
    pub(crate) steps: Vec<Step>,
    /// Logs used for the first time.
    pub(crate) logs: Vec<(LogId, PersonId, DeviceId)>,
    /// Feed rows in the order they are to be numbered.
    pub(crate) feed: Vec<FeedAppend>,
    /// Records as they are afterwards.
    pub(crate) records: BTreeMap<RecordId, KnownRecord>,
    /// Records whose divisions or shards are new.
    pub(crate) placed: Vec<RecordId>,
    /// Steps that were judged, in the order in which they count.
    pub(crate) verdicts: Vec<(EntryId, case::Verdict)>,
    /// Entries whose bodies are to be erased, each with the purge that says so.
    pub(crate) erased: Vec<(EntryId, EntryId)>,
}

/// What becomes of one arrival.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// A new row.
    Keep {
        /// Why somebody must look.
        quarantine: Option<String>,
    },
    /// Held already, byte for byte.
    Same(KnownEntry),
    /// Its id is held with other bytes.
    Clash,
}

/// One feed row before it is numbered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FeedAppend {
    pub(crate) shard: DivisionId,
    pub(crate) op: FeedOp,
    pub(crate) record_id: RecordId,
    pub(crate) entry_id: EntryId,
    pub(crate) entry_hash: EntryHash,
    /// Of a leaving: the reach that the record left.
    pub(crate) left_reach: Option<ReachId>,
}

impl Plan {
    /// Decides what `arrivals` change.
    pub(crate) fn make(
        arrivals: &[Arrival],
        known: Known,
        judge: &dyn Judge,
        now: WallMs,
        epoch: u64,
    ) -> Self {
        let mut plan = Self {
            records: known.records,
            ..Self::default()
        };
        let (mut entries, mut logs) = (known.entries, known.logs);
        for arrival in arrivals {
            let header = arrival.entry.header();
            if let Some(held) = entries.get(&header.entry_id) {
                let same = held.held.hash == arrival.entry.hash();
                plan.steps.push(if same {
                    Step::Same(held.clone())
                } else {
                    Step::Clash
                });
                continue;
            }
            let bound = logs.entry(header.log_id).or_insert_with(|| {
                plan.logs
                    .push((header.log_id, header.author.clone(), arrival.device));
                (header.author.clone(), arrival.device)
            });
            let foreign = bound.0 != header.author || bound.1 != arrival.device;
            let quarantine = plan.keep(&arrival.entry, foreign, judge, now);
            let held = HeldEntry {
                hash: arrival.entry.hash(),
                received_ms: now,
                epoch,
            };
            let known = KnownEntry {
                held,
                quarantine: quarantine.clone(),
                erased: false,
            };
            entries.insert(header.entry_id, known);
            plan.steps.push(Step::Keep { quarantine });
        }
        plan
    }

    fn keep(
        &mut self,
        entry: &CheckedEntry,
        foreign: bool,
        judge: &dyn Judge,
        now: WallMs,
    ) -> Option<String> {
        let header = entry.header();
        let mut record = self.records.remove(&header.record_id).unwrap_or_default();
        // What its author knew may be still to come: then it is asked later what he may do.
        let known = record.place.as_ref().filter(|_| record.has_basis_of(entry));
        let verdict = judge.judge(entry, known, now);
        let quarantine = if foreign {
            Some(reason::LOG_OF_ANOTHER.to_owned())
        } else {
            verdict.quarantine.clone()
        };
        record.entries.push(KeptEntry {
            entry: entry.clone(),
            quarantined: quarantine.is_some(),
            received_ms: now,
            verdict: None,
        });
        if quarantine.is_none() {
            self.erase(entry, &mut record);
        }
        let before = record.readers();
        let begins = header.entry_id.as_record() == header.record_id;
        if begins {
            record.settle(entry, verdict.clone());
            self.placed.push(header.record_id);
        } else if quarantine.is_none() {
            record.note_outfall(entry);
        }
        let judged = self.judge(header.record_id, &mut record, judge, now);
        let new_readers = record.has_more_than(&before);
        match &record.place {
            Some(_) if new_readers => {
                // Whoever has it from now on has not heard what went before.
                for kept in &record.entries {
                    self.put(&record.shards, &kept.entry);
                }
            }
            None => self.put(&verdict.shards, entry),
            Some(place) if quarantine.is_none() && moves(entry, place, &verdict) => {
                self.leave(&record, entry);
                record.settle(entry, verdict);
                self.placed.push(header.record_id);
                for kept in &record.entries {
                    self.put(&record.shards, &kept.entry);
                }
            }
            Some(_) => {
                self.put(&record.shards, entry);
                // What waited counts from now on.
                let waited = |k: &&KeptEntry| {
                    let id = k.entry.header().entry_id;
                    id != header.entry_id && judged.contains(&id)
                };
                for kept in record.entries.iter().filter(waited) {
                    self.put(&record.shards, &kept.entry);
                }
            }
        }
        self.records.insert(header.record_id, record);
        quarantine
    }

    /// Does what a purge says, for entries of its own record.
    fn erase(&mut self, entry: &CheckedEntry, record: &mut KnownRecord) {
        let Some(purge) = Purge::of(entry) else {
            return;
        };
        let whole = |k: &&mut KeptEntry| purge.erases(&k.entry) && !k.entry.is_erased();
        for kept in record.entries.iter_mut().filter(whole) {
            kept.entry = kept.entry.clone().erased();
            let ids = (kept.entry.header().entry_id, entry.header().entry_id);
            self.erased.push(ids);
        }
    }

    /// Judges what can be judged now, and enters what that changes.
    fn judge(
        &mut self,
        id: RecordId,
        record: &mut KnownRecord,
        judge: &dyn Judge,
        now: WallMs,
    ) -> Vec<EntryId> {
        let place = record.place.clone();
        let permits = |entry: &CheckedEntry, case: &case::Case| {
            let place = place.clone().map(|p| p.with(case));
            place.is_some_and(|p| judge.permits(entry, &p, now))
        };
        let judged = docket::judge(id, &mut record.entries, &permits);
        let verdicts = record.entries.iter().filter_map(|k| {
            let entry_id = k.entry.header().entry_id;
            let verdict = k.verdict.clone().filter(|_| judged.contains(&entry_id))?;
            Some((entry_id, verdict))
        });
        self.verdicts.extend(verdicts);
        if !judged.is_empty()
            && let Some((_, case)) = docket::fold(id, &record.entries)
        {
            record.place = record.place.take().map(|p| p.with(&case));
        }
        judged
    }

    fn put(&mut self, shards: &[DivisionId], entry: &CheckedEntry) {
        self.append(shards, &FeedOp::Put, entry, None);
    }

    fn leave(&mut self, record: &KnownRecord, entry: &CheckedEntry) {
        let left = record.place.as_ref().and_then(|p| p.reach.as_ref());
        self.append(&record.shards, &FeedOp::LeaveScope, entry, left);
    }

    fn append(
        &mut self,
        shards: &[DivisionId],
        op: &FeedOp,
        entry: &CheckedEntry,
        left: Option<&ReachId>,
    ) {
        let header = entry.header();
        self.feed.extend(shards.iter().map(|shard| FeedAppend {
            shard: shard.clone(),
            op: op.clone(),
            record_id: header.record_id,
            entry_id: header.entry_id,
            entry_hash: entry.hash(),
            left_reach: left.cloned(),
        }));
    }
}

impl KnownRecord {
    /// Whether the entry is no step whose basis is still to come.
    fn has_basis_of(&self, entry: &CheckedEntry) -> bool {
        if entry.header().kind != Kind::Step {
            return true;
        }
        let basis = entry.body().ok().and_then(|(body, _)| body.basis);
        let held = |id| self.entries.iter().any(|k| k.entry.header().entry_id == id);
        basis.is_none_or(held)
    }

    pub(crate) fn settle(&mut self, entry: &CheckedEntry, verdict: Verdict) {
        let header = entry.header();
        let (units, assignee, outfall) = self
            .place
            .take()
            .map(|p| (p.units, p.assignee, p.outfall))
            .unwrap_or_default();
        self.place = Some(RecordPlace {
            author: header.author.clone(),
            on_behalf_of: header.on_behalf_of.as_ref().map(|b| b.person.clone()),
            kind: header.kind.clone(),
            division: verdict.division,
            divisions: verdict.divisions,
            reach: verdict.reach,
            units,
            assignee,
            outfall: outfall.or_else(|| named_outfall(entry)),
        });
        self.shards = verdict.shards;
    }

    /// A version by the author may name another outfall than the one before.
    pub(crate) fn note_outfall(&mut self, entry: &CheckedEntry) {
        let header = entry.header();
        if let Some(place) = &mut self.place
            && (&header.author, &header.kind) == (&place.author, &place.kind)
        {
            place.outfall = named_outfall(entry);
        }
    }

    /// Through whom others than its author have it: units, 承办人, and once units have it the
    /// outfall's 监管责任人.
    fn readers(&self) -> Readers {
        let Some(place) = &self.place else {
            return Readers::default();
        };
        Readers {
            units: place.units.len(),
            assignee: place.assignee.clone(),
            outfall: place.outfall.clone().filter(|_| !place.units.is_empty()),
        }
    }

    /// Whether somebody reads it who did not before.
    fn has_more_than(&self, before: &Readers) -> bool {
        let now = self.readers();
        now.units > before.units
            || (now.assignee.is_some() && now.assignee != before.assignee)
            || (now.outfall.is_some() && now.outfall != before.outfall)
    }
}

/// See [`KnownRecord::readers`].
#[derive(Debug, Default)]
struct Readers {
    /// Units only ever join.
    units: usize,
    assignee: Option<PersonId>,
    outfall: Option<OutfallId>,
}

fn named_outfall(entry: &CheckedEntry) -> Option<OutfallId> {
    let (_, fields) = entry.body().ok()?;
    fields.outfall().cloned()
}

/// Whether a version by the author says that the record belongs elsewhere.
pub(crate) fn moves(entry: &CheckedEntry, place: &RecordPlace, verdict: &Verdict) -> bool {
    let header = entry.header();
    header.author == place.author
        && header.kind == place.kind
        && verdict.placed
        && (verdict.reach != place.reach
            || verdict.division != place.division
            || verdict.divisions != place.divisions)
}
