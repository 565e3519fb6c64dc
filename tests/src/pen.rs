//! People without a browser: they write sealed entries into their own log, as a phone does, and
//! send them over plain HTTP. What a journey or a bench needs many of is made by them.

use crate::api::Api;
use domain::case::Step;
use domain::entry::{
    BlobRef, Body, Clock, Entry, Fix, FixSource, Kind, LogHead, Place, RawFields, Unsealed,
};
use domain::ids::{BootId, EntryId, LogId, RecordId};
use domain::record::{Fields, Finding, Outcome, ProblemCode};
use domain::register::{DivisionId, ReachId};
use domain::time::{MonoMs, WallMs};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// Entries of one push.
const AT_ONCE: usize = 100;

/// One person's log and session.
pub struct Pen {
    /// The session.
    pub api: Api,
    account: String,
    head: LogHead,
    unsent: Vec<Entry>,
    /// What the clock on the wall says.
    pub wall_ms: WallMs,
}

/// Where a report is from.
#[derive(Debug, Clone, Default)]
pub struct Where {
    /// The reach.
    pub reach: Option<ReachId>,
    /// The division.
    pub division: Option<DivisionId>,
    /// North and east, degrees.
    pub fix: Option<(f64, f64)>,
}

impl Pen {
    /// Of a person of the demonstration, signed in.
    pub async fn of(url: &str, account: &str, password: &str) -> Self {
        Self {
            api: Api::sign_in(url, account, password).await,
            account: account.to_owned(),
            head: LogHead::empty(LogId::new(*Uuid::now_v7().as_bytes())),
            unsent: Vec::new(),
            wall_ms: now(),
        }
    }

    /// A problem for which there is no photo and somebody else to put it right.
    pub fn problem(&mut self, code: &str, place: Where) -> EntryId {
        let finding = Fields::Finding(Finding {
            problem: ProblemCode(code.to_owned()),
            photos: Vec::new(),
            after: Vec::new(),
            no_photo_reason: Some("天黑看不清".to_owned()),
            outcome: Outcome::HandedUp,
            note: Some("岸边有人倾倒垃圾".to_owned()),
        });
        self.report(&finding, Vec::new(), place)
    }

    /// Any report; begins a record.
    pub fn report(&mut self, fields: &Fields, blobs: Vec<BlobRef>, place: Where) -> EntryId {
        let id = fresh();
        let fix = place.fix.map(|(lat, lon)| Fix {
            lat,
            lon,
            accuracy_m: 12.0,
            at_ms: self.wall_ms,
            age_ms: 0,
            source: FixSource::Device,
        });
        let written = fields.write().unwrap();
        let mut entry = self.unsealed(id, id.as_record(), fields.kind(), written);
        entry.blobs = blobs;
        (entry.body.reach, entry.body.division) = (place.reach, place.division);
        entry.body.place = fix.map(|fix| Place {
            fix: Some(fix),
            ..Place::default()
        });
        self.seal(&entry);
        id
    }

    /// A step of a case after the last entry that its author saw.
    pub fn step(&mut self, case: RecordId, basis: EntryId, step: &Step) -> EntryId {
        let written = Fields::Step(step.clone()).write().unwrap();
        let id = fresh();
        let mut entry = self.unsealed(id, case, Kind::Step, written);
        entry.body.basis = Some(basis);
        self.seal(&entry);
        id
    }

    /// Sends what was written; every entry must be accepted.
    pub async fn send(&mut self) {
        let unsent = std::mem::take(&mut self.unsent);
        for entries in unsent.chunks(AT_ONCE) {
            self.api.push(entries).await;
        }
    }

    fn unsealed(&self, id: EntryId, record: RecordId, kind: Kind, fields: RawFields) -> Unsealed {
        Unsealed {
            entry_id: id,
            record_id: record,
            author: self.account.parse().unwrap(),
            acting_post: None,
            on_behalf_of: None,
            kind,
            blobs: Vec::new(),
            body: Body {
                salt: Uuid::new_v4().simple().to_string(),
                app_version: "pen".to_owned(),
                clock: Clock {
                    wall_ms: self.wall_ms,
                    mono_ms: MonoMs(1),
                    boot_id: BootId::new([1; 8]),
                    server: None,
                    gps_ms: None,
                },
                reach: None,
                division: None,
                place: None,
                participants: Vec::new(),
                basis: None,
                patrol: None,
                captures: Vec::new(),
                fields,
            },
        }
    }

    fn seal(&mut self, entry: &Unsealed) {
        let (entry, head) = entry.seal(&self.head).unwrap();
        self.head = head;
        self.unsent.push(entry);
    }
}

fn fresh() -> EntryId {
    EntryId::new(Uuid::now_v7())
}

/// This machine's clock.
pub fn now() -> WallMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    WallMs(i64::try_from(since.as_millis()).unwrap())
}
