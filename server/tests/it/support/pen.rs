//! A person who writes entries into an own log, as the phone does it.

use domain::case::Step;
use domain::entry::{
    BlobRef, BlobRole, Body, CapturedVia, Clock, Entry, Fix, FixSource, Kind, LogHead, Place,
    RawFields, Unsealed,
};
use domain::hash::Sha256;
use domain::ids::{BootId, EntryId, LogId, RecordId};
use domain::patrol::{PatrolStart, Ruling};
use domain::record::{Cleanup, Comment, Discharge, Fields, Finding, Outcome, ProblemCode, Signs};
use domain::register::{DivisionId, PersonId, PostId, ReachId};
use domain::time::{MonoMs, WallMs};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// One person's log.
pub(crate) struct Pen {
    pub(crate) person: PersonId,
    pub(crate) post: Option<PostId>,
    pub(crate) reach: Option<ReachId>,
    pub(crate) division: Option<DivisionId>,
    pub(crate) place: Option<Place>,
    /// The last entry of the record that the next one knows.
    pub(crate) basis: Option<EntryId>,
    /// How far the clock of the device is ahead.
    pub(crate) late_ms: i64,
    /// The patrol on which the next reports are made.
    pub(crate) patrol: Option<RecordId>,
    /// What the device's clock says, if not now.
    pub(crate) clock: Option<WallMs>,
    pub(crate) head: LogHead,
}

impl Pen {
    pub(crate) fn new(person: &str) -> Self {
        Self {
            person: person.parse().unwrap(),
            post: None,
            reach: None,
            division: None,
            place: None,
            basis: None,
            late_ms: 0,
            patrol: None,
            clock: None,
            head: LogHead::empty(LogId::new(*Uuid::now_v7().as_bytes())),
        }
    }

    pub(crate) fn on(mut self, reach: &str) -> Self {
        self.reach = Some(reach.parse().unwrap());
        self
    }

    /// From here on at this place, degrees.
    pub(crate) fn at(mut self, lon: f64, lat: f64) -> Self {
        let fix = Fix {
            lat,
            lon,
            accuracy_m: 8.0,
            at_ms: now(),
            age_ms: 0,
            source: FixSource::Device,
        };
        self.place = Some(Place {
            fix: Some(fix),
            ..Place::default()
        });
        self
    }

    /// A clean-up that brings these blobs along; begins a record.
    pub(crate) fn cleanup(&mut self, blobs: Vec<BlobRef>) -> Entry {
        let id = EntryId::new(Uuid::now_v7());
        self.version(id, id.as_record(), blobs)
    }

    /// An entry with a clean-up for `record`.
    pub(crate) fn version(&mut self, id: EntryId, record: RecordId, blobs: Vec<BlobRef>) -> Entry {
        let originals = blobs.iter().filter(|b| b.role == BlobRole::Photo);
        let fields = Fields::Cleanup(Cleanup {
            rubbish: ProblemCode("LJ-01".to_owned()),
            before: originals.map(|b| b.sha256).collect(),
            after: Vec::new(),
            no_photo_reason: None,
            amount: None,
            outcome: Outcome::ToFollow,
            campaign: None,
            note: Some("岸边塑料袋".to_owned()),
        });
        self.write(id, record, fields.kind(), fields.write().unwrap(), blobs)
    }

    /// A problem that somebody else must put right.
    pub(crate) fn handed_up(&mut self) -> Entry {
        let fields = Fields::Finding(Finding {
            problem: ProblemCode("SL-03".to_owned()),
            photos: Vec::new(),
            after: Vec::new(),
            no_photo_reason: Some("天黑".to_owned()),
            outcome: Outcome::HandedUp,
            note: None,
        });
        let id = EntryId::new(Uuid::now_v7());
        self.write(
            id,
            id.as_record(),
            fields.kind(),
            fields.write().unwrap(),
            vec![],
        )
    }

    /// A suspected discharge at an outfall, handed up.
    pub(crate) fn discharge(&mut self, outfall: &str) -> Entry {
        let id = EntryId::new(Uuid::now_v7());
        self.discharge_version(id, id.as_record(), outfall)
    }

