use super::at;
use crate::Outcome;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

const OPEN: &str = "<script type=\"module\">";
const CLOSE: &str = "</script>";

/// Moves the module script that trunk writes into the page into a file of its own.
pub(super) fn extract(dir: &Path, public_url: &str) -> Outcome {
    let page = dir.join("index.html");
    let html = fs::read_to_string(&page).map_err(|e| at(&page, &e))?;
    let (html, scripts) = split(&html, public_url)?;
    for (name, script) in scripts {
        let path = dir.join(name);
        fs::write(&path, script).map_err(|e| at(&path, &e))?;
    }
    fs::write(&page, html).map_err(|e| at(&page, &e))
}

/// The page with references instead of inline scripts, and the scripts by file name.
fn split(html: &str, public_url: &str) -> Outcome<(String, Vec<(String, String)>)> {
    let (mut page, mut rest, mut scripts) = (String::new(), html, Vec::new());
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (script, after) = after
            .split_once(CLOSE)
            .ok_or("the page has a script without an end")?;
        let hash = hex::encode(&Sha256::digest(script.as_bytes())[..8]);
        let name = format!("boot-{hash}.js");
        page.push_str(before);
        page.push_str("<script type=\"module\" src=\"");
        page.push_str(public_url);
        page.push_str(&name);
        page.push_str("\"></script>");
        scripts.push((name, script.trim_start().to_owned()));
        rest = after;
    }
    page.push_str(rest);
    match forbidden(&page) {
        Some(tag) => Err(format!("the content security policy forbids {tag}")),
        None => Ok((page, scripts)),
    }
}

/// The first tag that runs a script or sets a style by itself instead of naming a file.
fn forbidden(page: &str) -> Option<String> {
    let tags = page.split('<').skip(1);
    tags.filter_map(|tag| tag.split('>').next())
        .find(|tag| {
            let inline = tag.starts_with("script") && !tag.contains(" src=");
            let handler = |word: &str| word.starts_with("on") && word.contains('=');
            inline
                || tag.starts_with("style")
                || tag.contains(" style=")
                || tag.split_whitespace().skip(1).any(handler)
        })
        .map(|tag| format!("<{tag}>"))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn no_inline_script_remains() {
        let html = "<head><script type=\"module\">\nrun();\n</script></head>";
        let (page, scripts) = split(html, "/console/").unwrap();
        assert_eq!(scripts.len(), 1);
        assert_eq!(scripts[0].1, "run();\n");
        let reference = format!("src=\"/console/{}\"></script></head>", scripts[0].0);
        assert!(page.ends_with(&reference), "{page}");
        assert!(split("<script type=\"module\">", "/").is_err());
    }

    #[test]
    fn what_the_policy_forbids_is_not_built() {
        for page in [
            "<script>alert(1)</script>",
            "<script async type=\"text/javascript\">alert(1)</script>",
            "<style>body { color: red }</style>",
            "<p style=\"color: red\">",
            "<body onload=\"start()\">",
        ] {
            assert!(split(page, "/").is_err(), "{page}");
        }
        let good = "<script src=\"/a.js\"></script><p lang=\"zh\" class=\"once\">on = off</p>";
        assert_eq!(split(good, "/").unwrap().0, good);
    }
}
