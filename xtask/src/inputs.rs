//! What the app is made of, as one hash: the slowest step of all is skipped while nothing in it
//! changed. Time stamps do not tell, because a fresh clone has new ones.

use crate::sh::ask;
use crate::{Outcome, paths};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// Below the top: what cannot change the app. Anything else counts, so that a folder added one
/// day is not forgotten here.
const OUTSIDE: [&str; 8] = [
    "data",
    "dist",
    "docs",
    "node_modules",
    "server",
    "target",
    "test-results",
    "tests",
];

/// The hash of everything that the built app depends on, the compiler included.
pub(crate) fn hash() -> Outcome<String> {
    let mut hash = Sha256::new();
    hash.update(ask("rustc", &["--version"]).unwrap_or_default());
    add(&mut hash, paths::root().as_path(), "", &OUTSIDE)?;
    Ok(hex::encode(hash.finalize()))
}

fn add(hash: &mut Sha256, dir: &Path, prefix: &str, outside: &[&str]) -> Outcome {
    let failed = |e: std::io::Error| format!("{}: {e}", dir.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name());
    }
    names.sort();
    for name in names {
        let (path, name) = (dir.join(&name), name.to_string_lossy());
        let hidden = name.starts_with('.') && name != ".cargo";
        if hidden || outside.contains(&name.as_ref()) {
            continue;
        }
        let below = format!("{prefix}/{name}");
        if path.is_dir() {
            add(hash, &path, &below, &["tests"])?;
        } else {
            let bytes = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            hash.update(&below);
            hash.update(bytes.len().to_le_bytes());
            hash.update(bytes);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(dir: &Path) -> String {
        let mut hash = Sha256::new();
        add(&mut hash, dir, "", &OUTSIDE).unwrap();
        hex::encode(hash.finalize())
    }

    #[test]
    fn the_app_counts_and_the_server_does_not() {
        let top = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = top.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("app/src/lib.rs", "one");
        let first = of(top.path());
        write("server/src/lib.rs", "one");
        write("app/tests/store.rs", "one");
        write(".git/HEAD", "one");
        assert_eq!(of(top.path()), first);
        write("app/src/lib.rs", "two");
        let second = of(top.path());
        assert_ne!(second, first);
        write("catalogue/kinds.csv", "one");
        assert_ne!(of(top.path()), second);
    }
}
