//! The registers: divisions, waters, reaches, posts, persons, units, grants, catalogues.
//!
//! A [`RegisterSet`] is plain lists as an import reads them; [`Registers`] are the same, checked
//! and indexed; [`PhoneRegisters`] are the few of them that a phone needs. Ids are opaque and
//! never change; official codes are attributes. Words that an operator may extend keep unknown
//! values.

mod calendar;
mod catalogue;
mod check;
mod chief;
mod county;
mod day;
mod division;
mod grant;
mod ids;
mod line;
mod outfall;
mod path;
mod period;
mod person;
mod phone;
mod post;
mod registers;
mod section;
mod set;
mod tree;
mod water;

pub use calendar::{Calendar, CountedDays, CountingRule, Holiday, HolidayTable, OnHoliday};
pub use catalogue::{DeadlineClass, Department, OutfallType, ProblemKind, Severity};
pub use check::RegisterError;
pub use chief::ChiefLevel;
pub use county::County;
pub use day::{BadDay, Day, Term};
pub use division::{CodeScheme, Division, DivisionLevel, OfficialCode};
pub use grant::{Grant, GrantScope, Role};
pub use ids::{
    DivisionId, GrantId, OutfallId, PersonId, PostId, ReachId, SectionId, UnitId, WaterId,
};
pub use outfall::{Charge, ChargeManner, Outfall, OutfallState};
pub use path::{BadPath, DivisionPath};
pub use period::{Closing, LedgerPeriod, Period};
pub use person::{Person, Unit, UnitKind};
pub use phone::PhoneRegisters;
pub use post::{Assignment, Manner, Post, PostKind};
pub use registers::{Belonging, Registers};
pub use section::{Section, SectionGrade};
pub use set::RegisterSet;
pub use tree::{DivisionTree, TreeError};
pub use water::{Bank, Reach, ReachLine, Water, WaterKind};
