//! 巡河: where somebody walked, for how long and how far, and whether that is enough.
//!
//! Distance counts only between fixes that follow each other and are accurate; a gap or a jump is
//! never distance (4-domain, *Patrol plan*). The phone computes and explains; only a supervisor
//! may rule that a patrol does not count.

mod cover;
mod drawn;
mod fields;
mod part;
mod rule;
mod ruling;
mod tally;
mod track;

pub use cover::Cover;
pub use drawn::{Stretch, stretches};
pub use fields::{PatrolFinish, PatrolStart, Tick, TrackPart};
pub use part::{PART_MS, cut_part};
pub use rule::{Lacking, ValidityRule};
pub use ruling::Ruling;
pub use tally::{Leg, Tally, limits};
pub use track::{BadTrack, TrackFix, read_track, write_track};
