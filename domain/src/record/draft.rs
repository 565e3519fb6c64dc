//! A draft: the only mutable thing, and it never leaves the phone.

use super::{Amount, Cleanup, Discharge, Fields, Finding, Outcome, ProblemCode, Signs};
use crate::case::Step;
use crate::entry::{
    BlobRef, BlobRole, Body, Capture, CapturedVia, Clock, Fix, Place, Unsealed, limits,
};
use crate::hash::Sha256;
use crate::ids::{DraftId, EntryId, RecordId};
use crate::register::{DivisionId, PersonId, PostId, ReachId, UnitId};
use crate::time::WallMs;
use serde::{Deserialize, Serialize};

/// A record being written. Saved after every change; committed before the camera opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The draft; also the id of the entry that it becomes, so that saving twice is harmless.
    pub id: DraftId,
    /// What is being recorded.
    pub subject: Subject,
    /// When it was begun, by the device.
    pub started_ms: WallMs,
    /// Post, reach and division, from the register.
    pub acting_post: Option<PostId>,
    /// The reach of the post.
    pub reach: Option<ReachId>,
    /// The division of the post.
    pub division: Option<DivisionId>,
    /// Which problem, once chosen.
    pub problem: Option<ProblemCode>,
    /// Photos in the order taken.
    pub photos: Vec<DraftPhoto>,
    /// Why there is no photo.
    pub no_photo_reason: Option<String>,
    /// How much, once entered.
    pub amount: Option<Amount>,
    /// What was seen of a discharge.
    #[serde(default)]
    pub signs: Signs,
    /// What became of it; [`Draft::finish`] derives it from the photos if nobody said.
    pub outcome: Option<Outcome>,
    /// The campaign.
    pub campaign: Option<String>,
    /// Free words.
    pub note: String,
    /// Where.
    pub place: Place,
    /// The case, for a step of one.
    #[serde(default)]
    pub step: Option<StepDraft>,
    /// The patrol on which it is made.
    #[serde(default)]
    pub patrol: Option<RecordId>,
    /// The record and its last entry, when this is a new version of one.
    pub version_of: Option<(RecordId, EntryId)>,
    /// The record that the platform did not take and this one is made in place of.
    #[serde(default)]
    pub instead_of: Option<RecordId>,
    /// The originals of earlier versions that still belong to it: before, then after.
    pub earlier: (Vec<Sha256>, Vec<Sha256>),
}

/// What a draft is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// 垃圾清理
    Cleanup,
    /// 疑似排污
    Discharge,
    /// 问题
    Finding,
    /// 整改进展, by the unit that works on a case.
    Progress,
    /// 申请销号, by the unit that leads.
    Closure,
}

impl Subject {
    /// Whether it begins a record of its own.
    pub const fn is_report(self) -> bool {
        matches!(self, Self::Cleanup | Self::Discharge | Self::Finding)
    }
}

/// The case that a draft of a step belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDraft {
    /// The case.
    pub case: RecordId,
    /// The last entry of it that the author saw.
    pub basis: EntryId,
    /// In which unit's name.
    pub unit: UnitId,
}

/// A photo whose original bytes are already stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftPhoto {
    /// Hash of the original bytes, taken as they were stored.
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    /// Media type by the magic bytes.
    pub mime: String,
    /// Before or after.
    pub side: PhotoSide,
    /// How it came.
    pub captured_via: CapturedVia,
    /// When the bytes arrived, by the device.
    pub wall_ms: WallMs,
    /// The fix of that moment.
    pub fix: Option<Fix>,
    /// Copies made from it; missing if the phone could not decode it.
    pub derived: Vec<DerivedPhoto>,
}

/// Before or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoSide {
    /// 清理前 / 现场
    Before,
    /// 清理后
    After,
}

/// A copy made from an original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivedPhoto {
    /// Hash of the copy's bytes.
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    /// Thumbnail or marked copy.
    pub role: BlobRole,
    /// Media type.
    pub mime: String,
}

