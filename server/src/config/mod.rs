//! What an operator may set. Flags go before environment, environment before file, file before
//! defaults. A wrong value names the setting, where it came from and what is allowed.

mod flags;
mod settings;
mod source;

pub use flags::{Command, Flags, parse};
pub use settings::{BadSetting, DatabaseUrl, Settings};
pub(crate) use source::NAMES;
pub use source::{Origin, Sources};
