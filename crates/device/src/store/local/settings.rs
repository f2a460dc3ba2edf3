//! Small things the phone remembers: the last page, who is on duty.

use super::{Read, Write};
use crate::store::StoreError;
use rusqlite::{OptionalExtension as _, params};

/// The value under a key.
///
/// # Errors
/// Those of the file.
pub fn get(read: &Read<'_>, key: &str) -> Result<Option<String>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT value FROM setting WHERE key = ?1")?;
    Ok(query.query_row([key], |row| row.get(0)).optional()?)
}

/// Keeps a value under a key.
///
/// # Errors
/// Those of the file.
pub fn set(write: &Write<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    write.sql.execute(
        "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        params![key, value],
    )?;
    Ok(())
}

/// Forgets a key.
///
/// # Errors
/// Those of the file.
pub fn remove(write: &Write<'_>, key: &str) -> Result<(), StoreError> {
    write
        .sql
        .execute("DELETE FROM setting WHERE key = ?1", [key])?;
    Ok(())
}
