//! The word that a backup leaves in the data folder: phones let go of their last copies only
//! after it.

use domain::time::WallMs;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Written by whoever backs up, when the backup is complete and checked.
const FILE: &str = "last-backup.json";

/// Where the word lies.
#[derive(Debug, Clone)]
pub struct BackupMark(PathBuf);

#[derive(Deserialize)]
struct Mark {
    /// When the newest backup was begun, by the server's clock: everything received before it is
    /// in there.
    at_ms: WallMs,
}

impl BackupMark {
    /// Beside the database.
    pub fn beside(data: &Path) -> Self {
        Self(data.join(FILE))
    }

    /// When the newest backup was begun. Without a word that reads there was none: then nothing
    /// is deleted anywhere.
    pub async fn newest(&self) -> Option<WallMs> {
        let text = match tokio::fs::read(&self.0).await {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::error!(%error, "the word of the last backup cannot be read");
                return None;
            }
        };
        match serde_json::from_slice(&text) {
            Ok(Mark { at_ms }) => Some(at_ms),
            Err(error) => {
                tracing::error!(%error, "the word of the last backup does not read");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_a_word_that_reads_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let mark = BackupMark::beside(folder.path());
        assert_eq!(mark.newest().await, None);
        for (text, said) in [
            (
                "{\"at_ms\":1779580800000,\"entries\":5}",
                Some(WallMs(1_779_580_800_000)),
            ),
            ("{}", None),
            ("", None),
        ] {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            assert_eq!(mark.newest().await, said, "{text}");
        }
    }
}
