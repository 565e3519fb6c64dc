//! Room on the phone, and the browser's promise not to evict what is stored.

use domain::wire::Room;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

fn manager() -> Option<StorageManager> {
    Some(web_sys::window()?.navigator().storage())
}

/// Asks the browser to keep the store; `false` if it does not promise. Called in the gesture of
/// the first save.
pub async fn persist() -> bool {
    let asked = manager().and_then(|m| m.persist().ok());
    answered(asked).await
}

/// Whether the browser has promised to keep the store.
pub async fn is_persisted() -> bool {
    let asked = manager().and_then(|m| m.persisted().ok());
    answered(asked).await
}

/// Bytes used and bytes allowed; `None` where the browser does not tell.
pub async fn room() -> Option<Room> {
    let promise = manager()?.estimate().ok()?;
    let estimate = JsFuture::from(promise).await.ok()?;
    let estimate: StorageEstimate = estimate.unchecked_into();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "byte counts"
    )]
    let whole = |bytes: f64| bytes.max(0.0) as u64;
    Some(Room {
        used: whole(estimate.get_usage()?),
        allowed: whole(estimate.get_quota()?),
    })
}

async fn answered(asked: Option<js_sys::Promise>) -> bool {
    match asked {
        Some(promise) => JsFuture::from(promise)
            .await
            .is_ok_and(|yes| yes.is_truthy()),
        None => false,
    }
}
