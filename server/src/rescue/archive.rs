use crate::http::Failure;
use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use domain::rescue::{BadZip, Crc, FORMAT, HEAD_BYTES, Head, Manifest, Name, Read, read_head};
use futures_util::StreamExt as _;

/// The largest manifest, bytes.
const MANIFEST_BYTES: u32 = 64 * 1024;
/// The form of manifests that is known here.
const VERSION: u16 = 1;

/// A rescue file as it comes in, read once and in order; never as a whole in memory.
pub(crate) struct Archive {
    body: BodyDataStream,
    held: BytesMut,
    /// Bytes of the file that was begun last that nobody took.
    left: u32,
}

/// The archive goes no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Its directory: every file was read.
    Whole,
    /// It was cut off, or is damaged at this place.
    Cut,
    /// Another program packed it.
    Foreign,
}

impl Archive {
    pub(crate) fn new(body: Body) -> Self {
        Self {
            body: body.into_data_stream(),
            held: BytesMut::new(),
            left: 0,
        }
    }

    /// The first file: whose records these are.
    pub(crate) async fn manifest(&mut self) -> Result<Manifest, Failure> {
        let head = self.next().await.map_err(no_rescue)?;
        let is_first = Name::read(&head.name) == Some(Name::Manifest);
        if !is_first || head.size > MANIFEST_BYTES {
            return Err(no_rescue(End::Foreign));
        }
        let bytes = self.whole(&head).await.map_err(no_rescue)?;
        let bytes = bytes.ok_or_else(|| no_rescue(End::Cut))?;
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|_| no_rescue(End::Foreign))?;
        if manifest.format != FORMAT {
            return Err(no_rescue(End::Foreign));
        }
        if manifest.v > VERSION {
            let detail = "this file was made by a newer app; update the server";
            return Err(Failure::bad("rescue_too_new", detail));
        }
        Ok(manifest)
    }

    /// The head of the next file; what nobody took of the one before is passed over.
    pub(crate) async fn next(&mut self) -> Result<Head, End> {
        while self.left > 0 {
            self.piece(64 * 1024).await?;
        }
        let mut need = HEAD_BYTES;
        loop {
            let enough = self.hold(need).await;
            match read_head(&self.held) {
                Ok(None) => return Err(End::Whole),
                Ok(Some(Read::Head { head, len })) => {
                    let _ = self.held.split_to(len);
                    self.left = head.size;
                    return Ok(head);
                }
                Ok(Some(Read::Need(more))) if enough && more > need => need = more,
                Err(BadZip::Foreign) => return Err(End::Foreign),
                Ok(Some(Read::Need(_))) | Err(BadZip::NoHead) => return Err(End::Cut),
            }
        }
    }

    /// At most so many of the next bytes of the file that was begun; empty at its end.
    pub(crate) async fn piece(&mut self, most: usize) -> Result<Bytes, End> {
        if self.left == 0 {
            return Ok(Bytes::new());
        }
        if self.held.is_empty() && !self.hold(1).await {
            return Err(End::Cut);
        }
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let piece = self.held.split_to(left.min(most).min(self.held.len()));
        // No longer than what was left, which is a u32.
        self.left -= u32::try_from(piece.len()).unwrap_or(self.left);
        Ok(piece.freeze())
    }

    /// All bytes of a small file that was just begun; `None` if they are not what its head says.
    pub(crate) async fn whole(&mut self, head: &Head) -> Result<Option<Vec<u8>>, End> {
        let (mut bytes, mut crc) = (Vec::new(), Crc::default());
        while self.left > 0 {
            let piece = self.piece(64 * 1024).await?;
            crc.update(&piece);
            bytes.extend_from_slice(&piece);
        }
        Ok((crc.finish() == head.crc).then_some(bytes))
    }

    /// Reads on until so many bytes are there; whether they are.
    async fn hold(&mut self, bytes: usize) -> bool {
        while self.held.len() < bytes {
            match self.body.next().await {
                Some(Ok(more)) => self.held.extend_from_slice(&more),
                Some(Err(_)) | None => return false,
            }
        }
        true
    }
}

fn no_rescue(end: End) -> Failure {
    match end {
        End::Foreign => Failure::bad(
            "rescue_foreign",
            "no rescue file, or one that another program packed anew; send it as the phone made it",
        ),
        End::Whole | End::Cut => Failure::bad(
            "rescue_unreadable",
            "no rescue file, or one whose beginning is damaged",
        ),
    }
}