/// Everything from outside that finishing a draft needs.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Who saves.
    pub author: PersonId,
    /// The clocks.
    pub clock: Clock,
    /// 16 random bytes.
    pub salt: [u8; 16],
    /// This app.
    pub app_version: String,
}

/// What keeps a draft from being saved. Few: every required field must earn its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// No kind chosen.
    #[error("kind_missing")]
    KindMissing,
    /// No photo and no reason for it.
    #[error("photo_missing")]
    PhotoMissing,
    /// More blobs than an entry may carry.
    #[error("too_many_photos")]
    TooManyPhotos,
    /// 当场处理完 without an after-photo.
    #[error("after_photo_missing")]
    AfterPhotoMissing,
    /// The note is longer than 2,000 characters.
    #[error("note_too_long")]
    NoteTooLong,
    /// A position that is not on Earth came from the device.
    #[error("place_unreadable")]
    PlaceUnreadable,
}

impl Draft {
    /// A new draft of nothing.
    pub fn new(id: DraftId, subject: Subject, started_ms: WallMs) -> Self {
        Self {
            id,
            subject,
            started_ms,
            acting_post: None,
            reach: None,
            division: None,
            problem: None,
            photos: Vec::new(),
            no_photo_reason: None,
            amount: None,
            signs: Signs::default(),
            step: None,
            patrol: None,
            outcome: None,
            campaign: None,
            note: String::new(),
            place: Place::default(),
            version_of: None,
            instead_of: None,
            earlier: (Vec::new(), Vec::new()),
        }
    }

    /// The originals of one side, earlier versions first.
    pub fn originals(&self, side: PhotoSide) -> Vec<Sha256> {
        let earlier = if side == PhotoSide::Before {
            &self.earlier.0
        } else {
            &self.earlier.1
        };
        let mine = self
            .photos
            .iter()
            .filter(|p| p.side == side)
            .map(|p| p.sha256);
        earlier.iter().copied().chain(mine).collect()
    }

    /// What became of it: as said, else fixed on the spot once there is an after-photo; a
    /// clean-up without one waits for it, any other problem is handed up.
    pub fn effective_outcome(&self) -> Outcome {
        let fixed = !self.originals(PhotoSide::After).is_empty();
        self.outcome.clone().unwrap_or(match self.subject {
            _ if fixed => Outcome::FixedOnSpot,
            Subject::Cleanup => Outcome::ToFollow,
            _ => Outcome::HandedUp,
        })
    }

    /// Turns the draft into an entry that lacks only its place in the log, or says everything
    /// that keeps it from being one.
    pub fn finish(&self, moment: &Moment) -> Result<Unsealed, Vec<FieldError>> {
        let wrong = self.errors();
        let (Some(fields), true) = (self.fields(), wrong.is_empty()) else {
            return Err(wrong);
        };
        // Nothing in the fields can fail to be written; an error would be a broken draft.
        let written = fields
            .write()
            .map_err(|_| vec![FieldError::PlaceUnreadable])?;
        let entry_id = EntryId::new(self.id.raw());
        Ok(Unsealed {
            entry_id,
            record_id: self
                .joins()
                .map_or(entry_id.as_record(), |(record, _)| record),
            author: moment.author.clone(),
            acting_post: self.acting_post.clone(),
            on_behalf_of: None,
            kind: fields.kind(),
            blobs: self.blobs(),
            body: Body {
                salt: hex::encode(moment.salt),
                app_version: moment.app_version.clone(),
                clock: moment.clock.clone(),
                reach: self.reach.clone(),
                division: self.division.clone(),
                place: Some(self.place.clone()),
                participants: Vec::new(),
                basis: self.joins().map(|(_, basis)| basis),
                patrol: self.patrol,
                captures: self.captures(),
                fields: written,
            },
        })
    }

