//! What a phone loads before it shows anything.

use super::assets::Asset;
use super::at;
use crate::Outcome;
use crate::sh::tell;
use std::fs;
use std::path::Path;

/// Prints the first load of both pages as a table: raw, gzip, brotli 11.
pub(crate) fn print(dist: &Path) -> Outcome {
    let manifest = dist.join("assets.json");
    let text = fs::read_to_string(&manifest).map_err(|e| at(&manifest, &e))?;
    let assets: Vec<Asset> = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    for (page, prefix) in [("phone", ""), ("console", "/console")] {
        tell(&format!(
            "\n| {page} | raw | gzip | brotli 11 |\n|---|--:|--:|--:|"
        ));
        let mut sums = [0; 3];
        for asset in assets.iter().filter(|a| is_first_load(&a.path, prefix)) {
            let file = dist.join(asset.path.trim_start_matches('/'));
            let packed = |ending: &str| {
                fs::metadata(format!("{}.{ending}", file.display())).map_or(asset.size, |m| m.len())
            };
            let sizes = [asset.size, packed("gz"), packed("br")];
            sums.iter_mut()
                .zip(sizes)
                .for_each(|(sum, size)| *sum += size);
            tell(&row(&asset.path, sizes));
        }
        tell(&row("**together**", sums));
    }
    Ok(())
}

fn is_first_load(path: &str, prefix: &str) -> bool {
    let ending = [".html", ".js", ".css", ".wasm"]
        .iter()
        .any(|e| path.ends_with(e));
    let below = path.strip_prefix(prefix).unwrap_or_default();
    ending && below.matches('/').count() == 1 && below != "/sw.js"
}

fn row(name: &str, sizes: [u64; 3]) -> String {
    let kib = |bytes: u64| {
        let tenths = bytes * 10 / 1024;
        format!("{}.{} KiB", tenths / 10, tenths % 10)
    };
    format!(
        "| {name} | {} | {} | {} |",
        kib(sizes[0]),
        kib(sizes[1]),
        kib(sizes[2])
    )
}
