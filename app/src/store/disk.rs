//! Rows and transactions, without a word about what the rows mean.

use super::StoreError;
use super::schema::{Mark, Table};
use async_trait::async_trait;

/// One row: a text key, a value, and the marks by which indexes find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// ASCII, so that every engine sorts alike.
    pub(super) key: String,
    /// JSON, or photo bytes.
    pub(super) value: Vec<u8>,
    /// An index without a mark does not show the row.
    pub(super) marks: Vec<(Mark, String)>,
}

/// Which rows are wanted, and in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub(super) table: Table,
    /// By this index; by key if absent.
    pub(super) by: Option<Mark>,
    /// First key, included.
    pub(super) from: String,
    /// Last key, excluded; open if absent.
    pub(super) to: Option<String>,
    pub(super) newest_first: bool,
    pub(super) limit: u32,
    /// Keys only: values stay empty.
    pub(super) count_only: bool,
}

impl Read {
    const ALL: u32 = u32::MAX;

    /// The row with this key.
    pub(super) fn one(table: Table, key: impl Into<String>) -> Self {
        let key = key.into();
        // No key holds a NUL, so nothing lies between a key and the key followed by one.
        let to = format!("{key}\0");
        Self::all(table).between(key, to)
    }

    /// Every row.
    pub(super) const fn all(table: Table) -> Self {
        Self {
            table,
            by: None,
            from: String::new(),
            to: None,
            newest_first: false,
            limit: Self::ALL,
            count_only: false,
        }
    }

    /// Every row with this mark, in the order of the marks.
    pub(super) fn marked(table: Table, by: Mark) -> Self {
        Self {
            by: Some(by),
            ..Self::all(table)
        }
    }

    pub(super) fn between(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.from = from.into();
        self.to = Some(to.into());
        self
    }

    /// Keys (or marks) that begin with `prefix`.
    pub(super) fn starting(self, prefix: &str) -> Self {
        self.between(prefix, format!("{prefix}\u{7f}"))
    }

    /// How many there are: one empty row each would be heavy, so the answer is a number.
    pub(super) fn counted(mut self) -> Self {
        self.count_only = true;
        self
    }

    pub(super) fn newest_first(mut self, limit: u32) -> Self {
        self.newest_first = true;
        self.limit = limit;
        self
    }
}

/// What a [`Read`] found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows {
    pub(super) rows: Vec<Row>,
    /// As many as there are, for [`Read::counted`].
    pub(super) count: u32,
}

/// One write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Adds the row or replaces it.
    Put(Table, Row),
    /// Removes a row; it may be absent.
    Delete(Table, String),
    /// Removes all rows whose key begins so.
    DeleteStarting(Table, String),
}

impl Write {
    pub(super) const fn table(&self) -> Table {
        match self {
            Self::Put(table, _) | Self::Delete(table, _) | Self::DeleteStarting(table, _) => *table,
        }
    }
}

/// When a change counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// When it was flushed to the medium: entries, photos, receipts.
    Strict,
    /// When the system has it: texts of drafts only.
    Relaxed,
}

/// Turns what was found into what is written; an error writes nothing.
pub(super) type Plan<'a> = &'a dyn Fn(Vec<Rows>) -> Result<Vec<Write>, StoreError>;

/// Where rows are kept. Every call is one transaction.
#[async_trait(?Send)]
pub trait Disk {
    /// Reads; the answers are in the order of the questions.
    async fn look(&self, reads: &[Read]) -> Result<Vec<Rows>, StoreError>;

    /// Reads, plans and writes, all or nothing. The plan may be called again after the
    /// connection was lost, when nobody knows whether the first attempt was committed; so it
    /// must read what tells it that its work is already done.
    async fn change(
        &self,
        durability: Durability,
        tables: &[Table],
        reads: &[Read],
        plan: Plan<'_>,
    ) -> Result<(), StoreError>;

    /// Lets go of the store, so that another tab may upgrade it.
    fn close(&self);
}
