//! The components that screens are put together from; their looks are in `style/parts.css`.

#![allow(
    unreachable_pub,
    reason = "the component macro writes the props of every view as pub"
)]

mod callback;
mod chips;
mod compare;
mod facts;
mod icon;
mod kind;
mod link;
mod notice;
mod photo;
mod pill;
mod river_map;
mod row;
mod states;
mod top;
pub mod when;

pub use callback::LocalCallback;
pub use chips::{Chip, ChipGroup};
pub use compare::Compare;
pub use facts::Fact;
pub use icon::Camera;
pub use kind::say_kind;
pub use link::Link;
pub use notice::{Notice, Tone};
pub use photo::StoredPhoto;
pub use pill::Pill;
pub use river_map::RiverMap;
pub use row::ListRow;
pub use states::{Empty, Loading};
pub use top::{Tabs, Top};
