//! Small conversions between columns and values.

use super::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use xunji_protocol::digest::Digest;

/// The JSON text of a value, for a column.
pub(in crate::store) fn to_json<T: Serialize + ?Sized>(
    what: &'static str,
    value: &T,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Value(what))
}

/// The value of a JSON column.
pub(in crate::store) fn from_json<T: DeserializeOwned>(
    what: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Value(what))
}

/// The code of a word as its column holds it, without the quotes of JSON.
pub(in crate::store) fn to_code<T: Serialize>(
    what: &'static str,
    value: &T,
) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => Ok(code),
        _ => Err(StoreError::Value(what)),
    }
}

/// The word of a code column.
pub(in crate::store) fn from_code<T: DeserializeOwned>(
    what: &'static str,
    code: String,
) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(code)).map_err(|_| StoreError::Value(what))
}

/// A digest kept as hex text.
pub(in crate::store) fn from_hex(what: &'static str, text: &str) -> Result<Digest, StoreError> {
    Digest::from_hex(text).ok_or(StoreError::Value(what))
}

/// A count or position that is never negative.
pub(in crate::store) fn to_u64(what: &'static str, value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Value(what))
}

/// A count or position for a column.
pub(in crate::store) fn to_i64(what: &'static str, value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Value(what))
}

/// The id in a 16-byte column.
pub(in crate::store) fn id_at(
    row: &rusqlite::Row<'_>,
    column: usize,
) -> rusqlite::Result<uuid::Uuid> {
    Ok(uuid::Uuid::from_bytes(row.get(column)?))
}

/// The id in a 16-byte column that may be empty.
pub(in crate::store) fn maybe_id_at(
    row: &rusqlite::Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<uuid::Uuid>> {
    Ok(row
        .get::<_, Option<[u8; 16]>>(column)?
        .map(uuid::Uuid::from_bytes))
}

/// The digest in a 32-byte column.
pub(in crate::store) fn digest_at(
    row: &rusqlite::Row<'_>,
    column: usize,
) -> rusqlite::Result<Digest> {
    Ok(Digest(row.get(column)?))
}
