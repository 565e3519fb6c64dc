/// Why the store could not do what was asked. Nothing of the operation was kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room left: its own case, because people can do something about it.
    #[error("the disk that holds the data is full; nothing was changed, free space and retry")]
    DiskFull,
    /// The engine failed.
    #[error("the database failed, nothing was changed: {0}")]
    Engine(#[source] sqlx::Error),
    /// The database's tables are of another version.
    #[error("the database cannot be brought to this version: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// It is another version's, and only looked at.
    #[error("{}", if *.newer {
        "the database was written by a newer program; use that one"
    } else {
        "the database is of an older version; start the server once, and it is brought to this one"
    })]
    OtherVersion {
        /// Whether it is newer.
        newer: bool,
    },
    /// What was told to be kept could be lost in it.
    #[error("this database cannot be used: {0}")]
    Unfit(String),
    /// A stored value does not read: a damaged file or a hand-made change.
    #[error("a stored {what} does not read; run a backup's integrity check: {why}")]
    Damaged {
        /// What.
        what: &'static str,
        /// What the reader said.
        why: String,
    },
    /// The page mark of a list does not read.
    #[error("the page mark does not read")]
    BadPageMark,
}

impl StoreError {
    /// Whether the files themselves are damaged, so that trying again helps nobody.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Damaged { .. } => true,
            // 11 is SQLITE_CORRUPT, 26 SQLITE_NOTADB; both may carry a more special code above.
            Self::Engine(error) => error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .and_then(|code| code.parse::<u32>().ok())
                .is_some_and(|code| matches!(code & 0xff, 11 | 26)),
            _ => false,
        }
    }

    pub(crate) fn damaged(what: &'static str, why: impl std::fmt::Display) -> Self {
        Self::Damaged {
            what,
            why: why.to_string(),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // 13 is SQLITE_FULL; 53100 is PostgreSQL's disk_full.
        match error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
        {
            Some(code) if code == "13" || code == "53100" => Self::DiskFull,
            _ => Self::Engine(error),
        }
    }
}
