use domain::ids::{EntryId, RecordId};
use domain::register::{DivisionId, OutfallId, PersonId, ReachId};
use domain::time::WallMs;

/// What a purge is to erase.
///
/// Steps of a case are acts of an office: the state of the case rests on them, and they are
/// erased only if asked for by name (`steps`). A purge itself is never erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Everything in one record.
    Record {
        /// Which.
        record: RecordId,
        /// The steps of its case, too.
        steps: bool,
    },
    /// Everything that one person made or that was made for them.
    Person {
        /// Who.
        person: PersonId,
        /// Their steps of cases, too.
        steps: bool,
    },
    /// Parts of tracks received before.
    Tracks {
        /// By the server's clock.
        before: WallMs,
    },
}

/// What of one record is to be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purgeable {
    /// The record.
    pub record: RecordId,
    /// Where it belongs: said again by the purge, because what said it may be erased.
    pub division: Option<DivisionId>,
    /// Where it belongs.
    pub reach: Option<ReachId>,
    /// The outfall that it names.
    pub outfall: Option<OutfallId>,
    /// Its entries.
    pub entries: Vec<EntryId>,
}
