use super::assets::Asset;
use crate::Outcome;
use sha2::{Digest, Sha256};

/// Fills the service worker's template with the lists of files and a name for each version.
///
/// The console and charts are not for a phone without a signal and stay out; the map has a list
/// of its own, which is kept when it is wanted.
pub(super) fn fill(template: &str, assets: &[Asset]) -> Outcome<String> {
    let files = list(assets, is_for_the_phone)?;
    let map = list(assets, |path| path.starts_with("/map/"))?;
    // The text counts too: a worker with other rules over the same files must not write into the
    // cache that the one in use serves from.
    let fillings = [
        ("__VERSION__", version(&[template, &files, &map])),
        ("__FILES__", files),
        ("__MAP_VERSION__", version(&[&map])),
        ("__MAP_FILES__", map),
    ];
    let mut worker = template.to_owned();
    for (mark, filling) in fillings {
        if template.matches(mark).count() != 1 {
            return Err(format!(
                "public/sw.template.js must name {mark} exactly once"
            ));
        }
        worker = worker.replace(mark, &filling);
    }
    Ok(worker)
}

fn list(assets: &[Asset], wanted: fn(&str) -> bool) -> Outcome<String> {
    let files = assets.iter().filter(|a| wanted(&a.path)).map(|a| {
        let url = if a.path == "/index.html" {
            "/"
        } else {
            &a.path
        };
        let mime = a.mime.split(';').next().unwrap_or_default();
        serde_json::json!({ "url": url, "sha256": a.sha256, "size": a.size, "type": mime })
    });
    serde_json::to_string(&files.collect::<Vec<_>>()).map_err(|e| e.to_string())
}

fn version(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text);
    }
    hex::encode(&hash.finalize()[..8])
}

fn is_for_the_phone(path: &str) -> bool {
    !path.starts_with("/console/") && !path.starts_with("/map/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(path: &str) -> Asset {
        Asset {
            path: path.into(),
            sha256: "ab".into(),
            size: 3,
            mime: "text/css; charset=utf-8".into(),
            immutable: false,
            compressed: false,
        }
    }

    const ALL: &str = "'__VERSION__' __FILES__ '__MAP_VERSION__' __MAP_FILES__";

    /// The version of the app and that of the map.
    fn versions(assets: &[Asset]) -> (String, String) {
        let worker = fill(ALL, assets).unwrap();
        let words: Vec<_> = worker.split('\'').collect();
        (words[1].to_owned(), words[3].to_owned())
    }

    #[test]
    fn the_lists_are_complete_without_the_console() {
        let assets = [
            asset("/index.html"),
            asset("/phone.css"),
            asset("/map/m.js"),
            asset("/console/c.css"),
        ];
        let worker = fill(ALL, &assets).unwrap();
        let (files, map) = worker.rsplit_once('\'').unwrap();
        assert!(files.contains(r#""url":"/""#) && files.contains(r#""url":"/phone.css""#));
        assert!(map.contains(r#""url":"/map/m.js""#) && !files.contains("m.js"));
        assert!(!worker.contains("console") && !worker.contains("__"));
        assert!(fill("nothing to fill", &assets).is_err());
    }

    #[test]
    fn another_content_is_another_version_and_the_map_has_its_own() {
        let mut assets = [asset("/phone.css"), asset("/map/m.js")];
        let first = versions(&assets);
        assets[0].sha256 = "cd".into();
        let second = versions(&assets);
        assert!(first.0 != second.0 && first.1 == second.1);
        assets[1].sha256 = "cd".into();
        let third = versions(&assets);
        assert!(second.0 != third.0 && second.1 != third.1);
    }

    #[test]
    fn other_rules_over_the_same_files_are_another_version() {
        let version = |template: &str| fill(template, &[]).unwrap()[..18].to_owned();
        assert_ne!(version(ALL), version(&format!("{ALL};")));
    }
}
