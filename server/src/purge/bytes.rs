use crate::blobs::{Vault, VaultError};
use crate::store::{Store, StoreError};
use domain::time::WallMs;

/// Why bytes were not erased; the list of them stays, and the next time goes on with it.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The list.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bytes.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Erases the bytes of every blob on the list, and what was staged of those that were under way;
/// gives how many blobs.
///
/// Somebody may be delivering the same bytes again right now. Whoever puts bytes asks before how
/// many erasures there were, and they count as held only if theirs was not among those that
/// followed: whichever comes first, nothing is called held that is gone.
pub async fn erase_bytes(store: &dyn Store, vault: &Vault) -> Result<u64, EraseError> {
    for upload in store.stale_uploads(WallMs(1)).await? {
        vault.unstage(upload).await?;
        store.drop_upload(upload).await?;
    }
    let mut erased = 0;
    loop {
        let list = store.blobs_to_erase().await?;
        if list.is_empty() {
            return Ok(erased);
        }
        for blob in list {
            vault.erase(blob).await?;
            store.blob_erased(blob).await?;
            erased += 1;
        }
    }
}