    /// A version of it.
    pub(crate) fn discharge_version(
        &mut self,
        id: EntryId,
        record: RecordId,
        outfall: &str,
    ) -> Entry {
        let fields = Fields::Discharge(Discharge {
            problem: ProblemCode("PW-01".to_owned()),
            signs: Signs {
                outfall: outfall.parse().ok(),
                ..Signs::default()
            },
            photos: Vec::new(),
            after: Vec::new(),
            no_photo_reason: Some("天黑".to_owned()),
            outcome: Outcome::HandedUp,
            note: None,
        });
        let written = fields.write().unwrap();
        self.write(id, record, fields.kind(), written, Vec::new())
    }

    /// The beginning of a patrol.
    pub(crate) fn patrol(&mut self) -> Entry {
        let fields = Fields::PatrolStart(PatrolStart::default());
        let id = EntryId::new(Uuid::now_v7());
        let written = fields.write().unwrap();
        self.write(id, id.as_record(), fields.kind(), written, Vec::new())
    }

    /// A ruling about a patrol.
    pub(crate) fn ruling(&mut self, patrol: RecordId, counts: bool, reason: &str) -> Entry {
        let fields = Fields::Ruling(Ruling::read(counts, reason).unwrap());
        let id = EntryId::new(Uuid::now_v7());
        let written = fields.write().unwrap();
        self.write(id, patrol, Kind::Ruling, written, Vec::new())
    }

    /// A step of a case.
    pub(crate) fn step(&mut self, case: RecordId, step: &Step) -> Entry {
        let fields = Fields::Step(step.clone()).write().unwrap();
        let id = EntryId::new(Uuid::now_v7());
        self.write(id, case, Kind::Step, fields, Vec::new())
    }

    /// A remark on `record`.
    pub(crate) fn comment(&mut self, record: RecordId, text: &str) -> Entry {
        let fields = Fields::Comment(Comment::read(text).unwrap());
        let id = EntryId::new(Uuid::now_v7());
        self.write(id, record, Kind::Comment, fields.write().unwrap(), vec![])
    }

    /// Any kind with any fields.
    pub(crate) fn write(
        &mut self,
        entry_id: EntryId,
        record_id: RecordId,
        kind: Kind,
        fields: RawFields,
        blobs: Vec<BlobRef>,
    ) -> Entry {
        let unsealed = Unsealed {
            entry_id,
            record_id,
            author: self.person.clone(),
            acting_post: self.post.clone(),
            on_behalf_of: None,
            kind,
            blobs,
            body: Body {
                salt: Uuid::new_v4().simple().to_string(),
                app_version: "test".to_owned(),
                clock: Clock {
                    wall_ms: WallMs(self.clock.unwrap_or_else(now).0 + self.late_ms),
                    mono_ms: MonoMs(1),
                    boot_id: BootId::new([1; 8]),
                    server: None,
                    gps_ms: None,
                },
                reach: self.reach.clone(),
                division: self.division.clone(),
                place: self.place.clone(),
                participants: Vec::new(),
                basis: self.basis,
                patrol: self.patrol,
                captures: Vec::new(),
                fields,
            },
        };
        let (entry, head) = unsealed.seal(&self.head).unwrap();
        self.head = head;
        entry
    }
}

pub(crate) fn now() -> WallMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    WallMs(i64::try_from(since.as_millis()).unwrap())
}

/// The record that an entry begins or joins.
pub(crate) fn record_of(entry: &Entry) -> RecordId {
    entry.clone().check().unwrap().header().record_id
}

/// The id of an entry.
pub(crate) fn id_of(entry: &Entry) -> EntryId {
    entry.clone().check().unwrap().header().entry_id
}

/// Bytes that pass as a JPEG and differ by `seed`.
pub(crate) fn jpeg(seed: u8, size: usize) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec();
    let mut state = u32::from(seed) + 1;
    bytes.resize_with(size.max(bytes.len()), || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    bytes
}

/// How an entry names these bytes as the small copy of an original.
pub(crate) fn thumb(of: &BlobRef, bytes: &[u8]) -> BlobRef {
    BlobRef {
        role: BlobRole::Thumb,
        of: Some(of.sha256),
        captured_via: CapturedVia::Derived,
        ..photo(bytes)
    }
}

/// How an entry names these bytes as an original.
pub(crate) fn photo(bytes: &[u8]) -> BlobRef {
    BlobRef {
        sha256: Sha256::of(bytes),
        size: bytes.len() as u64,
        mime: "image/jpeg".to_owned(),
        role: BlobRole::Photo,
        of: None,
        captured_via: CapturedVia::Camera,
    }
}
