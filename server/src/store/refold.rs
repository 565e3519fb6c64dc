//! What lists and filters read, made anew from the entries alone: for checking the tables and
//! for rebuilding them. Uses the very code that keeps them up to date.

use super::audit::{Dossier, FeedOf, KeptRow};
use super::plan::{KeptEntry, KnownRecord, moves};
use super::summary::Summary;
use super::{Judge, RecordPlace, docket};
use domain::case::Verdict;
use domain::entry::{CheckedEntry, Entry};
use domain::ids::{EntryId, RecordId};
use domain::record::Purge;
use domain::register::{DivisionId, ReachId, UnitId};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Where a record belongs was decided by the registers of that day. The rules over every version
/// of them, the newest first.
pub type Judges<'a> = &'a [&'a dyn Judge];

/// A record as its entries and its feed rows make it.
#[derive(Debug)]
pub struct Refolded {
    pub(crate) record: KnownRecord,
    /// Its line in lists, by column; none while the entry that begins it is missing.
    pub line: Option<BTreeMap<String, Value>>,
    /// Shard and number under which people know it; none if no feed row says one.
    pub number: Option<(DivisionId, u64)>,
    /// Steps that the rules could judge and nobody did.
    pub unjudged: Vec<EntryId>,
    /// It lies where the tables say, under one of the versions of the registers.
    pub lies_as_told: bool,
    /// Not everything can be known any more: a step was erased, so the units that had the case
    /// are not all named.
    pub units_incomplete: bool,
}

/// Makes a record anew. `entries` are those of the dossier that read, in its order.
///
/// Of the versions of the registers the first is taken under which the record lies where the
/// tables say; if there is none, the newest.
pub fn refold(
    dossier: &Dossier,
    entries: &[(&KeptRow, CheckedEntry)],
    judges: Judges<'_>,
) -> Refolded {
    let id = dossier.record_id;
    let mut record = KnownRecord {
        place: None,
        shards: shards(dossier),
        entries: in_order(entries),
    };
    let mut judged = record.entries.clone();
    // Who may do it says how a step is judged, not whether.
    let unjudged = docket::judge(id, &mut judged, &|_, _| true);
    let case = docket::fold(id, &record.entries).map(|(_, case)| case);
    let mut placed = judges.iter().filter_map(|judge| place(id, entries, *judge));
    let newest = placed.next();
    let lies = |place: &RecordPlace| lies_there(dossier, place);
    let fitting = match newest {
        Some(newest) if !lies(&newest) => placed.find(lies).or(Some(newest)),
        newest => newest,
    };
    let lies_as_told = fitting.as_ref().is_none_or(lies);
    record.place = fitting.map(|place| match &case {
        Some(case) => place.with(case),
        None => place,
    });
    let line = Summary::of(id, &record)
        .zip(record.place.as_ref())
        .map(|(summary, place)| summary.columns(place));
    Refolded {
        number: number(dossier),
        line,
        unjudged,
        lies_as_told,
        units_incomplete: entries
            .iter()
            .any(|(row, entry)| entry.is_erased() && row.verdict.is_some()),
        record,
    }
}

impl Refolded {
    /// The divisions that it touches, ascending.
    pub fn divisions(&self) -> impl Iterator<Item = &str> {
        let place = self.record.place.iter();
        place.flat_map(|p| p.divisions.iter().map(DivisionId::as_str))
    }
    /// The units that ever had it, ascending.
    pub fn units(&self) -> impl Iterator<Item = &str> {
        let place = self.record.place.iter();
        place.flat_map(|p| p.units.iter().map(UnitId::as_str))
    }
    /// The shards whose feed carries it, ascending.
    pub fn shards(&self) -> &[DivisionId] {
        &self.record.shards
    }
}

/// Reads an entry as it lies there; what it is not is said in words.
pub fn read(row: &KeptRow) -> Result<CheckedEntry, String> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|e| e.to_string());
    let entry = Entry {
        header: text(&row.header)?,
        body: text(row.body.as_deref().unwrap_or_default())?,
        sig: None,
    };
    entry.check_kept().map_err(|e| e.to_string())
}

