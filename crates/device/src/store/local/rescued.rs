//! What a file that was read out of a damaged one is asked for.

use super::changes::{StoredChange, bare};
use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{from_hex, to_u64};
use rusqlite::params;
use xunji_protocol::digest::Digest;

/// The changes whose bytes were read, in their order, without the server's word.
///
/// # Errors
/// Those of the file.
pub fn changes(read: &Read<'_>) -> Result<Vec<StoredChange>, StoreError> {
    let mut query = read.sql.prepare(
        "SELECT hash, seq, kind, envelope, body, as_file FROM change WHERE envelope <> x'' ORDER BY rowid",
    )?;
    let mut rows = query.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(bare(row)?);
    }
    Ok(found)
}

/// Originals of kept photos that no row of a file names: digest, clear bytes, and whether the record is signed.
///
/// # Errors
/// Those of the file.
pub fn photos_without_file(read: &Read<'_>) -> Result<Vec<(Digest, u64, bool)>, StoreError> {
    let mut query = read.sql.prepare(
        "SELECT p.sha256, p.size, EXISTS (SELECT 1 FROM draft d WHERE d.id = p.draft AND d.signed_change IS NOT NULL)
           OR EXISTS (SELECT 1 FROM amendment_draft a WHERE a.id = p.draft AND a.signed_change IS NOT NULL)
         FROM photo p WHERE p.state = 'sealed' AND p.sha256 IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM file f WHERE f.sha256 = p.sha256)
           AND NOT EXISTS (SELECT 1 FROM left_file l WHERE l.sha256 = p.sha256)",
    )?;
    let rows = query.query_map([], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, Option<i64>>(1)?,
            row.get(2)?,
        ))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let (sha256, size, signed) = row?;
        let size = to_u64("photo.size", size.unwrap_or(0))?;
        found.push((from_hex("photo.sha256", &sha256)?, size, signed));
    }
    Ok(found)
}

/// Notes that a change concerns a record, where that was not read.
///
/// # Errors
/// Those of the file.
pub fn concerns(write: &Write<'_>, change: Digest, record: uuid::Uuid) -> Result<(), StoreError> {
    write.sql.execute(
        "INSERT OR IGNORE INTO change_record (hash, record) VALUES (?1, ?2)",
        params![change.0, record.as_bytes()],
    )?;
    Ok(())
}
