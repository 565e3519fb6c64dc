//! What the server tells: rows of its feeds, from a pull or from one block that differed.

use super::super::StoreError;
use super::super::disk::{Read, Rows, Write};
use super::super::schema::{Mark, Table};
use super::erase::Order;
use super::rows::{EntryRow, FeedRow, InFeed, entry_row};
use super::view::{Place, ask_block, vacate, whereabouts};
use super::{facts, rows, view};
use domain::entry::CheckedEntry;
use domain::feed::{Block, FeedOp};
use domain::ids::{EntryId, RecordId};
use domain::record::Purge;
use domain::sync::Change;
use domain::time::WallMs;
use domain::wire::PulledRow;
use litemap::LiteMap;

/// What came, checked before the transaction opens.
#[derive(Default)]
pub(super) struct News<'a> {
    reset: bool,
    pull: Option<(Option<&'a str>, &'a str)>,
    block: Option<(&'a Block, u64)>,
    rows: Vec<(&'a PulledRow, Option<CheckedEntry>)>,
}

impl<'a> News<'a> {
    pub(super) fn of(changes: &'a [Change]) -> Self {
        let mut news = Self::default();
        for change in changes {
            match change {
                Change::Pulled {
                    after,
                    rows,
                    cursor,
                    reset,
                } => {
                    news.reset |= reset;
                    news.pull = Some((after.as_deref(), cursor));
                    news.check(rows);
                }
                Change::Repaired {
                    block,
                    through,
                    rows,
                } => {
                    news.block = Some((block, *through));
                    news.check(rows);
                }
                _ => {}
            }
        }
        news
    }

    /// What does not check is not an entry; showing it would be believing it.
    fn check(&mut self, rows: &'a [PulledRow]) {
        for row in rows {
            match (&row.op, &row.entry) {
                (FeedOp::Put, Some(entry)) => {
                    // A row that names another record than its entry was changed on the way: the
                    // entry would not be looked for where it lies.
                    let checked = entry.clone().check_kept().ok();
                    let checked = checked.filter(|e| e.header().record_id == row.record_id);
                    self.rows.extend(checked.map(|entry| (row, Some(entry))));
                }
                (FeedOp::LeaveScope, _) => self.rows.push((row, None)),
                (FeedOp::Put | FeedOp::Other(_), _) => {}
            }
        }
    }

    /// What the server erased by law.
    pub(super) fn orders(&self) -> Vec<Order> {
        let said = self.rows.iter().filter(|(row, _)| !row.quarantined);
        said.filter_map(|(_, entry)| {
            let entry = entry.as_ref()?;
            let record = entry.header().record_id;
            Purge::of(entry).map(|purge| Order { record, purge })
        })
        .collect()
    }

    pub(super) fn reads(&self) -> Vec<Read> {
        let mut reads = vec![
            facts::ask(facts::CURSOR),
            facts::ask(facts::SNAPSHOT),
            facts::ask(facts::ARRIVALS),
        ];
        reads.extend(self.block.map(|(block, through)| ask_block(block, through)));
        reads.extend(self.rows.iter().map(|(row, entry)| match entry {
            Some(entry) => Read::one(Table::Entry, entry.header().entry_id.to_string()),
            None => {
                Read::marked(Table::Entry, Mark::Record).starting(&format!("{}/", row.record_id))
            }
        }));
        reads
    }

    /// `None` if another tab pulled meanwhile: then nothing of this may be written.
    pub(super) fn writes(
        &self,
        found: &[Rows],
        now: WallMs,
    ) -> Result<Option<Vec<Write>>, StoreError> {
        let [cursor, snapshot, arrivals, found @ ..] = found else {
            return Ok(None);
        };
        let cursor: Option<String> = facts::told(cursor)?;
        if self
            .pull
            .is_some_and(|(after, _)| after != cursor.as_deref())
        {
            return Ok(None);
        }
        let (block, found) = found.split_at(usize::from(self.block.is_some()));
        let snapshot = facts::told::<u64>(snapshot)?.unwrap_or(view::FIRST) + u64::from(self.reset);
        let before = facts::told::<u64>(arrivals)?.unwrap_or(0);
        let mut taking = Taking {
            now,
            snapshot,
            arrival: before,
            block: self.block.map(|(block, _)| block),
            known: self.known(found)?,
            writes: Vec::new(),
        };
        for row in block.iter().flat_map(|rows| &rows.rows) {
            let mut place: Place = rows::read(Table::Meta, row)?;
            place.since = 0;
            if let Some((shard, seq)) = whereabouts(row) {
                taking.writes.push(place.write(&shard, seq)?);
            }
        }
        for (row, entry) in &self.rows {
            match entry {
                Some(entry) => taking.put(row, entry)?,
                None => taking.leave(row),
            }
        }
        let arrival = taking.arrival;
        let mut writes = taking.finish()?;
        if arrival != before {
            writes.push(facts::set(facts::ARRIVALS, &arrival)?);
        }
        if let Some((_, cursor)) = self.pull {
            writes.push(facts::set(facts::CURSOR, &cursor)?);
        }
        if self.reset {
            writes.push(facts::set(facts::SNAPSHOT, &snapshot)?);
        }
        if self.reset || self.block.is_some() {
            writes.push(facts::set(facts::SWEEP_OWED, &true)?);
        }
        Ok(Some(writes))
    }

    fn known(&self, found: &[Rows]) -> Result<LiteMap<EntryId, Known>, StoreError> {
        let mut known = LiteMap::new();
        for ((pulled, _), rows) in self.rows.iter().zip(found) {
            for row in &rows.rows {
                let Ok(id) = row.key.parse() else { continue };
                let record = pulled.record_id;
                known.insert(id, Known::new(record, rows::read(Table::Entry, row)?));
            }
        }
        Ok(known)
    }
}

/// An entry of this store while rows about it are taken in.
struct Known {
    record: RecordId,
    row: EntryRow,
    /// What the feed said of it came with these news.
    told: bool,
    changed: bool,
    gone: bool,
}

impl Known {
    const fn new(record: RecordId, row: EntryRow) -> Self {
        Self {
            record,
            row,
            told: false,
            changed: false,
            gone: false,
        }
    }
}

struct Taking<'a> {
    now: WallMs,
    snapshot: u64,
    arrival: u64,
    block: Option<&'a Block>,
    known: LiteMap<EntryId, Known>,
    writes: Vec<Write>,
}

