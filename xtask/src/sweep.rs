//! Where clones come and go, each leaves its own compiled crates behind in the shared target
//! folder, several hundred megabytes a time.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

const KEPT: Duration = Duration::from_hours(72);
/// The project's own crates; what they depend on is the same for every clone and stays.
const OURS: [&str; 2] = ["xunhe", "xtask"];

/// Removes what the project's own crates left more than three days ago.
///
/// Nothing depends on its success: what cannot be removed now is tried again next time.
pub(crate) fn sweep(target: &Path) {
    let triples = ["", "wasm32-unknown-unknown"];
    let profiles = ["debug", "release", "wasm-release"];
    let folders = [".fingerprint", "build", "deps"];
    for triple in triples {
        for profile in profiles {
            for folder in folders {
                sweep_folder(&target.join(triple).join(profile).join(folder));
            }
        }
    }
}

fn sweep_folder(folder: &Path) {
    let Some(limit) = SystemTime::now().checked_sub(KEPT) else {
        return;
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = OURS.iter().any(|o| name.to_string_lossy().contains(o));
        let modified = entry.metadata().and_then(|about| about.modified());
        if ours && modified.is_ok_and(|at| at < limit) {
            let path = entry.path();
            let _ = if path.is_dir() {
                fs::remove_dir_all(path)
            } else {
                fs::remove_file(path)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_files_of_our_own_go() {
        let target = tempfile::tempdir().unwrap();
        let deps = target.path().join("debug/deps");
        fs::create_dir_all(&deps).unwrap();
        let old = SystemTime::now() - KEPT - Duration::from_mins(1);
        for (name, modified) in [
            ("libxunhe_domain-1.rlib", old),
            ("libxunhe_domain-2.rlib", SystemTime::now()),
            ("libserde-1.rlib", old),
        ] {
            let file = fs::File::create(deps.join(name)).unwrap();
            file.set_modified(modified).unwrap();
        }
        sweep(target.path());
        assert!(!deps.join("libxunhe_domain-1.rlib").exists());
        assert!(deps.join("libxunhe_domain-2.rlib").exists());
        assert!(deps.join("libserde-1.rlib").exists());
    }
}
