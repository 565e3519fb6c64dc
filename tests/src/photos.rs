//! Real JPEG files of the size that phones make, the same on every machine.

use domain::hash::Sha256;
use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder};
use std::path::{Path, PathBuf};

/// A photo on disk.
pub struct Photo {
    /// Where it lies.
    pub path: PathBuf,
    /// The hash of its bytes.
    pub sha256: Sha256,
    /// Its bytes.
    pub size: u64,
}

/// Writes a JPEG of about `megabytes` (2 to 8) into `dir`.
pub fn jpeg(dir: &Path, name: &str, megabytes: u32) -> Photo {
    // Noise over a gradient weighs about 1.05 bytes a pixel at quality 92.
    let (width, height) = (1_600, megabytes * 600);
    // Another name is another picture.
    let mut state = u64::from(megabytes) + name.bytes().map(u64::from).sum::<u64>() * 7_919;
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let noise = state.to_be_bytes()[0] / 3;
            let shade = u8::try_from(x * 120 / width + y * 80 / height).unwrap_or(u8::MAX);
            pixels.extend([
                shade / 2 + noise,
                shade + noise / 2,
                90 + shade / 2 + noise / 2,
            ]);
        }
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 92)
        .write_image(&pixels, width, height, ExtendedColorType::Rgb8)
        .unwrap();
    write(dir, name, &bytes)
}

/// The bytes of a picture of some kilobytes, `width` pixels wide.
pub fn tiny(width: u32) -> Vec<u8> {
    let height = width * 3 / 4;
    let pixel = |n: u32| [n % 251, n / width % 240, 128].map(|v| u8::try_from(v).unwrap_or(0));
    let pixels: Vec<u8> = (0..width * height).flat_map(pixel).collect();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 80)
        .write_image(&pixels, width, height, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

/// Writes any bytes as a file.
pub fn write(dir: &Path, name: &str, bytes: &[u8]) -> Photo {
    let path = dir.join(name);
    std::fs::write(&path, bytes).unwrap();
    Photo {
        path,
        sha256: Sha256::of(bytes),
        size: bytes.len() as u64,
    }
}
