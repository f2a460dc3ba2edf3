//! What can go wrong with the store, as far as somebody reacts to it.

/// A failure of the store. Nothing of the transaction was kept, unless it is said otherwise.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file was written by a newer program: it is left alone.
    #[error("the store is at step {found}, this program knows {known}: upgrade the server")]
    Newer {
        /// Step of the file.
        found: i64,
        /// Last step of this program.
        known: i64,
    },
    /// The file was written by an older program, and is only to be read.
    #[error(
        "the store is at step {found}, this program knows {known}: serve it once with this program, or look with the one that wrote it"
    )]
    Older {
        /// Step of the file.
        found: i64,
        /// Last step of this program.
        known: i64,
    },
    /// Another program's file.
    #[error("this is not a county's store")]
    Foreign,
    /// No room on the disk.
    #[error("the disk is full")]
    Full,
    /// The writer has ended, or a test stopped it: whether the last write counts is not known.
    #[error("the store was closed while it wrote")]
    Closed,
    /// What was read is not what was written.
    #[error("stored {0} does not read")]
    Corrupt(&'static str),
    /// Erased by a rule: it is not taken again.
    #[error("erased by a rule")]
    Erased,
    /// Everything else SQLite says.
    #[error("store: {0}")]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            Some(rusqlite::ErrorCode::NotADatabase) => Self::Foreign,
            _ => Self::Sqlite(error),
        }
    }
}
