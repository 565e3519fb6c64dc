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
        // Chromium on a full medium, seen with a small disk filled up: at commit "Failed to write
        // blobs (IOError)"; when opening, a sentence about a full disk.
        "DataError" | "UnknownError" if is_full(message) => StoreError::Full,
        "VersionError" => StoreError::Newer,
        // Safari: "Connection to Indexed Database server lost", "Internal error opening backing
        // store"; Chromium: "The database connection is closing".
        "InvalidStateError" | "UnknownError" | "AbortError" | "TransactionInactiveError" => {
            StoreError::Lost(format!("{name}: {message}"))
        }
        _ => StoreError::Failed(format!("{name}: {message}")),
    }
}

fn is_full(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("write blobs")
        || message.contains("full disk")
        || message.contains("disk full")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_medium_is_recognised_however_it_is_told() {
        for (name, message) in [
            ("QuotaExceededError", ""),
            ("DataError", "Failed to write blobs (IOError)"),
            (
                "UnknownError",
                "Encountered full disk while opening backing store",
            ),
        ] {
            assert_eq!(named(name, message), StoreError::Full, "{name}: {message}");
        }
        assert!(matches!(named("UnknownError", "lost"), StoreError::Lost(_)));
        assert!(matches!(
            named("DataError", "a bad key"),
            StoreError::Failed(_)
        ));
    }
}
