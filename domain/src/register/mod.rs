//! The registers: divisions, waters, reaches, posts, persons, units, grants, catalogues.

mod ids;

pub use ids::{DivisionId, GrantId, PersonId, PostId, ReachId, SectionId, UnitId, WaterId};
