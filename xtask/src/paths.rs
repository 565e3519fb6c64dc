//! Where things are.

use std::path::PathBuf;

/// The top of the project.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}

/// Where cargo puts what it builds. A CI run is a fresh clone each time, so there it is kept
/// under the user's cache folder.
pub(crate) fn target() -> PathBuf {
    let set = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    set.unwrap_or_else(|| {
        if is_ci() {
            cache().join("target")
        } else {
            root().join("target")
        }
    })
}

/// What the server embeds.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// Whether this is a CI run.
pub(crate) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true" || ci == "1")
}

fn cache() -> PathBuf {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(home);
    base.unwrap_or_else(std::env::temp_dir).join("xunhe")
}
