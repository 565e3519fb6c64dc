//! Both programs of the browser over one library: the phone app and the console.
//!
//! Only `pages` and `ui` know Leptos' views; only `store::idb` knows IndexedDB; `sync` carries
//! out what the domain's engine says and decides nothing.

pub mod api;
pub mod atlas;
pub mod device;
pub mod duty;
pub mod model;
pub mod pages;
pub mod patrol;
pub mod pictures;
pub mod rescue;
pub mod settings;
pub mod store;
pub mod sync;
pub mod ui;
pub mod way;
pub mod words;

/// This app, as entries and announcements name it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