impl Taking<'_> {
    fn put(&mut self, pulled: &PulledRow, entry: &CheckedEntry) -> Result<(), StoreError> {
        let header = entry.header();
        let known = self.known.entry(header.entry_id).or_insert_with(|| {
            self.arrival += 1;
            let row = EntryRow {
                entry: entry.raw().clone(),
                arrival: self.arrival,
                own: false,
                saved_ms: self.now,
                feed: None,
                places: LiteMap::new(),
            };
            Known::new(header.record_id, row)
        });
        let shard = &pulled.shard;
        let before = known.row.places.get(shard).copied();
        // Of an entry the last row in a shard counts; a place that the snapshot or the block in
        // hand does not confirm says nothing.
        let confirmed = |place: &InFeed| {
            let compared = self
                .block
                .is_some_and(|b| b.shard == *shard && b.no == Block::number_of(place.seq));
            place.since == self.snapshot && !compared
        };
        if before.is_some_and(|place| place.seq > pulled.seq && confirmed(&place)) {
            return Ok(());
        }
        if let Some(place) = before.filter(|place| place.seq != pulled.seq) {
            self.writes.push(vacate(shard, place.seq));
        }
        let place = Place {
            entry: header.entry_id,
            hash: entry.raw().hash(),
            since: self.snapshot,
        };
        self.writes.push(place.write(shard, pulled.seq)?);
        let (seq, since) = (pulled.seq, self.snapshot);
        known
            .row
            .places
            .insert(shard.clone(), InFeed { seq, since });
        // A header that was damaged on the way, and still read, is put right by its next telling.
        if !known.row.own && known.row.entry.hash() != place.hash {
            known.row.entry = entry.raw().clone();
        }
        // A record in several shards comes once for each; the first of them counts.
        let same = known.row.feed.as_ref().is_some_and(|f| f.shard == *shard);
        if !known.told || same {
            known.row.feed = Some(FeedRow::of(pulled));
        }
        (known.told, known.changed, known.gone) = (true, true, false);
        Ok(())
    }

    /// The record moved away: what others wrote in it goes unless another feed names it or it is
    /// one's own record.
    fn leave(&mut self, pulled: &PulledRow) {
        let of_record = |k: &Known| k.record == pulled.record_id;
        let own = self.known.values().any(|k| of_record(k) && k.row.own);
        for (_, known) in self.known.iter_mut().filter(|(_, k)| of_record(k)) {
            let places = &mut known.row.places;
            if let Some(place) = places.get(&pulled.shard).copied()
                && place.seq < pulled.seq
            {
                places.remove(&pulled.shard);
                self.writes.push(vacate(&pulled.shard, place.seq));
                known.changed = true;
            }
            known.gone |= !own && known.row.places.is_empty();
        }
    }

    fn finish(self) -> Result<Vec<Write>, StoreError> {
        let mut writes = self.writes;
        for (id, known) in self.known {
            if known.gone {
                writes.push(Write::Delete(Table::Entry, id.to_string()));
            } else if known.changed {
                writes.push(Write::Put(
                    Table::Entry,
                    entry_row(id, known.record, &known.row)?,
                ));
            }
        }
        Ok(writes)
    }
}
