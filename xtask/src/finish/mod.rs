//! What trunk leaves is not yet what a phone should get: no inline script (the content security
//! policy forbids it), one style sheet instead of many, a program whose
//! functions stand as they compress best, a service worker that knows every file by
//! its hash, everything compressed once instead of at each request.

mod assets;
mod inline;
mod order;
pub(crate) mod size;
mod squeeze;
mod styles;
mod words;
mod worker;

use crate::Outcome;
use std::fs;
use std::path::Path;

/// Puts the two built pages and the public files together in `dist`, which is replaced only when
/// everything is well. `squeezed` keeps compressed files from one time to the next.
pub(crate) fn finish(
    staging: &Path,
    public: &Path,
    locale: &Path,
    squeezed: &Path,
    dist: &Path,
) -> Outcome {
    let made = dist.with_extension("new");
    remove(&made)?;
    copy(&staging.join("phone"), &made)?;
    copy(&staging.join("console"), &made.join("console"))?;
    copy(public, &made)?;
    words::write(locale, &made)?;
    let template = made.join("sw.template.js");
    let text = fs::read_to_string(&template).map_err(|e| at(&template, &e))?;
    fs::remove_file(&template).map_err(|e| at(&template, &e))?;
    for (dir, public_url) in [(&made, "/"), (&made.join("console"), "/console/")] {
        inline::extract(dir, public_url)?;
        styles::join(dir, public_url)?;
        order::programs(dir)?;
    }
    let worker = worker::fill(&text, &assets::list(&made)?)?;
    fs::write(made.join("sw.js"), worker).map_err(|e| at(&made, &e))?;
    let mut all = assets::list(&made)?;
    squeeze::all(&made, &mut all, squeezed)?;
    let manifest = serde_json::to_string_pretty(&all).map_err(|e| e.to_string())?;
    fs::write(made.join("assets.json"), manifest).map_err(|e| at(&made, &e))?;
    remove(dist)?;
    fs::rename(&made, dist).map_err(|e| at(dist, &e))
}

fn remove(dir: &Path) -> Outcome {
    match fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(at(dir, &e)),
        _ => Ok(()),
    }
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

#[cfg(test)]
mod tests;
