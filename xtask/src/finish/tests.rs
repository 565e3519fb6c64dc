//! The finished app as a whole, made from two small pages like trunk's.

use super::assets::Asset;
use super::finish;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const PAGE: &str = "<!doctype html><html><head>\
    <link rel=\"stylesheet\" href=\"PUBLICbase-1f.css\"/>\
    <script type=\"module\">start();</script></head><body></body></html>";

struct Built {
    top: TempDir,
}

impl Built {
    fn new() -> Self {
        let top = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("staging/phone/index.html", PAGE.replace("PUBLIC", "/")),
            ("staging/phone/base-1f.css", "p {}".to_owned()),
            (
                "staging/phone/phone-b1f97d170e7e9946.js",
                "x();\n".repeat(400),
            ),
            (
                "staging/phone/phone-b1f97d170e7e9946_bg.wasm",
                "\0asm\u{1}\0\0\0".to_owned(),
            ),
            (
                "staging/console/index.html",
                PAGE.replace("PUBLIC", "/console/"),
            ),
            ("staging/console/base-1f.css", "p {}".to_owned()),
            (
                "staging/console/console-a547f8099641e897.js",
                "y();\n".repeat(400),
            ),
            ("public/manifest.webmanifest", "{}".to_owned()),
            ("en.json", r#"{"b":"two","a":"one"}"#.to_owned()),
            (
                "public/sw.template.js",
                "const A = '__VERSION__';\nconst F = __FILES__;\nconst M = '__MAP_VERSION__';\nconst N = __MAP_FILES__;\n"
                    .to_owned(),
            ),
        ] {
            let path = top.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self { top }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.top.path().join(path)
    }

    fn finish(&self) -> Result<(), String> {
        let [staging, public, words, kept] =
            ["staging", "public", "en.json", "kept"].map(|name| self.at(name));
        finish(&staging, &public, &words, &kept, &self.at("dist"))
    }

    fn assets(&self) -> Vec<Asset> {
        serde_json::from_slice(&fs::read(self.at("dist/assets.json")).unwrap()).unwrap()
    }
}

fn hash(path: &Path) -> String {
    hex::encode(Sha256::digest(fs::read(path).unwrap()))
}

#[test]
fn every_file_is_listed_by_what_it_is() {
    let built = Built::new();
    built.finish().unwrap();
    let assets = built.assets();
    for asset in &assets {
        let path = built.at(&format!("dist{}", asset.path));
        assert_eq!(asset.sha256, hash(&path), "{}", asset.path);
        assert_eq!(
            asset.size,
            fs::metadata(&path).unwrap().len(),
            "{}",
            asset.path
        );
    }
    let names: Vec<&str> = assets.iter().map(|asset| asset.path.as_str()).collect();
    assert_eq!(
        names.iter().filter(|name| name.contains("/boot-")).count(),
        2
    );
    for name in [
        "/index.html",
        "/sw.js",
        "/console/index.html",
        "/manifest.webmanifest",
    ] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    assert!(!names.iter().any(|name| name.contains("template")));
}

#[test]
fn the_worker_keeps_the_phones_files_and_no_others() {
    let built = Built::new();
    built.finish().unwrap();
    let worker = fs::read_to_string(built.at("dist/sw.js")).unwrap();
    let list = worker
        .split("const F = ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .trim_end_matches(';');
    let list: Vec<Value> = serde_json::from_str(list).unwrap();
    let listed: Vec<&str> = list
        .iter()
        .map(|file| file["url"].as_str().unwrap())
        .collect();
    let wanted: Vec<String> = built
        .assets()
        .into_iter()
        .map(|asset| asset.path)
        .filter(|path| !path.starts_with("/console/") && path != "/sw.js")
        .map(|path| {
            if path == "/index.html" {
                "/".to_owned()
            } else {
                path
            }
        })
        .collect();
    assert_eq!(listed, wanted);
    for file in list {
        let name = match file["url"].as_str().unwrap() {
            "/" => "/index.html",
            other => other,
        };
        assert_eq!(
            file["sha256"],
            hash(&built.at(&format!("dist{name}"))),
            "{name}"
        );
    }
}

#[test]
fn no_page_runs_a_script_of_its_own() {
    let built = Built::new();
    built.finish().unwrap();
    for page in ["dist/index.html", "dist/console/index.html"] {
        let html = fs::read_to_string(built.at(page)).unwrap();
        assert!(!html.contains("start()"), "{page}: {html}");
        assert_eq!(
            html.matches("<script").count(),
            html.matches(" src=").count(),
            "{page}"
        );
    }
}

#[test]
fn compressed_files_open_to_the_same_bytes() {
    let built = Built::new();
    built.finish().unwrap();
    let script = built.at("dist/phone-b1f97d170e7e9946.js");
    let packed = |ending: &str| fs::File::open(format!("{}.{ending}", script.display())).unwrap();
    let (mut brotli, mut gzip) = (Vec::new(), Vec::new());
    ::brotli::Decompressor::new(packed("br"), 4096)
        .read_to_end(&mut brotli)
        .unwrap();
    flate2::read::GzDecoder::new(packed("gz"))
        .read_to_end(&mut gzip)
        .unwrap();
    let plain = fs::read(&script).unwrap();
    assert!(brotli == plain && gzip == plain);
    let compressed = |path: &str| {
        built
            .assets()
            .iter()
            .any(|a| a.path == path && a.compressed)
    };
    assert!(compressed("/phone-b1f97d170e7e9946.js"));
    assert!(!compressed("/manifest.webmanifest"), "too small to gain");
}

#[test]
fn what_was_finished_before_stays_when_it_fails() {
    let built = Built::new();
    built.finish().unwrap();
    let before = hash(&built.at("dist/sw.js"));
    fs::write(
        built.at("staging/phone/index.html"),
        "<script>alert(1)</script>",
    )
    .unwrap();
    assert!(built.finish().unwrap_err().contains("policy"));
    assert_eq!(hash(&built.at("dist/sw.js")), before);
}
