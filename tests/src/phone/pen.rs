use crate::dice::Dice;
use domain::case::Step;
use domain::entry::{BlobRole, Body, CapturedVia, Clock, Kind, Unsealed};
use domain::hash::Sha256;
use domain::ids::{DraftId, EntryId, RecordId};
use domain::record::{
    Comment, DerivedPhoto, Draft, DraftPhoto, Fields, Moment, Outcome, PhotoSide, ProblemCode,
    Subject,
};
use domain::time::WallMs;
use uuid::Builder;
use xunhe_app::store::{LocalStore, StoredPhoto};

/// In which duty somebody records: post, its reach and its division, as registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The post.
    pub post: &'static str,
    /// One of its reaches.
    pub reach: &'static str,
    /// The division of that.
    pub division: &'static str,
}

/// Writes what a person records, by the app's own rules, into the person's store.
pub struct Pen<'a> {
    /// Whose.
    pub store: &'a LocalStore,
    /// The clocks of the moment.
    pub clock: Clock,
    /// Ids and bytes.
    pub dice: &'a mut Dice,
}

impl Pen<'_> {
    /// Takes a photo of about so many bytes, with a small copy.
    pub async fn photo(&mut self, bytes: usize) -> DraftPhoto {
        let original = self.store_jpeg(bytes).await;
        let thumb = self.store_jpeg(900).await;
        DraftPhoto {
            sha256: original.sha256,
            size: original.size,
            mime: "image/jpeg".into(),
            side: PhotoSide::Before,
            captured_via: CapturedVia::Camera,
            wall_ms: self.clock.wall_ms,
            fix: None,
            derived: vec![DerivedPhoto {
                sha256: thumb.sha256,
                size: thumb.size,
                role: BlobRole::Thumb,
                mime: "image/jpeg".into(),
            }],
        }
    }

    /// A report with photos of these sizes.
    pub async fn report(
        &mut self,
        subject: Subject,
        place: Option<Place>,
        photos: &[usize],
    ) -> Unsealed {
        let mut draft = self.draft(subject, place);
        for bytes in photos {
            draft.photos.push(self.photo(*bytes).await);
        }
        self.finish(&draft)
    }

    /// A new version of the person's own report.
    pub fn version(&mut self, of: RecordId, basis: EntryId, place: Option<Place>) -> Unsealed {
        let mut draft = self.draft(Subject::Finding, place);
        draft.version_of = Some((of, basis));
        self.finish(&draft)
    }

    /// A remark on a record.
    pub fn comment(&mut self, on: RecordId) -> Unsealed {
        let words = format!("备注 {}", self.dice.below(1_000));
        self.joining(on, None, &Fields::Comment(Comment::read(&words).unwrap()))
    }

    /// A step of a case.
    pub fn step(&mut self, case: RecordId, basis: EntryId, step: Step) -> Unsealed {
        self.joining(case, Some(basis), &Fields::Step(step))
    }

    /// An entry as a person who is somebody else would make it: no server takes it from here.
    pub async fn poison(&mut self) -> Unsealed {
        Unsealed {
            author: "p-nobody".parse().unwrap(),
            ..self.report(Subject::Finding, None, &[]).await
        }
    }

    fn draft(&mut self, subject: Subject, place: Option<Place>) -> Draft {
        let mut draft = Draft::new(DraftId::new(self.id().raw()), subject, self.clock.wall_ms);
        let code = if subject == Subject::Cleanup {
            "LJ-01"
        } else {
            "SL-03"
        };
        draft.problem = Some(ProblemCode(code.into()));
        draft.no_photo_reason = Some("天黑".into());
        draft.outcome = (subject == Subject::Finding).then_some(Outcome::HandedUp);
        draft.note = format!("演练 {}", self.dice.below(1_000));
        draft.acting_post = place.map(|p| p.post.parse().unwrap());
        draft.reach = place.map(|p| p.reach.parse().unwrap());
        draft.division = place.map(|p| p.division.parse().unwrap());
        draft
    }

    fn finish(&mut self, draft: &Draft) -> Unsealed {
        let moment = Moment {
            author: self.store.person().clone(),
            clock: self.clock.clone(),
            salt: self.dice.bytes(),
            app_version: xunhe_app::VERSION.into(),
        };
        draft.finish(&moment).unwrap()
    }

    fn joining(
        &mut self,
        record_id: RecordId,
        basis: Option<EntryId>,
        fields: &Fields,
    ) -> Unsealed {
        let salt = Sha256::of(&self.dice.bytes::<8>()).to_string();
        Unsealed {
            entry_id: self.id(),
            record_id,
            author: self.store.person().clone(),
            acting_post: None,
            on_behalf_of: None,
            kind: Kind::clone(&fields.kind()),
            blobs: Vec::new(),
            body: Body {
                salt: salt[..32].to_owned(),
                app_version: xunhe_app::VERSION.into(),
                clock: self.clock.clone(),
                reach: None,
                division: None,
                place: None,
                participants: Vec::new(),
                basis,
                patrol: None,
                captures: Vec::new(),
                fields: fields.write().unwrap(),
            },
        }
    }

    /// A `UUIDv7` by the device's clock, as the app makes it.
    fn id(&mut self) -> EntryId {
        let WallMs(now) = self.clock.wall_ms;
        let millis = u64::try_from(now).unwrap_or(0);
        let id = Builder::from_unix_timestamp_millis(millis, &self.dice.bytes());
        EntryId::new(id.into_uuid())
    }

    async fn store_jpeg(&mut self, bytes: usize) -> StoredPhoto {
        let jpeg = jpeg(self.dice, bytes);
        let (id, now) = (self.dice.bytes(), self.clock.wall_ms);
        self.store.put_photo(id, now, &jpeg).await.unwrap()
    }
}

/// Bytes that pass as a JPEG.
pub fn jpeg(dice: &mut Dice, bytes: usize) -> Vec<u8> {
    let mut jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec();
    let rest = bytes.saturating_sub(jpeg.len());
    jpeg.extend(dice.many(rest));
    jpeg
}
