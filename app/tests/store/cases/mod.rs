//! The cases, by what they are about.

pub(crate) mod delivery;
pub(crate) mod erased;
pub(crate) mod lists;
pub(crate) mod news;
pub(crate) mod patrols;
pub(crate) mod photos;
pub(crate) mod saving;
pub(crate) mod view;
