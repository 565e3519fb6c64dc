//! Drafts, entries, photos and receipts of a fixed world.

use domain::case::{Step, Verdict};
use domain::entry::{CapturedVia, Clock, Entry, Kind, LogHead, Place, SERVER, Unsealed};
use domain::hash::Sha256;
use domain::ids::{BootId, DraftId, EntryId, LogId};
use domain::patrol::{PatrolStart, Ruling};
use domain::receipt::Receipt;
use domain::record::{
    Comment, Draft, DraftPhoto, Fields, Moment, PhotoSide, ProblemCode, Purge, PurgeGround, Subject,
};
use domain::time::{MonoMs, WallMs};
use domain::wire::PulledRow;
use std::collections::BTreeMap;
use xunhe_app::store::{LocalStore, StoredPhoto};

pub(crate) const NOW: WallMs = WallMs(1_779_580_800_000);

pub(crate) fn draft_id(n: u32) -> DraftId {
    format!("0192f0c1-2b3c-7def-8123-{n:012x}").parse().unwrap()
}

pub(crate) fn moment(store: &LocalStore) -> Moment {
    Moment {
        author: store.person().clone(),
        clock: Clock {
            wall_ms: NOW,
            mono_ms: MonoMs(5),
            boot_id: BootId::new([2; 8]),
            server: None,
            gps_ms: None,
        },
        salt: [3; 16],
        app_version: "0.1.0".into(),
    }
}

/// A clean-up with these photos, or with a reason for none.
pub(crate) fn draft(n: u32, photos: &[StoredPhoto]) -> Draft {
    let mut draft = Draft::new(draft_id(n), Subject::Cleanup, NOW);
    draft.problem = Some(ProblemCode("LJ-01".into()));
    draft.place = Place::default();
    if photos.is_empty() {
        draft.no_photo_reason = Some("雨大".into());
    }
    draft.photos = photos
        .iter()
        .map(|photo| DraftPhoto {
            sha256: photo.sha256,
            size: photo.size,
            mime: "image/jpeg".into(),
            side: PhotoSide::Before,
            captured_via: CapturedVia::Camera,
            wall_ms: NOW,
            fix: None,
            derived: vec![],
        })
        .collect();
    draft
}

pub(crate) fn unsealed(store: &LocalStore, n: u32, photos: &[StoredPhoto]) -> Unsealed {
    draft(n, photos).finish(&moment(store)).unwrap()
}

/// Stores bytes as a photo; `n` names the intake.
pub(crate) async fn photo(store: &LocalStore, n: u8, bytes: &[u8]) -> StoredPhoto {
    store.put_photo([n; 16], NOW, bytes).await.unwrap()
}

/// Bytes of which no two chunks are alike.
pub(crate) fn bytes(len: usize) -> Vec<u8> {
    let mut seed = 88_172_645_463_325_252_u64;
    let next = |_| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()[0]
    };
    (0..len).map(next).collect()
}

/// A receipt; the store keeps it and leaves judging it to the engine.
pub(crate) fn receipt(words: &str) -> Receipt {
    Receipt {
        statement: words.into(),
        signature: "c2ln".into(),
    }
}

pub(crate) fn statement_of(receipt: &Receipt) -> Sha256 {
    Sha256::of(receipt.statement.as_bytes())
}

/// Somebody else's remark on a record, as the feed brings it.
pub(crate) fn remark(n: u32, on: EntryId, kind: Kind) -> PulledRow {
    let fields = Fields::Comment(Comment::read("请补拍").unwrap());
    foreign(n, on, kind, &fields)
}

/// The desk's step of a case, with the server's verdict.
pub(crate) fn step(n: u32, on: EntryId, step: Step, judged: u64) -> PulledRow {
    PulledRow {
        verdict: Some(Verdict::Applied),
        judged: Some(judged),
        ..foreign(n, on, Kind::Step, &Fields::Step(step))
    }
}

/// A supervisor's ruling about a patrol, with the server's verdict.
pub(crate) fn ruling(
    n: u32,
    on: EntryId,
    (counts, reason): (bool, &str),
    verdict: Option<Verdict>,
    judged: u64,
) -> PulledRow {
    let ruling = Ruling::read(counts, reason).unwrap();
    PulledRow {
        verdict,
        judged: Some(judged),
        author_name: Some("柴玉梅".to_owned()),
        post_name: Some("河长办督办员".to_owned()),
        ..foreign(n, on, Kind::Ruling, &Fields::Ruling(ruling))
    }
}

/// The server says that it erased these entries of the record.
pub(crate) fn purge(n: u32, on: EntryId, entries: &[EntryId]) -> PulledRow {
    let fields = Fields::Purge(Purge {
        entries: entries.to_vec(),
        ground: PurgeGround::Request,
        reason: None,
        outfall: None,
    });
    by(SERVER, n, on, Kind::Purge, &fields)
}

fn foreign(n: u32, on: EntryId, kind: Kind, fields: &Fields) -> PulledRow {
    by("p-desk", n, on, kind, fields)
}

fn by(author: &str, n: u32, on: EntryId, kind: Kind, fields: &Fields) -> PulledRow {
    let id = EntryId::new(draft_id(n).raw());
    let author = author.parse().unwrap();
    let mut entry = draft(n, &[])
        .finish(&Moment {
            author,
            clock: Clock {
                wall_ms: NOW,
                mono_ms: MonoMs(1),
                boot_id: BootId::new([9; 8]),
                server: None,
                gps_ms: None,
            },
            salt: [4; 16],
            app_version: "0.1.0".into(),
        })
        .unwrap();
    entry.entry_id = id;
    entry.record_id = on.as_record();
    entry.kind = kind;
    entry.body.fields = fields.write().unwrap();
    let log = LogHead::empty(LogId::new([0xEE; 16]));
    row(n.into(), entry.record_id, Some(entry.seal(&log).unwrap().0))
}

pub(crate) fn row(seq: u64, record_id: domain::ids::RecordId, entry: Option<Entry>) -> PulledRow {
    PulledRow {
        shard: "yongji".parse().unwrap(),
        seq,
        op: if entry.is_some() {
            domain::feed::FeedOp::Put
        } else {
            domain::feed::FeedOp::LeaveScope
        },
        record_id,
        entry,
        received_ms: WallMs(77),
        quarantined: false,
        author_name: None,
        post_name: None,
        names: BTreeMap::new(),
        verdict: None,
        judged: None,
    }
}

/// The beginning of a patrol by the person of the store.
pub(crate) fn patrol_start(store: &LocalStore, n: u32) -> Unsealed {
    let mut start = unsealed(store, n, &[]);
    start.kind = Kind::PatrolStart;
    let fields = Fields::PatrolStart(PatrolStart::default());
    start.body.fields = fields.write().unwrap();
    start
}
