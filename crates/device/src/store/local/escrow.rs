//! This phone's key, sealed to the bureau, and whether the server holds it.

use super::{Read, Write, settings};
use crate::store::StoreError;
use crate::store::row::{from_json, to_json};
use xunji_protocol::digest::Digest;
use xunji_protocol::escrow::Escrow;

const SEALED: &str = "escrow";
const HELD: &str = "escrow_held";

/// The sealed key; `None` before it was sealed.
///
/// # Errors
/// Those of the file.
pub fn sealed(read: &Read<'_>) -> Result<Option<Escrow>, StoreError> {
    settings::get(read, SEALED)?
        .map(|text| from_json("setting.escrow", &text))
        .transpose()
}

/// Keeps the sealed key.
///
/// # Errors
/// Those of the file.
pub fn put_sealed(write: &Write<'_>, sealed: &Escrow) -> Result<(), StoreError> {
    settings::set(write, SEALED, &to_json("setting.escrow", sealed)?)
}

/// Which sealed key the server said it holds; `None` while it holds none of ours.
///
/// # Errors
/// Those of the file.
pub fn held(read: &Read<'_>) -> Result<Option<Digest>, StoreError> {
    let text = settings::get(read, HELD)?.unwrap_or_default();
    Ok(Digest::from_hex(&text))
}

/// Notes it.
///
/// # Errors
/// Those of the file.
pub fn put_held(write: &Write<'_>, held: Option<Digest>) -> Result<(), StoreError> {
    let text = held.map_or_else(String::new, Digest::to_hex);
    settings::set(write, HELD, &text)
}
