//! Building the app (two pages) and the server that embeds it.

use crate::sh::{cargo, program, run, say};
use crate::{Outcome, finish, inputs, paths, tools};
use std::fs;
use std::path::{Path, PathBuf};

/// Both pages, each its own program of the crate `app`: name, source and address.
const PAGES: [(&str, &str, &str); 2] = [
    ("phone", "app/index.html", "/"),
    ("console", "app/console.html", "/console/"),
];

/// Builds both pages as users get them and finishes them into `dist/`; what is built already is
/// left alone.
pub(crate) fn app() -> Outcome<PathBuf> {
    tools::for_building()?;
    let (staging, dist) = (paths::target().join("trunk"), paths::dist());
    let inputs = inputs::hash()?;
    if is_made_of(&dist, &inputs) {
        say(&format!("The app in {} is up to date.", dist.display()));
        return Ok(dist);
    }
    if !is_made_of(&staging, &inputs) {
        for (page, html, public_url) in PAGES {
            let out = staging.join(page);
            let mut trunk = program("trunk", &["build", html, "--public-url", public_url]);
            // Trunk takes the usual NO_COLOR=1 for a flag of its own and refuses it.
            trunk.arg("--dist").arg(&out).env_remove("NO_COLOR");
            trunk.env("TRUNK_SKIP_VERSION_CHECK", "true");
            run(trunk, 30)?;
        }
        mark(&staging, &inputs)?;
    }
    let squeezed = paths::target().join("squeezed");
    let (public, english) = ("public", "app/locales/en.json");
    let [public, english] = [public, english].map(|path| paths::root().join(path));
    finish::finish(&staging, &public, &english, &squeezed, &dist)?;
    mark(&dist, &inputs)?;
    say(&format!("The app is in {}.", dist.display()));
    Ok(dist)
}

/// Written last into a folder: what it was made of.
const MADE_OF: &str = "made-of";

fn is_made_of(folder: &Path, inputs: &str) -> bool {
    fs::read_to_string(folder.join(MADE_OF)).is_ok_and(|made_of| made_of == inputs)
}

fn mark(folder: &Path, inputs: &str) -> Outcome {
    let path = folder.join(MADE_OF);
    fs::write(&path, inputs).map_err(|e| format!("{}: {e}", path.display()))
}

/// Builds the server for the tests and for `run`; returns the binary.
pub(crate) fn server(release: bool) -> Outcome<PathBuf> {
    let mut build = cargo(&["build", "--package", "xunhe-server", "--bin", "xunhe"]);
    if release {
        build.arg("--release");
    }
    build.env("XUNHE_DIST", paths::dist());
    run(build, 40)?;
    Ok(paths::target()
        .join(if release { "release" } else { "debug" })
        .join("xunhe"))
}

/// One release binary with the app inside.
pub(crate) fn binary() -> Outcome {
    app()?;
    let built = server(true)?;
    say(&format!(
        "One binary, one data folder: {} serve --data ./data",
        built.display()
    ));
    Ok(())
}
