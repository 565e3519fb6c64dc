//! Chunks of an upload, each an object of its own: works alike on a folder and on S3, and any
//! server process can go on with an upload that another one began.

use super::{SNIFF_BYTES, Vault, VaultError, blob_key, media_type};
use crate::store::Chunk;
use bytes::Bytes;
use domain::entry::BlobRole;
use domain::hash::{Sha256, Sha256Stream};
use domain::ids::UploadId;
use domain::time::WallMs;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path as Key;
use object_store::{ObjectStoreExt as _, WriteMultipart};
use std::collections::BTreeMap;

/// What the chunks of an upload made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assembled {
    /// The bytes that the entry names, durable; of this media type.
    Kept(&'static str),
    /// Other bytes: nothing was kept.
    Mismatch,
    /// Of a type that their role may not have: nothing was kept.
    WrongMedia,
    /// A chunk that was counted is not there: the database was put back to before the upload ended.
    Lost,
}

impl Vault {
    /// Keeps one chunk; its key is new each time, so that two writers never share an object.
    pub async fn stage(&self, id: UploadId, at: u64, bytes: Bytes) -> Result<Chunk, VaultError> {
        let size = bytes.len() as u64;
        let name = format!("{at:012}-{}", hex::encode(crate::random::bytes::<4>()));
        let key = Key::from_iter(["staging", &id.to_string(), &name]);
        self.objects.put(&key, bytes.into()).await?;
        Ok(Chunk {
            at,
            size,
            object: key.to_string(),
        })
    }

    /// Streams the chunks into the blob, if together they are what was named.
    pub async fn assemble(
        &self,
        chunks: &[Chunk],
        sha256: Sha256,
        size: u64,
        role: &BlobRole,
    ) -> Result<Assembled, VaultError> {
        let target = self.objects.put_multipart(&blob_key(sha256)).await?;
        let mut writer = WriteMultipart::new(target);
        let poured = self.pour(chunks, &mut writer).await;
        let rejected = match poured {
            Ok((hash, bytes, _)) if hash != sha256 || bytes != size => Ok(Assembled::Mismatch),
            Ok((_, _, head)) => match media_type(role, &head) {
                Some(media) => {
                    writer.finish().await?;
                    return Ok(Assembled::Kept(media));
                }
                None => Ok(Assembled::WrongMedia),
            },
            Err(VaultError::Objects(object_store::Error::NotFound { .. })) => Ok(Assembled::Lost),
            Err(error) => Err(error),
        };
        writer.abort().await?;
        rejected
    }

    async fn pour(
        &self,
        chunks: &[Chunk],
        writer: &mut WriteMultipart,
    ) -> Result<(Sha256, u64, Vec<u8>), VaultError> {
        let (mut hash, mut poured, mut head) = (Sha256Stream::default(), 0, Vec::new());
        for chunk in chunks {
            let mut pieces = self
                .objects
                .get(&Key::from(chunk.object.as_str()))
                .await?
                .into_stream();
            while let Some(piece) = pieces.next().await {
                let piece = piece?;
                hash.update(&piece);
                poured += piece.len() as u64;
                let wanted = SNIFF_BYTES.saturating_sub(head.len()).min(piece.len());
                head.extend_from_slice(&piece[..wanted]);
                writer.wait_for_capacity(4).await?;
                writer.put(piece);
            }
        }
        Ok((hash.finish(), poured, head))
    }

    /// Deletes every chunk of an upload; one that is gone already is no error.
    pub async fn unstage(&self, id: UploadId) -> Result<(), VaultError> {
        let folder = Key::from_iter(["staging", &id.to_string()]);
        let found: Vec<_> = self.objects.list(Some(&folder)).try_collect().await?;
        for object in found {
            match self.objects.delete(&object.location).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Uploads that have staging objects, but none since `before`.
    pub async fn staged_before(&self, before: WallMs) -> Result<Vec<UploadId>, VaultError> {
        let mut touched: BTreeMap<UploadId, i64> = BTreeMap::new();
        let mut objects = self.objects.list(Some(&Key::from("staging")));
        while let Some(object) = objects.try_next().await? {
            let id = object.location.parts().nth(1);
            let Some(Ok(id)) = id.map(|part| part.as_ref().parse()) else {
                continue;
            };
            let at = object.last_modified.timestamp_millis();
            let newest = touched.entry(id).or_insert(at);
            *newest = at.max(*newest);
        }
        touched.retain(|_, at| *at < before.0);
        Ok(touched.into_keys().collect())
    }
}
