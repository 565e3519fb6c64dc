use crate::store::StoreError;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use std::path::Path;
use std::time::Duration;

/// Copies the database of one moment into the new file `to`, beside whoever writes in it. The
/// copy is one file without free pages: what was erased is not in it.
pub async fn copy(file: &Path, to: &Path) -> Result<(), StoreError> {
    // The engine syncs the copy as it would sync the original.
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .connect()
        .await?;
    let Some(to) = to.to_str() else {
        return Err(StoreError::damaged("path", "it is not UTF-8"));
    };
    sqlx::query("VACUUM INTO ?")
        .bind(to)
        .execute(&mut connection)
        .await?;
    Ok(())
}
