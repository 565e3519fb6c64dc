//! What trunk leaves is not yet what a phone should get: no inline script (the content security
//! policy forbids it), a service worker that knows every file by its hash, everything compressed
//! once instead of at each request.

mod assets;
mod inline;
pub(crate) mod size;
mod squeeze;
mod worker;

use crate::{Outcome, paths};
use std::fs;
use std::path::Path;

/// Puts the two built pages and the public files together in `dist`.
pub(crate) fn finish(staging: &Path, public: &Path, dist: &Path) -> Outcome {
    if dist.exists() {
        fs::remove_dir_all(dist).map_err(|e| at(dist, &e))?;
    }
    let worker = public.join("sw.template.js");
    copy(&staging.join("phone"), dist)?;
    copy(&staging.join("console"), &dist.join("console"))?;
    copy(public, dist)?;
    fs::remove_file(dist.join("sw.template.js")).map_err(|e| at(&worker, &e))?;
    inline::extract(dist, "/")?;
    inline::extract(&dist.join("console"), "/console/")?;
    let template = fs::read_to_string(&worker).map_err(|e| at(&worker, &e))?;
    let precache = assets::list(dist)?;
    let script = worker::fill(&template, &precache)?;
    fs::write(dist.join("sw.js"), script).map_err(|e| at(dist, &e))?;
    let mut all = assets::list(dist)?;
    squeeze::all(dist, &mut all, &paths::target().join("squeezed"))?;
    let manifest = serde_json::to_string_pretty(&all).map_err(|e| e.to_string())?;
    fs::write(dist.join("assets.json"), manifest).map_err(|e| at(dist, &e))
}

fn copy(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to).map_err(|e| at(to, &e))?;
    for entry in fs::read_dir(from).map_err(|e| at(from, &e))? {
        let entry = entry.map_err(|e| at(from, &e))?;
        let (source, copied) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &copied)?;
        } else {
            fs::copy(&source, &copied).map_err(|e| at(&source, &e))?;
        }
    }
    Ok(())
}

pub(crate) fn at(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
