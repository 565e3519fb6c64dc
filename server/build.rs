//! Tells the server where the built app lies: `XUNHE_DIST`, else `dist` of the workspace, else
//! an empty folder, so that the server builds without the app.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=XUNHE_DIST");
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let dist = env::var_os("XUNHE_DIST").map_or_else(|| here.join("../dist"), PathBuf::from);
    println!("cargo::rerun-if-changed={}", dist.display());
    let folder = if dist.is_dir() {
        dist.canonicalize()?
    } else {
        empty()?
    };
    println!("cargo::rustc-env=XUNHE_APP_FOLDER={}", folder.display());
    Ok(())
}

fn empty() -> io::Result<PathBuf> {
    let folder = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("no-app");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
