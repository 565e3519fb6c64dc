use super::assets::Asset;
use crate::Outcome;
use sha2::{Digest, Sha256};

/// Fills the service worker's template with the list of files and a name for the version.
///
/// The console, maps and charts are not for a phone without a signal and stay out.
pub(super) fn fill(template: &str, assets: &[Asset]) -> Outcome<String> {
    let files: Vec<_> = assets
        .iter()
        .filter(|a| is_for_the_phone(&a.path))
        .collect();
    let list: Vec<_> = files
        .iter()
        .map(|a| {
            let url = if a.path == "/index.html" {
                "/"
            } else {
                &a.path
            };
            let mime = a.mime.split(';').next().unwrap_or_default();
            serde_json::json!({ "url": url, "sha256": a.sha256, "size": a.size, "type": mime })
        })
        .collect();
    let list = serde_json::to_string(&list).map_err(|e| e.to_string())?;
    // The text counts too: a worker with other rules over the same files must not write into the
    // cache that the one in use serves from.
    let mut hash = Sha256::new();
    hash.update(template);
    hash.update(&list);
    let version = hex::encode(&hash.finalize()[..8]);
    for mark in ["__VERSION__", "__FILES__"] {
        if template.matches(mark).count() != 1 {
            return Err(format!(
                "public/sw.template.js must name {mark} exactly once"
            ));
        }
    }
    Ok(template
        .replace("__VERSION__", &version)
        .replace("__FILES__", &list))
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

    #[test]
    fn the_list_is_complete_without_the_console() {
        let assets = [
            asset("/index.html"),
            asset("/phone.css"),
            asset("/console/c.css"),
        ];
        let worker = fill("v '__VERSION__' f __FILES__;", &assets).unwrap();
        assert!(worker.contains(r#""url":"/""#) && worker.contains(r#""url":"/phone.css""#));
        assert!(!worker.contains("console") && !worker.contains("__"));
        assert!(fill("nothing to fill", &assets).is_err());
    }

    #[test]
    fn another_content_is_another_version() {
        let mut assets = [asset("/phone.css")];
        let before = fill("__VERSION__ __FILES__", &assets).unwrap();
        assets[0].sha256 = "cd".into();
        assert_ne!(before, fill("__VERSION__ __FILES__", &assets).unwrap());
    }

    #[test]
    fn other_rules_over_the_same_files_are_another_version() {
        let version = |template: &str| fill(template, &[]).unwrap()[..16].to_owned();
        assert_ne!(
            version("__VERSION__ __FILES__"),
            version("__VERSION__ __FILES__;")
        );
    }
}
