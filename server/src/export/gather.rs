use super::{Ledger, Period};
use crate::store::{Search, Store, StoreError, StoredRecord};
use domain::access::Scope;
use domain::case::{self, Case, Told};
use domain::entry::CheckedEntry;
use domain::record::Record;
use domain::register::DivisionId;
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
}

/// Everything in scope that was received in the period, oldest first.
pub async fn gather(
    store: &dyn Store,
    scope: &Scope,
    ledger: Ledger,
    period: Period,
    division: Option<DivisionId>,
) -> Result<Vec<Item>, StoreError> {
    let (from, to) = period.span();
    let mut items = Vec::new();
    for kind in ledger.kinds() {
        let mut filter = RecordFilter {
            kind: Some((*kind).to_owned()),
            division: division.clone(),
            from_ms: Some(from),
            to_ms: Some(to),
            limit: Some(200),
            ..RecordFilter::default()
        };
        loop {
            let page = store.records(scope, &filter, &Search::default()).await?;
            for row in &page.rows {
                let stored = store.record(row.record_id).await?;
                items.extend(stored.and_then(item));
            }
            match page.next {
                Some(next) => filter.after = Some(next),
                None => break,
            }
        }
    }
    items.sort_by_key(|i| (i.stored.row.received_ms, i.stored.row.record_id));
    Ok(items)
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
    Some(Item {
        stored,
        record,
        case,
    })
}
