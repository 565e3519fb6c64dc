//! Copies of a photo: a small one for lists, and one with time and place burned in. The original
//! is stored before; whatever fails here costs a copy, never evidence.

use super::{clock, random};
use crate::store::LocalStore;
use crate::words::whole;
use domain::entry::BlobRole;
use domain::record::DerivedPhoto;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap, ImageBitmapOptions,
    ResizeQuality,
};

const MIME: &str = "image/jpeg";
const THUMB_PX: u32 = 320;
const MARKED_PX: u32 = 1_600;

/// What is burned into the marked copy, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Time, place and accuracy, person and post, reach.
    pub lines: Vec<String>,
}

/// Makes and stores the copies of `file`; as many as the phone manages.
pub async fn make_copies(store: &LocalStore, file: &File, stamp: &Stamp) -> Vec<DerivedPhoto> {
    let mut made = Vec::new();
    // Decoded once: 50 megapixels take 200 MB, and an old phone two seconds.
    let Some(bitmap) = decode(file).await else {
        return made;
    };
    for (role, side) in [(BlobRole::Thumb, THUMB_PX), (BlobRole::Marked, MARKED_PX)] {
        let stamp = (role == BlobRole::Marked).then_some(stamp);
        let Some(bytes) = copy(&bitmap, side, stamp).await else {
            continue;
        };
        let stored = store
            .put_photo(random::bytes(), clock::wall(), &bytes)
            .await;
        if let Ok(photo) = stored {
            let (sha256, size) = (photo.sha256, photo.size);
            made.push(DerivedPhoto {
                sha256,
                size,
                role,
                mime: MIME.to_owned(),
            });
        }
    }
    bitmap.close();
    made
}

async fn decode(file: &File) -> Option<ImageBitmap> {
    let window = web_sys::window()?;
    let options = ImageBitmapOptions::new();
    options.set_resize_quality(ResizeQuality::Medium);
    let decoded = window.create_image_bitmap_with_blob_and_image_bitmap_options(file, &options);
    let bitmap = JsFuture::from(decoded.ok()?).await.ok()?;
    Some(bitmap.unchecked_into())
}

async fn copy(bitmap: &ImageBitmap, side: u32, stamp: Option<&Stamp>) -> Option<Vec<u8>> {
    let canvas = draw(bitmap, side, stamp)?;
    let bytes = encode(&canvas).await;
    // Some browsers give canvas memory back only when it is made small.
    canvas.set_width(1);
    canvas.set_height(1);
    bytes
}

fn draw(bitmap: &ImageBitmap, side: u32, stamp: Option<&Stamp>) -> Option<HtmlCanvasElement> {
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.unchecked_into();
    let (width, height) = fit(bitmap.width(), bitmap.height(), side);
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
    let (w, h) = (f64::from(width), f64::from(height));
    context
        .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, w, h)
        .ok()?;
    if let Some(stamp) = stamp {
        burn_in(&context, w, h, stamp);
    }
    Some(canvas)
}

fn burn_in(context: &CanvasRenderingContext2d, width: f64, height: f64, stamp: &Stamp) {
    let size = (width.min(height) / 28.0).max(14.0);
    let line = size * 1.45;
    #[allow(clippy::cast_precision_loss, reason = "a handful of lines")]
    let band = line * stamp.lines.len() as f64 + size;
    context.set_fill_style_str("rgba(0, 0, 0, 0.55)");
    context.fill_rect(0.0, height - band, width, band);
    context.set_font(&format!("{}px sans-serif", whole(size)));
    context.set_line_width(size / 6.0);
    context.set_stroke_style_str("rgba(0, 0, 0, 0.8)");
    context.set_fill_style_str("#ffffff");
    let mut y = height - band + line;
    for text in &stamp.lines {
        let _ = context.stroke_text(text, size, y);
        let _ = context.fill_text(text, size, y);
        y += line;
    }
}

/// The size that fits `side` on the longer edge; a small picture stays as it is.
fn fit(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= side {
        return (width.max(1), height.max(1));
    }
    let scaled = |edge: u32| (edge * side / longer).max(1);
    (scaled(width), scaled(height))
}

async fn encode(canvas: &HtmlCanvasElement) -> Option<Vec<u8>> {
    let promise = js_sys::Promise::new(&mut |done, failed| {
        let taken = Closure::once_into_js(move |blob: JsValue| {
            let _ = done.call1(&JsValue::NULL, &blob);
        });
        let quality = JsValue::from_f64(0.82);
        let begun =
            canvas.to_blob_with_type_and_encoder_options(taken.unchecked_ref(), MIME, &quality);
        if let Err(error) = begun {
            let _ = failed.call1(&JsValue::NULL, &error);
        }
    });
    let blob = JsFuture::from(promise).await.ok()?;
    let buffer = blob.dyn_into::<web_sys::Blob>().ok()?.array_buffer();
    let buffer = JsFuture::from(buffer).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer.unchecked_into::<js_sys::ArrayBuffer>()).to_vec())
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn copies_keep_their_proportions() {
        assert_eq!(fit(4_000, 3_000, 320), (320, 240));
        assert_eq!(fit(3_000, 4_000, 1_600), (1_200, 1_600));
        assert_eq!(fit(100, 50, 320), (100, 50));
        assert_eq!(fit(16_000, 1, 320), (320, 1));
    }
}
