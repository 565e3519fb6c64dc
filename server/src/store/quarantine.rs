use domain::ids::{EntryId, RecordId};
use domain::register::PersonId;

/// An entry that somebody must look at before it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Its record.
    pub record_id: RecordId,
    /// Which.
    pub entry_id: EntryId,
    /// Who made it.
    pub author: PersonId,
    /// The entry that ruled about it, once one did.
    pub ruled_by: Option<EntryId>,
}

/// A page of them, the oldest first, each with its mark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doubts {
    /// Rows.
    pub rows: Vec<(u64, Doubt)>,
    /// How many there are in all.
    pub total: u64,
}
