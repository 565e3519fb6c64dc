use super::{About, Ledger, Limits, Row};
use crate::store::{Search, Store, StoreError, StoredRecord};
use domain::access::Scope;
use domain::case::{self, Case, Told};
use domain::entry::{CheckedEntry, Kind};
use domain::record::Record;
use domain::register::{DivisionId, PostId};
use domain::time::WallMs;
use domain::wire::RecordFilter;

/// A record as a ledger reads it.
#[derive(Debug)]
pub struct Item {
    /// As stored.
    pub stored: StoredRecord,
    /// As folded.
    pub record: Record,
    /// Its case.
    pub case: Case,
    /// The post under which it was begun.
    pub post: Option<PostId>,
    /// When a patrol ended, by the best clock of the device.
    pub ended: Option<WallMs>,
}

/// What became of gathering.
#[derive(Debug)]
pub enum Gathered {
    /// The rows, oldest received first.
    Rows(Vec<Row>),
    /// More than a ledger takes.
    TooMany,
}

/// The rows of everything in scope that was received in the period. Records are read page by
/// page and dropped once their row is made.
pub async fn gather(
    store: &dyn Store,
    scope: &Scope,
    ledger: Ledger,
    about: About<'_>,
    division: Option<DivisionId>,
    limits: Limits,
) -> Result<Gathered, StoreError> {
    let (from, to) = about.period.span();
    let (mut rows, mut expected) = (Vec::new(), 0);
    for (kind, stages) in ledger.sorts() {
        let mut filter = RecordFilter {
            kind: Some((*kind).to_owned()),
            stage: (*stages).to_owned(),
            division: division.clone(),
            from_ms: Some(from),
            to_ms: Some(to),
            limit: Some(200),
            ..RecordFilter::default()
        };
        loop {
            let page = store.records(scope, &filter, &Search::default()).await?;
            if filter.after.is_none() {
                expected += page.total;
            }
            if expected > limits.rows {
                return Ok(Gathered::TooMany);
            }
            for row in &page.rows {
                let item = store.record(row.record_id).await?.and_then(item);
                rows.extend(item.and_then(|item| Row::of(ledger, &item, about)));
            }
            match page.next {
                Some(next) => filter.after = Some(next),
                None => break,
            }
        }
    }
    rows.sort_by_key(|row| row.place);
    Ok(Gathered::Rows(rows))
}

/// Folds a record for a ledger; `None` while the entry that begins it is missing.
pub fn item(stored: StoredRecord) -> Option<Item> {
    let id = stored.row.record_id;
    let checked: Vec<(CheckedEntry, usize)> = (0..)
        .zip(&stored.entries)
        .filter(|(_, e)| e.quarantine.is_none() || e.entry_id.as_record() == id)
        .filter_map(|(place, e)| Some((e.entry.clone().check().ok()?, place)))
        .collect();
    let told = checked.iter().map(|(entry, place)| Told {
        entry,
        verdict: stored.entries[*place].verdict.as_ref(),
        received: Some(stored.entries[*place].received_ms),
    });
    let (record, case) = case::fold(id, told)?;
    let mut headers = checked.iter().map(|(entry, _)| entry.header());
    let begun = headers.find(|h| h.entry_id.as_record() == id);
    let ends = |e: &CheckedEntry| {
        e.header().kind == Kind::PatrolFinish && e.header().author == record.author
    };
    let end = checked.iter().find(|(entry, _)| ends(entry));
    let ended = end.and_then(|(entry, _)| Some(entry.body().ok()?.0.clock.best()));
    Some(Item {
        post: begun.and_then(|h| h.acting_post.clone()),
        ended: ended.filter(|_| record.finished.is_some()),
        stored,
        record,
        case,
    })
}
