//! Making the rescue file. Photos go through piece by piece into parts that the browser keeps
//! outside of our memory; none is ever whole here.

use crate::VERSION;
use crate::device::clock;
use crate::store::{CHUNK_BYTES, LocalStore, Rescue, RescueBlob};
use domain::hash::Sha256Stream;
use domain::ids::DeviceId;
use domain::rescue::{Crc, FORMAT, Head, Manifest, Name, Zip};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Blob, File, FilePropertyBag};

/// One file grows to at most so much, bytes: what is left goes into the next.
const MOST: u64 = 1 << 30;

/// A rescue file, ready to be kept or sent.
#[derive(Debug, Clone)]
pub struct RescueFile {
    /// The file.
    pub file: File,
    /// What is in it.
    pub manifest: Manifest,
    /// Blobs that went in.
    pub blobs: u32,
    /// What could not be read.
    pub damaged: Vec<String>,
    /// Blobs for which there was no room: they make another file.
    pub left: usize,
}

/// Makes the file of what was gathered; `step` hears how many blobs are done. `None` if the
/// browser has no files.
pub async fn make(
    store: &LocalStore,
    name: String,
    device_id: Option<DeviceId>,
    gathered: Rescue,
    step: impl Fn(usize),
) -> Option<RescueFile> {
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        v: 1,
        person: store.person().clone(),
        name,
        device_id,
        app_version: VERSION.to_owned(),
        made_ms: clock::wall(),
        entries: count(gathered.entries.len()),
        blobs: count(gathered.blobs.len()),
        drafts: count(gathered.drafts.len()),
    };
    let mut damaged = gathered.damaged;
    let mut pack = Pack::default();
    pack.add(Name::Manifest, &serde_json::to_vec_pretty(&manifest).ok()?)?;
    for (n, entry) in (1..).zip(&gathered.entries) {
        let text = serde_json::to_vec(entry).ok()?;
        pack.add(Name::Entry(n), &text)?;
    }
    for (id, text) in &gathered.drafts {
        pack.add(Name::Draft(*id), text)?;
    }
    let (mut blobs, mut left) = (0, 0);
    for (done, blob) in gathered.blobs.iter().enumerate() {
        step(done);
        if u64::from(pack.zip.size()) + blob.size > MOST && blobs > 0 {
            left += 1;
            continue;
        }
        match pack.add_blob(store, *blob).await {
            Some(()) => blobs += 1,
            None => damaged.push(format!("photo {}", blob.sha256)),
        }
    }
    step(gathered.blobs.len());
    pack.add(Name::Damaged, &serde_json::to_vec_pretty(&damaged).ok()?)?;
    let file = pack.close(&manifest)?;
    Some(RescueFile {
        file,
        manifest,
        blobs,
        damaged,
        left,
    })
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The parts of the file in their order.
#[derive(Default)]
struct Pack {
    zip: Zip,
    parts: Array,
}

impl Pack {
    fn add(&mut self, name: Name, bytes: &[u8]) -> Option<()> {
        let head = Head {
            name: name.text(),
            crc: Crc::of(bytes),
            size: u32::try_from(bytes.len()).ok()?,
        };
        let before = self.zip.file(head)?;
        self.push(&before);
        self.push(bytes);
        Some(())
    }

    /// A blob that is wholly there and is what its hash says; `None` otherwise.
    async fn add_blob(&mut self, store: &LocalStore, blob: RescueBlob) -> Option<()> {
        let (mut crc, mut hash) = (Crc::default(), Sha256Stream::default());
        let pieces = Array::new();
        let mut at = 0;
        while at < blob.size {
            let piece = store.photo_bytes(blob.sha256, at, CHUNK_BYTES as u64).await;
            let piece = piece.ok()??;
            if piece.is_empty() {
                return None;
            }
            crc.update(&piece);
            hash.update(&piece);
            at += piece.len() as u64;
            // A part of its own: the browser may put it on the disk.
            let part = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(&piece[..])));
            pieces.push(&part.ok()?.into());
        }
        if hash.finish() != blob.sha256 {
            return None;
        }
        let head = Head {
            name: Name::Blob(blob.sha256).text(),
            crc: crc.finish(),
            size: u32::try_from(at).ok()?,
        };
        let before = self.zip.file(head)?;
        self.push(&before);
        for piece in pieces.iter() {
            self.parts.push(&piece);
        }
        Some(())
    }

    fn push(&mut self, bytes: &[u8]) {
        self.parts.push(&Uint8Array::from(bytes));
    }

    fn close(mut self, manifest: &Manifest) -> Option<File> {
        let end = std::mem::take(&mut self.zip).close();
        self.push(&end);
        let kind = FilePropertyBag::new();
        kind.set_type("application/zip");
        let name = format!("xunhe-{}-{}.zip", manifest.person, manifest.made_ms.0);
        let parts: JsValue = self.parts.into();
        File::new_with_blob_sequence_and_options(&parts, &name, &kind).ok()
    }
}
