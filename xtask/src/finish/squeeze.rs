use super::assets::Asset;
use super::at;
use crate::Outcome;
use flate2::{Compression, write::GzEncoder};
use std::fs;
use std::io::Write;
use std::path::Path;

/// Below this the frame of a compressed answer costs more than it saves.
const WORTH_BYTES: u64 = 512;

type Squeeze = fn(&[u8]) -> std::io::Result<Vec<u8>>;

/// Writes `.br` and `.gz` beside every file that gains by it. Brotli 11 is slow, so what was
/// squeezed before is taken from `kept` by its content hash.
pub(super) fn all(dist: &Path, assets: &mut [Asset], kept: &Path) -> Outcome {
    fs::create_dir_all(kept).map_err(|e| at(kept, &e))?;
    for asset in assets.iter_mut() {
        let dense = asset.mime.starts_with("image/png") || asset.size < WORTH_BYTES;
        if dense {
            continue;
        }
        let path = dist.join(asset.path.trim_start_matches('/'));
        for (ending, squeeze) in [("br", brotli as Squeeze), ("gz", gzip)] {
            let known = kept.join(format!("{}.{ending}", asset.sha256));
            if !known.exists() {
                let bytes = fs::read(&path).map_err(|e| at(&path, &e))?;
                let squeezed = squeeze(&bytes).map_err(|e| at(&path, &e))?;
                fs::write(&known, squeezed).map_err(|e| at(&known, &e))?;
            }
            let beside = format!("{}.{ending}", path.display());
            fs::copy(&known, &beside).map_err(|e| format!("{beside}: {e}"))?;
        }
        asset.compressed = true;
    }
    Ok(())
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = ::brotli::CompressorWriter::new(&mut out, 64 * 1024, 11, 22);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);
    Ok(out)
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(bytes)?;
    writer.finish()
}
