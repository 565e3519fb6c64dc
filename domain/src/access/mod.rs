//! Who may do what to what. [`may`] is the only place that decides.
//!
//! Rights come from two sources and are flattened into [`Right`]s when a call begins: the posts
//! that a person holds today and the grants that were given to them, besides the outfalls whose
//! 监管责任人 they are. A right covers a part of the tree of divisions, some reaches, what was
//! handed to a unit or what concerns an outfall, and is either full or read-only.
//! What a person made, or what was made or assigned for them, is theirs without any right.
//!
//! [`Scope`] is the same rule as ranges for an index. A property test holds [`may`], [`Scope`]
//! and a naive walk through the tree against each other; `docs/access-matrix.md` prints what
//! [`may`] decides for every principal, relation and action.

mod action;
mod actor;
mod decide;
mod desk;
mod object;
mod scope;

pub use action::Action;
pub use actor::{Access, Actor, Over, PersonActor, Right};
pub use decide::{Decision, Refusal, may};
pub use desk::{Approver, Colleague, DeskRegisters, desk_division, opens_desk};
pub use object::{LogObject, Object, RecordObject};
pub use scope::{PathRange, Scope};
