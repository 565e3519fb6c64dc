//! A case on the screen: where it stands, what was done, and what a unit may do about it. Phone
//! and desk show the same timeline.

mod form;
mod ladder;
mod names;
mod said;
mod timeline;
mod unit;

pub(super) use form::StepForm;
pub(super) use ladder::say_mark;
pub(super) use names::Names;
pub(super) use said::{say_class, say_due, say_reminder, say_stage, stage_tone};
pub(super) use timeline::{Standing, Timeline};
pub(super) use unit::UnitSteps;
