//! Photos: bytes in chunks as they came, complete only after they were read back.

use super::super::StoreError;
use super::super::disk::{Read, Row, Write};
use super::super::schema::{Mark, Table};
use super::rows::{PhotoDone, PhotoRow};
use super::{LocalStore, rows};
use domain::hash::{Sha256, Sha256Stream};
use domain::time::WallMs;

/// Bytes of one chunk; only the last of a photo is smaller.
pub const CHUNK_BYTES: usize = 512 * 1024;

/// A photo being taken in.
#[derive(Debug, Clone)]
pub struct Intake {
    id: String,
    begun_ms: WallMs,
    hash: Sha256Stream,
    size: u64,
    chunks: u32,
    /// A chunk smaller than [`CHUNK_BYTES`] came: it must have been the last.
    ended: bool,
}

/// A complete photo: its bytes were read back and hash to its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredPhoto {
    /// Hash of the bytes.
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
}

/// Where a complete photo lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    intake: String,
    /// Bytes.
    pub size: u64,
}

fn chunk_key(intake: &str, n: u64) -> String {
    format!("{intake}/{n:06}")
}

/// Of several complete intakes of the same bytes the first by key counts.
pub(super) fn by_hash(sha256: Sha256) -> Read {
    let hash = sha256.to_string();
    Read::marked(Table::Photo, Mark::Hash).starting(&hash)
}

impl LocalStore {
    /// Begins to take in a photo; `id` is random. Until [`finish_photo`](Self::finish_photo)
    /// nothing can refer to it.
    pub async fn begin_photo(&self, id: [u8; 16], now: WallMs) -> Result<Intake, StoreError> {
        let intake = Intake {
            id: hex(id),
            begun_ms: now,
            hash: Sha256Stream::default(),
            size: 0,
            chunks: 0,
            ended: false,
        };
        let row = intake.row(None)?;
        self.strictly(&[Table::Photo], &[], &|_| {
            Ok(vec![Write::Put(Table::Photo, row.clone())])
        })
        .await?;
        Ok(intake)
    }

    /// Stores the next piece, flushed to the medium when this returns.
    ///
    /// # Errors
    /// [`StoreError::BadChunk`] unless every piece but the last has [`CHUNK_BYTES`].
    pub async fn put_chunk(&self, intake: &mut Intake, bytes: Vec<u8>) -> Result<(), StoreError> {
        if intake.ended || bytes.is_empty() || bytes.len() > CHUNK_BYTES {
            return Err(StoreError::BadChunk(intake.chunks));
        }
        let mut hash = intake.hash.clone();
        hash.update(&bytes);
        let len = bytes.len();
        let row = Row {
            key: chunk_key(&intake.id, intake.chunks.into()),
            value: bytes,
            marks: Vec::new(),
        };
        self.strictly(&[Table::Chunk], &[], &|_| {
            Ok(vec![Write::Put(Table::Chunk, row.clone())])
        })
        .await?;
        intake.hash = hash;
        intake.size += len as u64;
        intake.chunks += 1;
        intake.ended = len < CHUNK_BYTES;
        Ok(())
    }

    /// Reads the bytes back, hashes them and, if they are what was written, makes the photo
    /// usable. Only now may anybody be told that it is saved.
    pub async fn finish_photo(&self, intake: Intake) -> Result<StoredPhoto, StoreError> {
        let mut again = Sha256Stream::default();
        for n in 0..intake.chunks {
            let key = chunk_key(&intake.id, n.into());
            let found = self.look(Read::one(Table::Chunk, key)).await?;
            let chunk = found.rows.first().ok_or(StoreError::PhotoDamaged)?;
            again.update(&chunk.value);
        }
        let done = PhotoDone {
            sha256: intake.hash.clone().finish(),
            size: intake.size,
        };
        if again.finish() != done.sha256 || done.size == 0 {
            return Err(StoreError::PhotoDamaged);
        }
        let row = intake.row(Some(done))?;
        let tables = [Table::Photo, Table::Chunk];
        let same = [by_hash(done.sha256)];
        self.strictly(&tables, &same, &|found| {
            let first: Option<PhotoRow> = rows::read_first(Table::Photo, &found[0])?;
            Ok(match first {
                // The same bytes are here already: these are not needed twice.
                Some(first) if first.intake != intake.id => vec![
                    Write::Delete(Table::Photo, intake.id.clone()),
                    Write::DeleteStarting(Table::Chunk, format!("{}/", intake.id)),
                ],
                _ => vec![Write::Put(Table::Photo, row.clone())],
            })
        })
        .await?;
        Ok(StoredPhoto {
            sha256: done.sha256,
            size: done.size,
        })
    }

    /// Stores bytes made on the phone (a thumbnail, a marked copy) as a photo of their own.
    pub async fn put_photo(
        &self,
        id: [u8; 16],
        now: WallMs,
        bytes: &[u8],
    ) -> Result<StoredPhoto, StoreError> {
        let mut intake = self.begin_photo(id, now).await?;
        for piece in bytes.chunks(CHUNK_BYTES) {
            self.put_chunk(&mut intake, piece.to_vec()).await?;
        }
        self.finish_photo(intake).await
    }

    /// Where the photo with this hash lies, if it is complete here.
    pub async fn find_photo(&self, sha256: Sha256) -> Result<Option<Found>, StoreError> {
        let found = self.look(by_hash(sha256)).await?;
        let row: Option<PhotoRow> = rows::read_first(Table::Photo, &found)?;
        Ok(row.and_then(|row| {
            let size = row.done?.size;
            let intake = row.intake;
            Some(Found { intake, size })
        }))
    }

    /// Bytes `offset .. offset + len` of a photo, cut at its end; `None` if it is not (or not
    /// wholly) stored here. Reads only the chunks that it needs.
    pub async fn photo_bytes(
        &self,
        sha256: Sha256,
        offset: u64,
        len: u64,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(photo) = self.find_photo(sha256).await? else {
            return Ok(None);
        };
        let end = offset.saturating_add(len).min(photo.size);
        let chunk = CHUNK_BYTES as u64;
        let mut bytes = Vec::new();
        let mut at = offset;
        while at < end {
            let n = at / chunk;
            let key = chunk_key(&photo.intake, n);
            let found = self.look(Read::one(Table::Chunk, key)).await?;
            let Some(row) = found.rows.first() else {
                return Ok(None);
            };
            let until = end.min((n + 1) * chunk);
            let part = |i: u64| usize::try_from(i - n * chunk).unwrap_or(usize::MAX);
            let Some(piece) = row.value.get(part(at)..part(until)) else {
                return Ok(None);
            };
            bytes.extend_from_slice(piece);
            at = until;
        }
        Ok(Some(bytes))
    }

    /// A whole photo, for showing it: small ones only, an original may have 50 MB.
    pub async fn whole_photo(&self, sha256: Sha256) -> Result<Option<Vec<u8>>, StoreError> {
        self.photo_bytes(sha256, 0, u64::MAX).await
    }
}

impl Intake {
    /// Bytes taken in so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    fn row(&self, done: Option<PhotoDone>) -> Result<Row, StoreError> {
        let value = PhotoRow {
            intake: self.id.clone(),
            begun_ms: self.begun_ms,
            done,
        };
        let mark = done.map(|d| (Mark::Hash, d.sha256.to_string()));
        rows::row(self.id.clone(), &value, mark.into_iter().collect())
    }
}

fn hex(id: [u8; 16]) -> String {
    domain::ids::UploadId::new(id).to_string()
}
