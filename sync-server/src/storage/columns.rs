//! How our types stand in columns. A column of the wrong length is a corrupt store, not a panic.

use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use xunji_protocol::digest::Digest;

use super::error::StoreError;

/// A 32-byte digest.
pub(crate) fn digest(row: &Row<'_>, index: usize) -> rusqlite::Result<Digest> {
    let bytes: [u8; 32] = row.get(index)?;
    Ok(Digest(bytes))
}

/// A 16-byte id.
pub(crate) fn id(row: &Row<'_>, index: usize) -> rusqlite::Result<Uuid> {
    let bytes: [u8; 16] = row.get(index)?;
    Ok(Uuid::from_bytes(bytes))
}

/// A 16-byte id that may be absent.
pub(crate) fn optional_id(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Uuid>> {
    let bytes: Option<[u8; 16]> = row.get(index)?;
    Ok(bytes.map(Uuid::from_bytes))
}

/// A count, seq, revision or position: never negative.
pub(crate) fn count(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(index)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(index, value))
}

/// Yes or no, and nothing else: whoever looks through a store takes no other number for a yes.
pub(crate) fn flag(row: &Row<'_>, index: usize) -> rusqlite::Result<bool> {
    match row.get(index)? {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(rusqlite::Error::IntegralValueOutOfRange(index, other)),
    }
}

/// JSON in a TEXT or BLOB column.
pub(crate) fn json<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let value = row.get_ref(index)?;
    let bytes = value.as_bytes().map_err(|_| {
        rusqlite::Error::InvalidColumnType(index, "json".to_owned(), value.data_type())
    })?;
    serde_json::from_slice(bytes)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(index, Type::Blob, Box::new(e)))
}

/// A count for a column.
pub(crate) fn to_column(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// JSON for a TEXT column.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Corrupt("value"))
}

/// The wire code of a vocabulary's variant, for a TEXT column.
pub(crate) fn code<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => Ok(text),
        _ => Err(StoreError::Corrupt("code")),
    }
}
