use super::Fields;
use crate::entry::{Body, CheckedEntry, Kind};
use crate::ids::{EntryId, RecordId};
use crate::patrol::{PatrolFinish, Ruling, TrackPart};
use crate::register::PersonId;
use crate::time::WallMs;

/// A record as folded from its entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The record.
    pub record_id: RecordId,
    /// What it is.
    pub kind: Kind,
    /// Who began it.
    pub author: PersonId,
    /// Every version, oldest first; the last one counts.
    pub versions: Vec<Version>,
    /// What was said about it, in the order given.
    pub remarks: Vec<Remark>,
    /// A patrol's track, in the order given.
    pub track: Vec<TrackPart>,
    /// How a patrol ended.
    pub finished: Option<PatrolFinish>,
    /// What was ruled about a patrol, in the order given.
    pub rulings: Vec<Ruled>,
}

/// One version of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The entry.
    pub entry_id: EntryId,
    /// Common part.
    pub body: Body,
    /// Fields of the kind.
    pub fields: Fields,
}

/// One comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Remark {
    /// The entry.
    pub entry_id: EntryId,
    /// Who said it.
    pub author: PersonId,
    /// Common part.
    pub body: Body,
    /// The words.
    pub text: String,
}

/// One ruling about a patrol. Who may rule is decided where entries are received: the caller
/// leaves out what has no effect by the server's verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruled {
    /// The entry.
    pub entry_id: EntryId,
    /// Who ruled.
    pub author: PersonId,
    /// When, by the best clock of the device.
    pub at: WallMs,
    /// What.
    pub ruling: Ruling,
}

impl Record {
    /// The version that counts.
    pub fn current(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// The ruling that holds, if it says 不予计次.
    pub fn not_counted(&self) -> Option<&Ruled> {
        self.rulings.last().filter(|r| !r.ruling.counts)
    }
}

/// Folds the entries of one record, given in feed order. Entries that are not understood, of
/// another record, or versions by another person are left out: they are stored and shown as
/// quarantined elsewhere, and never change what the author recorded.
///
/// `None` if the entry that begins the record is not among them.
pub fn fold<'a>(
    record_id: RecordId,
    entries: impl IntoIterator<Item = &'a CheckedEntry>,
) -> Option<Record> {
    let mine: Vec<_> = entries
        .into_iter()
        .filter(|e| e.header().record_id == record_id)
        .collect();
    let first = mine.iter().find(|e| {
        e.header().entry_id.as_record() == record_id && e.header().kind.begins_record()
    })?;
    let mut record = Record {
        record_id,
        kind: first.header().kind.clone(),
        author: first.header().author.clone(),
        versions: Vec::new(),
        remarks: Vec::new(),
        track: Vec::new(),
        finished: None,
        rulings: Vec::new(),
    };
    // The first entry leads even when a later version overtook it on the way.
    let rest = mine
        .iter()
        .filter(|e| e.header().entry_id != first.header().entry_id);
    for entry in std::iter::once(first).chain(rest) {
        let (header, Ok((body, fields))) = (entry.header(), entry.body()) else {
            continue;
        };
        match fields {
            Fields::Comment(comment) => record.remarks.push(Remark {
                entry_id: header.entry_id,
                author: header.author.clone(),
                body,
                text: comment.text,
            }),
            Fields::PatrolFinish(finish) if header.author == record.author => {
                // The first one stands: a second would be a second phone.
                record.finished.get_or_insert(finish);
            }
            Fields::Track(part) if header.author == record.author => record.track.push(part),
            Fields::Ruling(ruling) if record.kind == Kind::PatrolStart => {
                record.rulings.push(Ruled {
                    entry_id: header.entry_id,
                    author: header.author.clone(),
                    at: body.clock.best(),
                    ruling,
                });
            }
            report if header.kind == record.kind && header.author == record.author => {
                record.versions.push(Version {
                    entry_id: header.entry_id,
                    body,
                    fields: report,
                });
            }
            _ => {}
        }
    }
    Some(record)
}
