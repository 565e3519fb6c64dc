//! Records: what a chief or inspector writes down, and what is folded from its entries.

mod cleanup;
mod comment;
mod discharge;
mod draft;
mod fields;
mod finding;
mod fold;
mod outcome;
mod purge;

pub use cleanup::{Amount, AmountUnit, Cleanup};
pub use comment::Comment;
pub use discharge::{Colour, Discharge, Flow, Foam, Signs, Smell};
pub use draft::{
    DerivedPhoto, Draft, DraftPhoto, FieldError, Moment, PhotoSide, StepDraft, Subject,
};
pub use fields::Fields;
pub use finding::Finding;
pub use fold::{Record, Remark, Ruled, Version, fold};
pub use outcome::Outcome;
pub use purge::{Purge, PurgeGround};

use serde::{Deserialize, Serialize};

/// A code of the problem catalogue (`LJ-01` 垃圾堆放). The catalogue is data: an unknown code is
/// shown as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProblemCode(pub String);
