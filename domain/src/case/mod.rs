//! 问题: what becomes of a report that somebody else must put right, from 登记 to 销号.
//!
//! A case has no life of its own: it is folded from the report and from the steps that desks and
//! units append to it (4-domain, *Case*, M27). The server judges each step once; its verdict
//! travels with the step.

mod any_step;
mod deadline;
mod fold;
mod ladder;
mod rules;
mod stage;
mod state;
mod step;
mod verdict;

pub use deadline::{Mark, Rung, Standing, ladder};
pub use fold::{Told, fold};
pub use ladder::{Ladder, Reached};
pub use stage::Stage;
pub use state::{Asked, Case, Due, Duty, Taken, Urged};
pub use step::Step;
pub use verdict::Verdict;
