//! What object stores there are. Every version is a module that is never edited once released;
//! a later one only adds.

pub(super) mod v1;

pub(super) use v1 as current;

/// An object store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Single facts by name.
    Meta,
    /// Persons who used this phone.
    Person,
    /// Records being written.
    Draft,
    /// Photos, complete or being taken in.
    Photo,
    /// Their bytes.
    Chunk,
    /// Entries: own and received ones.
    Entry,
    /// What became of own entries.
    Outbox,
    /// Receipts.
    Receipt,
    /// The installation's key pair.
    Key,
}

impl Table {
    /// The name of the object store.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Person => "person",
            Self::Draft => "draft",
            Self::Photo => "photo",
            Self::Chunk => "chunk",
            Self::Entry => "entry",
            Self::Outbox => "outbox",
            Self::Receipt => "receipt",
            Self::Key => "key",
        }
    }
}

/// An index: the rows that carry the mark, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::store) enum Mark {
    /// Entries that begin a record, by arrival in this store.
    Newest,
    /// Entries of one record: record id, then arrival.
    Record,
    /// Entries received from the server and not made here.
    Foreign,
    /// Own entries that are not wholly received, by arrival.
    Open,
    /// Complete photos by the hash of their bytes.
    Hash,
}

impl Mark {
    /// The name of the index and of the property that it reads.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Record => "record",
            Self::Foreign => "foreign",
            Self::Open => "open",
            Self::Hash => "hash",
        }
    }
}

/// One object store as it is created.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct TableDef {
    pub(super) table: Table,
    pub(super) marks: &'static [Mark],
}

/// One database as it is created.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Schema {
    pub(super) version: u32,
    pub(super) tables: &'static [TableDef],
}
