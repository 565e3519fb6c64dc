//! Building the app (two pages) and the server that embeds it.

use crate::sh::{cargo, program, run, say};
use crate::{Outcome, finish, paths, tools};
use std::path::PathBuf;

/// Builds both pages as users get them and finishes them into `dist/`.
pub(crate) fn app() -> Outcome<PathBuf> {
    tools::for_building()?;
    let staging = paths::target().join("trunk");
    for (page, public_url) in [("phone", "/"), ("console", "/console/")] {
        let html = if page == "phone" {
            "app/index.html"
        } else {
            "app/console.html"
        };
        let out = staging.join(page);
        let mut trunk = program("trunk", &["build", html, "--public-url", public_url]);
        trunk.arg("--dist").arg(&out).env_remove("NO_COLOR");
        run(trunk, 30)?;
    }
    let dist = paths::dist();
    finish::finish(&staging, &paths::root().join("public"), &dist)?;
    say(&format!("The app is in {}.", dist.display()));
    Ok(dist)
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
