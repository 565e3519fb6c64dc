use super::at;
use crate::Outcome;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

const OPEN: &str = "<link rel=\"stylesheet\" href=\"";
const CLOSE: &str = "\"/>";

/// Joins the style sheets of a page into one: on 2G every file more costs a round trip of a
/// third of a second, and small files compress badly.
pub(super) fn join(dir: &Path, public_url: &str) -> Outcome {
    let page = dir.join("index.html");
    let html = fs::read_to_string(&page).map_err(|e| at(&page, &e))?;
    let (before, names, after) = split(&html, public_url)?;
    let mut joined = String::new();
    for name in names {
        let path = dir.join(name);
        joined += &fs::read_to_string(&path).map_err(|e| at(&path, &e))?;
        joined.push('\n');
        fs::remove_file(&path).map_err(|e| at(&path, &e))?;
    }
    let hash = hex::encode(&Sha256::digest(&joined)[..8]);
    let name = format!("style-{hash}.css");
    let path = dir.join(&name);
    fs::write(&path, joined).map_err(|e| at(&path, &e))?;
    let html = format!("{before}{OPEN}{public_url}{name}{CLOSE}{after}");
    fs::write(&page, html).map_err(|e| at(&page, &e))
}

/// What comes before the style sheets, their file names in order, and the rest of the page.
fn split<'a>(html: &'a str, public_url: &str) -> Outcome<(&'a str, Vec<&'a str>, String)> {
    let mut parts = html.split(OPEN);
    let before = parts.next().unwrap_or_default();
    let (mut names, mut rest) = (Vec::new(), String::new());
    for part in parts {
        let named = part.split_once(CLOSE).and_then(|(address, after)| {
            let name = address.strip_prefix(public_url)?;
            (!name.contains('/')).then_some((name, after))
        });
        let (name, after) = named.ok_or("a style sheet of the page is not beside it")?;
        names.push(name);
        rest.push_str(if after.trim().is_empty() { "" } else { after });
    }
    if names.is_empty() {
        return Err("the page has no style sheet".into());
    }
    Ok((before, names, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sheet_remains_in_the_order_of_the_page() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
        write("base-1f.css", "p { color: black }");
        write("phone-2e.css", "p { color: blue }");
        write(
            "index.html",
            "<head><link rel=\"stylesheet\" href=\"/base-1f.css\"/>\n  \
             <link rel=\"stylesheet\" href=\"/phone-2e.css\"/><base href=\"/\" /></head>",
        );
        join(dir.path(), "/").unwrap();
        let page = fs::read_to_string(dir.path().join("index.html")).unwrap();
        let (_, names, rest) = split(&page, "/").unwrap();
        let [name] = names.as_slice() else {
            panic!("{page}")
        };
        assert_eq!(rest, "<base href=\"/\" /></head>");
        let style = fs::read_to_string(dir.path().join(name)).unwrap();
        assert_eq!(style, "p { color: black }\np { color: blue }\n");
        assert!(!dir.path().join("base-1f.css").exists());
    }

    #[test]
    fn a_sheet_from_elsewhere_is_an_error() {
        let page = "<link rel=\"stylesheet\" href=\"https://example.org/a.css\"/>";
        assert!(split(page, "/").is_err());
        assert!(split("<head></head>", "/").is_err());
    }
}