    fn errors(&self) -> Vec<FieldError> {
        let photos =
            self.originals(PhotoSide::Before).len() + self.originals(PhotoSide::After).len();
        let fixes = self
            .place
            .fix
            .iter()
            .chain(self.photos.iter().filter_map(|p| p.fix.as_ref()));
        let checks = [
            (
                self.problem.is_none() && self.subject.is_report(),
                FieldError::KindMissing,
            ),
            (
                photos == 0 && self.no_photo_reason.is_none() && self.subject != Subject::Progress,
                FieldError::PhotoMissing,
            ),
            (
                self.blobs().len() > limits::BLOBS,
                FieldError::TooManyPhotos,
            ),
            (
                self.outcome == Some(Outcome::FixedOnSpot)
                    && self.originals(PhotoSide::After).is_empty()
                    && self.no_photo_reason.is_none(),
                FieldError::AfterPhotoMissing,
            ),
            (self.note.chars().count() > 2_000, FieldError::NoteTooLong),
            (
                fixes.into_iter().any(|f| !f.is_on_earth()),
                FieldError::PlaceUnreadable,
            ),
        ];
        checks
            .into_iter()
            .filter_map(|(wrong, error)| wrong.then_some(error))
            .collect()
    }

    /// The record that this adds to, and the last entry of it that its author saw.
    pub fn joins(&self) -> Option<(RecordId, EntryId)> {
        let step = self.step.as_ref().map(|s| (s.case, s.basis));
        self.version_of.or(step)
    }

    /// `None` while something is missing that [`Draft::errors`] names.
    fn fields(&self) -> Option<Fields> {
        let problem = self.problem.clone();
        let note = Some(self.note.trim().to_owned()).filter(|n| !n.is_empty());
        let before = self.originals(PhotoSide::Before);
        let after = self.originals(PhotoSide::After);
        let no_photo_reason = self.no_photo_reason.clone();
        let outcome = self.effective_outcome();
        Some(match self.subject {
            Subject::Cleanup => Fields::Cleanup(Cleanup {
                rubbish: problem?,
                before,
                after,
                no_photo_reason,
                amount: self.amount.clone(),
                outcome,
                campaign: self.campaign.clone(),
                note,
            }),
            Subject::Discharge => Fields::Discharge(Discharge {
                problem: problem?,
                signs: self.signs.clone(),
                photos: before,
                after,
                no_photo_reason,
                outcome,
                note,
            }),
            Subject::Progress => {
                let step = self.step.as_ref()?;
                Fields::Step(Step::Progress {
                    unit: step.unit.clone(),
                    text: note.unwrap_or_default(),
                    photos: after,
                })
            }
            Subject::Closure => {
                let step = self.step.as_ref()?;
                Fields::Step(Step::ApplyClosure {
                    unit: step.unit.clone(),
                    text: note.or(no_photo_reason).unwrap_or_default(),
                    after,
                })
            }
            Subject::Finding => Fields::Finding(Finding {
                problem: problem?,
                photos: before,
                after,
                no_photo_reason,
                outcome,
                note,
            }),
        })
    }

    fn blobs(&self) -> Vec<BlobRef> {
        let mut blobs: Vec<BlobRef> = Vec::new();
        for photo in &self.photos {
            let original = BlobRef {
                sha256: photo.sha256,
                size: photo.size,
                mime: photo.mime.clone(),
                role: BlobRole::Photo,
                of: None,
                captured_via: photo.captured_via.clone(),
            };
            let copies = photo.derived.iter().map(|copy| BlobRef {
                sha256: copy.sha256,
                size: copy.size,
                mime: copy.mime.clone(),
                role: copy.role.clone(),
                of: Some(photo.sha256),
                captured_via: CapturedVia::Derived,
            });
            // One picture chosen twice is one blob: ODK answered such a pair with an error.
            for blob in std::iter::once(original).chain(copies) {
                if blobs.iter().all(|b| b.sha256 != blob.sha256) {
                    blobs.push(blob);
                }
            }
        }
        blobs
    }

    fn captures(&self) -> Vec<Capture> {
        let capture = |p: &DraftPhoto| Capture {
            sha256: p.sha256,
            wall_ms: p.wall_ms,
            fix: p.fix.clone(),
        };
        self.photos.iter().map(capture).collect()
    }
}
