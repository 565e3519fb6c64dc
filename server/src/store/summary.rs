//! A record's line in lists, folded from its entries by the code that the phone runs too.

use super::plan::{KeptEntry, KnownRecord};
use super::{RecordPlace, docket};
use domain::case::{Case, Stage};
use domain::ids::RecordId;
use domain::record::Record;
use domain::register::{Day, DivisionId, PersonId, UnitId};
use domain::time::WallMs;
use domain::wire::Spot;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The longest excerpt of a record's words, characters.
const EXCERPT_CHARS: usize = 120;

/// What lists and filters read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) kind: String,
    pub(crate) problem: Option<String>,
    pub(crate) outcome: Option<String>,
    pub(crate) author: String,
    pub(crate) recorded_ms: WallMs,
    pub(crate) received_ms: WallMs,
    pub(crate) comments: usize,
    pub(crate) versions: usize,
    pub(crate) quarantined: bool,
    pub(crate) words: Option<String>,
    pub(crate) blobs_named: usize,
    /// Where the newest version was made.
    pub(crate) at: Option<Spot>,
    pub(crate) case: CaseLine,
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaseLine {
    pub(crate) stage: Stage,
    pub(crate) lead: Option<UnitId>,
    pub(crate) assignee: Option<PersonId>,
    pub(crate) due: Option<Day>,
    pub(crate) ladder: Option<Day>,
    pub(crate) urged: usize,
    pub(crate) asked: bool,
    pub(crate) escalated: Option<DivisionId>,
    pub(crate) closed_ms: Option<WallMs>,
}

impl CaseLine {
    fn of(case: Option<&Case>) -> Self {
        let lead = case.and_then(Case::lead);
        let closing = case.and_then(|c| c.steps.iter().rev().find(|t| t.verdict.counts()));
        let stage = case.map_or(Stage::OnSpot, |c| c.stage.clone());
        Self {
            closed_ms: closing
                .filter(|_| stage == Stage::Closed)
                .and_then(|t| t.received),
            lead: lead.map(|d| d.unit.clone()),
            assignee: lead.and_then(|d| d.assignee.clone()),
            due: case.and_then(|c| c.due).map(|d| d.now),
            ladder: case.and_then(|c| c.ladder.as_ref()).map(|l| l.from),
            escalated: case.and_then(|c| c.escalated.clone()),
            urged: case.map_or(0, |c| c.urged.len()),
            asked: case.is_some_and(|c| c.asked.is_some()),
            stage,
        }
    }
}

/// The columns of a record's line that are folded from its entries.
pub(crate) const COLUMNS: &[&str] = &[
    "kind",
    "problem",
    "outcome",
    "author",
    "behalf",
    "division",
    "reach",
    "recorded_ms",
    "received_ms",
    "comments",
    "versions",
    "quarantined",
    "words",
    "blobs_named",
    "stage",
    "lead",
    "assignee",
    "due",
    "ladder",
    "urged",
    "asked",
    "closed_ms",
    "lat_e7",
    "lon_e7",
    "escalated",
    "outfall",
];

impl Summary {
    /// The line as it is to lie in the table, column by column, for comparing.
    pub(crate) fn columns(&self, place: &RecordPlace) -> BTreeMap<String, Value> {
        let case = &self.case;
        let values = [
            json!(self.kind),
            json!(self.problem),
            json!(self.outcome),
            json!(self.author),
            json!(place.on_behalf_of),
            json!(place.division),
            json!(place.reach),
            json!(self.recorded_ms),
            json!(self.received_ms),
            json!(self.comments),
            json!(self.versions),
            json!(i32::from(self.quarantined)),
            json!(self.words),
            json!(self.blobs_named),
            json!(case.stage),
            json!(case.lead),
            json!(case.assignee),
            json!(case.due),
            json!(case.ladder),
            json!(case.urged),
            json!(i32::from(case.asked)),
            json!(case.closed_ms),
            json!(self.at.map(|at| at.lat_e7)),
            json!(self.at.map(|at| at.lon_e7)),
            json!(case.escalated),
            json!(place.outfall),
        ];
        let names = COLUMNS.iter().map(|name| (*name).to_owned());
        names.zip(values).collect()
    }

    /// `None` while the entry that begins the record is missing.
    pub(crate) fn of(id: RecordId, record: &KnownRecord) -> Option<Self> {
        let is_first = |kept: &&KeptEntry| kept.entry.header().entry_id.as_record() == id;
        let first = record.entries.iter().find(is_first)?;
        let (folded, case) = docket::fold(id, &record.entries).unzip();
        let current = folded.as_ref().and_then(Record::current).map(|v| &v.fields);
        let begun = folded.as_ref().and_then(|r| r.versions.first());
        let header = first.entry.header();
        Some(Self {
            kind: header.kind.as_str().to_owned(),
            problem: current.and_then(|f| f.problem()).map(|p| p.0.clone()),
            outcome: current
                .and_then(|f| f.outcome())
                .map(|o| o.as_str().to_owned()),
            author: header.author.to_string(),
            recorded_ms: begun.map_or(first.received_ms, |v| v.body.clock.best()),
            received_ms: first.received_ms,
            comments: folded.as_ref().map_or(0, |r| r.remarks.len()),
            versions: folded.as_ref().map_or(0, |r| r.versions.len()),
            quarantined: record.entries.iter().any(|k| k.quarantined),
            words: current
                .and_then(|f| f.words())
                .map(|w| w.chars().take(EXCERPT_CHARS).collect()),
            blobs_named: record
                .entries
                .iter()
                // What was erased is not missing.
                .filter(|k| !k.entry.is_erased())
                .map(|k| k.entry.header().blobs.len())
                .sum(),
            at: folded
                .as_ref()
                .and_then(Record::current)
                .and_then(|v| Spot::of(v.body.place.as_ref()?.fix.as_ref()?)),
            case: CaseLine::of(case.as_ref()),
        })
    }
}
