use axum::http::{HeaderMap, header};
use domain::hash::Sha256;
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::path::{Component, Path};

/// The built app; empty if none was there when the server was compiled (see `build.rs`).
#[derive(RustEmbed)]
#[folder = "$XUNHE_APP_FOLDER"]
struct Built;

/// A file, perhaps compressed already.
pub(super) struct Found {
    pub(super) bytes: Cow<'static, [u8]>,
    pub(super) encoding: Option<&'static str>,
    /// SHA-256 of the bytes as sent.
    pub(super) tag: String,
}

/// The file in the smallest form that the caller reads, built ahead beside it.
pub(super) async fn find(folder: Option<&Path>, name: &str, asked: &HeaderMap) -> Option<Found> {
    let path = Path::new(name);
    if !path.components().all(|c| matches!(c, Component::Normal(_))) {
        return None;
    }
    let forms = [("br", ".br"), ("gzip", ".gz")];
    for (encoding, ending) in forms.iter().filter(|(encoding, _)| reads(asked, encoding)) {
        if let Some((bytes, tag)) = read(folder, &format!("{name}{ending}")).await {
            return Some(Found {
                bytes,
                encoding: Some(encoding),
                tag,
            });
        }
    }
    let (bytes, tag) = read(folder, name).await?;
    Some(Found {
        bytes,
        encoding: None,
        tag,
    })
}

/// The file as it is.
pub(super) async fn plain(folder: Option<&Path>, name: &str) -> Option<Found> {
    let (bytes, tag) = read(folder, name).await?;
    Some(Found {
        bytes,
        encoding: None,
        tag,
    })
}

/// Every file of the app, in a fixed order; compressed forms are not named.
pub(super) async fn names(folder: Option<&Path>) -> Vec<String> {
    let mut all: Vec<String> = match folder.map(Path::to_owned) {
        Some(folder) => {
            let walked = tokio::task::spawn_blocking(move || walk(&folder, "")).await;
            walked.unwrap_or_default()
        }
        None => Built::iter().map(Cow::into_owned).collect(),
    };
    let squeezed = |name: &String| {
        let ending = Path::new(name).extension();
        ending.is_some_and(|e| e == "br" || e == "gz")
    };
    all.retain(|name| !squeezed(name));
    all.sort_unstable();
    all
}

fn walk(folder: &Path, below: &str) -> Vec<String> {
    let mut all = Vec::new();
    // What cannot be listed cannot be served either.
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            all.extend(walk(&entry.path(), &format!("{name}/")));
        } else {
            all.push(name);
        }
    }
    all
}

async fn read(folder: Option<&Path>, name: &str) -> Option<(Cow<'static, [u8]>, String)> {
    if let Some(folder) = folder {
        let bytes = tokio::fs::read(folder.join(name)).await.ok()?;
        let tag = Sha256::of(&bytes).to_string();
        return Some((bytes.into(), tag));
    }
    let file = Built::get(name)?;
    Some((file.data, hex::encode(file.metadata.sha256_hash())))
}

fn reads(asked: &HeaderMap, encoding: &str) -> bool {
    let accepted = asked
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some(encoding) && !words.any(|w| matches!(w, "q=0" | "q=0.0" | "q=0.00"))
    })
}