/// In the order in which they count: judged steps last, in the order of their judging.
fn in_order(entries: &[(&KeptRow, CheckedEntry)]) -> Vec<KeptEntry> {
    let mut rows: Vec<_> = entries.iter().collect();
    rows.sort_by_key(|(row, _)| (row.verdict.as_ref().map(|(no, _)| *no), row.no));
    rows.into_iter()
        .map(|(row, entry)| KeptEntry {
            entry: entry.clone(),
            quarantined: row.quarantined,
            received_ms: row.received_ms,
            verdict: row
                .verdict
                .as_ref()
                .map(|(_, word)| Verdict::from(word.clone())),
        })
        .collect()
}

/// Where it belongs: as its first entry says, until a later version by its author says otherwise.
/// What a purge says counts where it erased what said it before.
fn place(
    id: RecordId,
    entries: &[(&KeptRow, CheckedEntry)],
    judge: &dyn Judge,
) -> Option<RecordPlace> {
    let mut record = KnownRecord::default();
    for (row, entry) in entries {
        let header = entry.header();
        let first = header.entry_id.as_record() == id;
        let purge = Purge::of(entry).filter(|_| !row.quarantined);
        let known = record.place.as_ref();
        let version = known.is_some_and(|p| header.author == p.author && header.kind == p.kind);
        if !(first || (version && !row.quarantined) || (known.is_some() && purge.is_some())) {
            continue;
        }
        let verdict = judge.judge(entry, known, row.received_ms);
        match (&mut record.place, purge) {
            (Some(place), Some(purge)) => {
                place.division = verdict.division;
                place.divisions = verdict.divisions;
                place.reach = verdict.reach;
                place.outfall = purge.outfall;
            }
            (Some(_), None) if !first && entry.is_erased() => {}
            (Some(place), None) if !first && !moves(entry, place, &verdict) => {
                record.note_outfall(entry);
            }
            _ => {
                record.settle(entry, verdict);
                record.note_outfall(entry);
            }
        }
    }
    record.place
}

fn lies_there(dossier: &Dossier, place: &RecordPlace) -> bool {
    let Some(line) = &dossier.line else {
        return true;
    };
    let says = |column: &str, id: Option<&str>| line.get(column).and_then(Value::as_str) == id;
    says("division", place.division.as_ref().map(DivisionId::as_str))
        && says("reach", place.reach.as_ref().map(ReachId::as_str))
        && dossier
            .divisions
            .iter()
            .map(String::as_str)
            .eq(place.divisions.iter().map(DivisionId::as_str))
}

/// The shards that carry it: those into which its first entry was put after it last left.
fn shards(dossier: &Dossier) -> Vec<DivisionId> {
    let mut carry = BTreeSet::new();
    for row in &dossier.feed {
        if !row.put {
            carry.remove(&row.shard);
        } else if row.entry_id.as_record() == dossier.record_id {
            carry.insert(row.shard.clone());
        }
    }
    carry.into_iter().collect()
}

/// The number it has, if a feed row that puts its first entry says so; else the one that it must
/// have been given: in the lowest of the shards into which it was put first.
fn number(dossier: &Dossier) -> Option<(DivisionId, u64)> {
    let puts_first = |row: &&FeedOf| row.put && row.entry_id.as_record() == dossier.record_id;
    let known = dossier.line.as_ref().and_then(|line| {
        let shard: DivisionId = line.get("shard")?.as_str()?.parse().ok()?;
        Some((shard, line.get("number")?.as_u64()?))
    });
    let given = |(shard, seq): &(DivisionId, u64)| {
        let mut rows = dossier.feed.iter().filter(puts_first);
        rows.any(|row| row.shard == *shard && row.seq == *seq)
    };
    known.filter(given).or_else(|| {
        let left: BTreeSet<_> = dossier
            .feed
            .iter()
            .filter(|r| !r.put)
            .map(|r| &r.shard)
            .collect();
        let mut puts: Vec<_> = dossier.feed.iter().filter(puts_first).collect();
        // A shard that it has left is one in which it was before.
        puts.sort_by_key(|r| (!left.contains(&r.shard), &r.shard, r.seq));
        puts.first().map(|r| (r.shard.clone(), r.seq))
    })
}
