//! What can go wrong with a file of the store, as far as anybody reacts to it.

use rusqlite::ErrorCode;

/// Why the store did not do it. Nothing of the transaction was kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No space left.
    #[error("storage is full")]
    Full,
    /// The file is not a readable database: to be moved aside, never deleted.
    #[error("file is damaged: {0}")]
    Corrupt(String),
    /// A newer program wrote this file.
    #[error("{file} is at step {found}, this program knows {known}")]
    Newer {
        /// Name of the file.
        file: &'static str,
        /// Step of the file.
        found: u32,
        /// Last step of this program.
        known: u32,
    },
    /// The steps of the file are not those of this program.
    #[error("{file}: step {step} is not the one this program knows")]
    OtherHistory {
        /// Name of the file.
        file: &'static str,
        /// First step that differs.
        step: u32,
    },
    /// A stored value does not read; names the column, never its value.
    #[error("stored value of {0} does not read")]
    Value(&'static str),
    /// Another failure of SQLite.
    #[error("store: {0}")]
    Sql(rusqlite::Error),
    /// Another failure of the file system.
    #[error("store: {0}")]
    Io(std::io::Error),
}

impl StoreError {
    /// Whether it may be that a file could not be made or grow: of a WAL's index SQLite says so by other names.
    pub(crate) fn asks_for_room(&self) -> bool {
        match self {
            Self::Full | Self::Io(_) => true,
            Self::Sql(error) => matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen)
            ),
            _ => false,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt(error.to_string())
            }
            _ => Self::Sql(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}
