//! Turns `locales/zh.json` into the constants of `Key`, and names the file of the English words. A
//! key or a placeholder that one language has and the other has not stops the build
//! (docs/adr/0005).

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

type Words = BTreeMap<String, String>;

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let (zh, en) = (read("zh"), read("en"));
    let mut faults = Vec::new();
    for key in zh.keys().chain(en.keys()) {
        match (zh.get(key), en.get(key)) {
            (Some(a), Some(b)) if holes(a) != holes(b) => {
                faults.push(format!("{key}: the languages have different placeholders"));
            }
            (None, _) => faults.push(format!("{key}: missing in zh.json")),
            (_, None) => faults.push(format!("{key}: missing in en.json")),
            _ => {}
        }
    }
    assert!(faults.is_empty(), "locales:\n  {}", faults.join("\n  "));
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("words.rs"), code(&zh, &en)).expect("OUT_DIR is writable");
}

fn read(language: &str) -> Words {
    let path = format!("locales/{language}.json");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn holes(text: &str) -> Vec<&str> {
    let mut found: Vec<_> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect();
    found.sort_unstable();
    found
}

fn code(zh: &Words, en: &Words) -> String {
    let (mut names, mut codes) = (String::new(), String::new());
    for (no, (key, chinese)) in zh.iter().enumerate() {
        let (name, doc) = (camel(key), chinese.replace('\n', " "));
        let _ = writeln!(
            names,
            "    /// {doc}\n    pub const {name}: Self = Self({chinese:?}, {no});"
        );
        if key.starts_with("code.") {
            let _ = writeln!(codes, "        {key:?} => Some(Key::{name}),");
        }
    }
    // Constants, not one table: what only the console says does not travel to the phone.
    format!(
        "const ENGLISH: &str = {:?};\n\n\
         #[allow(non_upper_case_globals, reason = \"read as the variants of an enum\")]\n\
         impl Key {{\n{names}}}\n\n\
         fn by_code(code: &str) -> Option<Key> {{\n    match code {{\n{codes}        \
         _ => None,\n    }}\n}}\n",
        address(en)
    )
}

/// Where `cargo xtask build` puts the English words: all of them in the order of their keys.
fn address(en: &Words) -> String {
    let words: Vec<_> = en.values().collect();
    let text = serde_json::to_string(&words).expect("texts are JSON");
    format!("/words/en-{}.json", hex::encode(&Sha256::digest(text)[..8]))
}

/// `home.fix_later` becomes `HomeFixLater`.
fn camel(key: &str) -> String {
    let words = key.split(['.', '_', '-']);
    let capital = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    };
    words.map(capital).collect()
}
