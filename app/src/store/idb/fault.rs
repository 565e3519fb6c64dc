//! What the browser's exceptions mean for us.

use super::super::StoreError;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

/// Reads an exception, on a request or of a transaction, at call or at commit.
pub(super) fn fault(value: &JsValue) -> StoreError {
    match value.dyn_ref::<DomException>() {
        Some(exception) => named(&exception.name(), &exception.message()),
        None => StoreError::Failed(format!("{value:?}")),
    }
}

fn named(name: &str, message: &str) -> StoreError {
    match name {
        "QuotaExceededError" => StoreError::Full,
        "VersionError" => StoreError::Newer,
        // Safari: "Connection to Indexed Database server lost", "Internal error opening backing
        // store"; Chromium: "The database connection is closing".
        "InvalidStateError" | "UnknownError" | "AbortError" | "TransactionInactiveError" => {
            StoreError::Lost(format!("{name}: {message}"))
        }
        _ => StoreError::Failed(format!("{name}: {message}")),
    }
}
