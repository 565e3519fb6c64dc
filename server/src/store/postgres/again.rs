//! What two servers did at once, done again.

use crate::random;
use crate::store::StoreError;
use std::time::Duration;

/// How often; each wait is up to twice as long as the one before.
pub(super) const ATTEMPTS: u32 = 8;
const FIRST_WAIT_MS: u64 = 4;

/// Whether it has to be done again in a new transaction: a deadlock, a serialisation failure, a
/// lock that took too long, or that somebody else has just written the same row.
pub(super) fn is_contended(error: &StoreError) -> bool {
    let StoreError::Engine(sqlx::Error::Database(error)) = error else {
        return false;
    };
    let code = error.code();
    matches!(code.as_deref(), Some("40001" | "40P01" | "23505" | "55P03"))
}

/// Waits a while before the next attempt, each server another.
pub(super) async fn pause(attempt: u32) {
    let most = FIRST_WAIT_MS << attempt.min(ATTEMPTS);
    let jitter = u64::from(u32::from_le_bytes(random::bytes())) % most;
    tokio::time::sleep(Duration::from_millis(jitter)).await;
}
