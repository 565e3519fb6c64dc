//! A disk in memory: for tests of everything above it, without a browser's whims.

use super::StoreError;
use super::disk::{Disk, Durability, Plan, Read, Row, Rows, Write};
use super::schema::{Mark, Table};
use async_trait::async_trait;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::task::Poll;

type Tables = BTreeMap<Table, BTreeMap<String, Row>>;

/// Keeps rows until it is dropped. Shared by several stores, it stands for several tabs; a copy
/// is what a backup of the phone brings back.
#[derive(Debug, Clone, Default)]
pub struct MemoryDisk {
    tables: RefCell<Tables>,
}

impl MemoryDisk {
    /// Tells every row by the names that IndexedDB has for it: object store, key, value, and the
    /// properties that its indexes read. So a store that was filled here can be put into a browser.
    pub fn each_row(&self, mut tell: impl FnMut(&str, &str, &[u8], &[(&str, &str)])) {
        for (table, rows) in &*self.tables.borrow() {
            for row in rows.values() {
                let marks = row
                    .marks
                    .iter()
                    .map(|(mark, text)| (mark.name(), text.as_str()));
                let marks: Vec<_> = marks.collect();
                tell(table.name(), &row.key, &row.value, &marks);
            }
        }
    }
}

/// Lets others run first, as a real disk would: so that two writers do meet.
async fn turn() {
    let mut yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn mark_of(row: &Row, by: Option<Mark>) -> Option<&str> {
    match by {
        None => Some(&row.key),
        Some(mark) => row
            .marks
            .iter()
            .find(|(m, _)| *m == mark)
            .map(|(_, text)| text.as_str()),
    }
}

fn read(tables: &Tables, read: &Read) -> Rows {
    let mut found: Vec<(&str, &Row)> = tables
        .get(&read.table)
        .into_iter()
        .flat_map(BTreeMap::values)
        .filter_map(|row| Some((mark_of(row, read.by)?, row)))
        .filter(|(mark, _)| {
            *mark >= read.from.as_str() && read.to.as_deref().is_none_or(|to| *mark < to)
        })
        .collect();
    found.sort_by_key(|(mark, row)| (*mark, row.key.as_str()));
    let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
    if read.count_only {
        return Rows {
            rows: Vec::new(),
            count,
        };
    }
    if read.newest_first {
        found.reverse();
    }
    let limit = usize::try_from(read.limit).unwrap_or(usize::MAX);
    Rows {
        rows: found
            .into_iter()
            .take(limit)
            .map(|(_, row)| row.clone())
            .collect(),
        count,
    }
}

fn write(tables: &mut Tables, write: Write) {
    let table = tables.entry(write.table()).or_default();
    match write {
        Write::Put(_, row) => {
            table.insert(row.key.clone(), row);
        }
        Write::Delete(_, key) => {
            table.remove(&key);
        }
        Write::DeleteStarting(_, prefix) => table.retain(|key, _| !key.starts_with(&prefix)),
    }
}

#[async_trait(?Send)]
impl Disk for MemoryDisk {
    async fn look(&self, reads: &[Read]) -> Result<Vec<Rows>, StoreError> {
        turn().await;
        let tables = self.tables.borrow();
        Ok(reads.iter().map(|r| read(&tables, r)).collect())
    }

    async fn change(
        &self,
        _: Durability,
        scope: &[Table],
        reads: &[Read],
        plan: Plan<'_>,
    ) -> Result<(), StoreError> {
        turn().await;
        let mut tables = self.tables.borrow_mut();
        let writes = plan(reads.iter().map(|r| read(&tables, r)).collect())?;
        debug_assert!(
            reads.iter().all(|r| scope.contains(&r.table))
                && writes.iter().all(|w| scope.contains(&w.table())),
            "a table outside the transaction was touched"
        );
        for one in writes {
            write(&mut tables, one);
        }
        Ok(())
    }

    fn close(&self) {}
}
