//! One fixed world for all cases: no clock, no chance.

use xunhe_domain::entry::{
    BlobRef, BlobRole, CapturedVia, CheckedEntry, Clock, Fix, FixSource, Kind, LogHead, Place,
    SERVER, ServerTime, Unsealed,
};
use xunhe_domain::hash::Sha256;
use xunhe_domain::ids::{BootId, DraftId, EntryId, LogId};
use xunhe_domain::record::{
    Amount, AmountUnit, Comment, DerivedPhoto, Draft, DraftPhoto, Fields, Moment, PhotoSide,
    ProblemCode, Purge, PurgeGround, Subject,
};
use xunhe_domain::time::{MonoMs, WallMs};

pub(crate) fn entry_id(n: u8) -> EntryId {
    format!("0192f0c1-2b3c-7def-8123-4567890000{n:02x}")
        .parse()
        .unwrap()
}

pub(crate) fn head() -> LogHead {
    LogHead::empty(LogId::new([0x11; 16]))
}

pub(crate) fn fix() -> Fix {
    Fix {
        lat: 34.867_123,
        lon: 110.442_5,
        accuracy_m: 12.5,
        at_ms: WallMs(1_779_580_795_000),
        age_ms: 5_000,
        source: FixSource::Device,
    }
}

pub(crate) fn moment() -> Moment {
    Moment {
        author: "p-0001".parse().unwrap(),
        clock: Clock {
            wall_ms: WallMs(1_779_580_800_000),
            mono_ms: MonoMs(65_000),
            boot_id: BootId::new([0x22; 8]),
            server: Some(ServerTime {
                wall_ms: WallMs(1_779_580_740_500),
                mono_ms: MonoMs(5_000),
            }),
            gps_ms: Some(WallMs(1_779_580_795_000)),
        },
        salt: [0x33; 16],
        app_version: "0.1.0".to_owned(),
    }
}

pub(crate) fn photo(bytes: &[u8], side: PhotoSide) -> DraftPhoto {
    DraftPhoto {
        sha256: Sha256::of(bytes),
        size: bytes.len() as u64,
        mime: "image/jpeg".to_owned(),
        side,
        captured_via: CapturedVia::Camera,
        wall_ms: WallMs(1_779_580_790_000),
        fix: Some(fix()),
        derived: vec![DerivedPhoto {
            sha256: Sha256::of(&[bytes, b" small"].concat()),
            size: 900,
            role: BlobRole::Thumb,
            mime: "image/jpeg".to_owned(),
        }],
    }
}

pub(crate) fn cleanup_draft(id: EntryId) -> Draft {
    let mut draft = Draft::new(
        DraftId::new(id.raw()),
        Subject::Cleanup,
        WallMs(1_779_580_700_000),
    );
    draft.problem = Some(ProblemCode("LJ-01".to_owned()));
    draft.acting_post = "post-0001".parse().ok();
    draft.reach = "reach-0001".parse().ok();
    draft.division = "div-0001".parse().ok();
    draft.photos = vec![
        photo(b"before", PhotoSide::Before),
        photo(b"after", PhotoSide::After),
    ];
    draft.amount = Amount::read("3", AmountUnit::Bag);
    "桥下 \"两袋\"\n已清".clone_into(&mut draft.note);
    draft.place = Place {
        fix: Some(fix()),
        no_fix: None,
        words: Some("桥 下游 约50米".to_owned()),
    };
    draft
}

pub(crate) fn finding_draft(id: EntryId) -> Draft {
    let mut draft = cleanup_draft(id);
    draft.subject = Subject::Finding;
    draft.problem = Some(ProblemCode("PW-09".to_owned()));
    draft.photos.truncate(1);
    draft.amount = None;
    draft
}

pub(crate) fn comment(id: EntryId, on: EntryId, text: &str) -> Unsealed {
    let fields = Fields::Comment(Comment::read(text).unwrap());
    let mut body = cleanup_draft(id).finish(&moment()).unwrap().body;
    body.place = None;
    body.captures = Vec::new();
    body.basis = Some(on);
    body.fields = fields.write().unwrap();
    Unsealed {
        entry_id: id,
        record_id: on.as_record(),
        author: "p-0002".parse().unwrap(),
        acting_post: None,
        on_behalf_of: None,
        kind: Kind::Comment,
        blobs: Vec::new(),
        body,
    }
}

/// The first of `entries` begins the record.
pub(crate) fn purge(id: EntryId, entries: &[EntryId]) -> Unsealed {
    let fields = Fields::Purge(Purge {
        entries: entries.to_vec(),
        ground: PurgeGround::Request,
        reason: Some("本人要求".to_owned()),
        outfall: None,
    });
    let mut unsealed = comment(id, entries[0], "-");
    unsealed.author = SERVER.parse().unwrap();
    unsealed.kind = Kind::Purge;
    unsealed.body.basis = None;
    unsealed.body.fields = fields.write().unwrap();
    unsealed
}

pub(crate) fn sealed(unsealed: &Unsealed) -> CheckedEntry {
    unsealed.seal(&head()).unwrap().0.check().unwrap()
}

pub(crate) fn blob(bytes: &[u8]) -> BlobRef {
    BlobRef {
        sha256: Sha256::of(bytes),
        size: bytes.len() as u64,
        mime: "image/jpeg".to_owned(),
        role: BlobRole::Photo,
        of: None,
        captured_via: CapturedVia::Gallery,
    }
}
