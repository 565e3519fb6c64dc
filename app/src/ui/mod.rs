//! The components that screens are put together from; their looks are in `style/parts.css`.

mod chips;
mod facts;
mod notice;
mod photo;
mod pill;
mod row;
mod states;
mod top;
pub mod when;

pub use chips::{Chip, ChipGroup};
pub use facts::Fact;
pub use notice::{Notice, Tone};
pub use photo::StoredPhoto;
pub use pill::Pill;
pub use row::ListRow;
pub use states::{Empty, Loading};
pub use top::{Tabs, Top};
