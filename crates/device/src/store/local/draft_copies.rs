//! Which version of each draft the server has acknowledged a copy of.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{to_i64, to_u64};
use rusqlite::{OptionalExtension as _, params};
use xunji_domain::ids::InspectionId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;

/// What is known of a draft's copies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyRow {
    /// The last version that was given to a copy.
    pub version: u64,
    /// Digest of what was acknowledged, or found too large.
    pub digest: Option<Digest>,
    /// Epoch of the server then.
    pub epoch: u64,
    /// When the acknowledged copy came, server time.
    pub stored_at: Option<Millis>,
    /// It is too large to go.
    pub too_large: bool,
}

/// What is known; nothing before the first copy.
///
/// # Errors
/// Those of the file.
pub fn get(read: &Read<'_>, draft: InspectionId) -> Result<CopyRow, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT version, digest, epoch, stored_at, too_large FROM draft_copy WHERE draft = ?1",
    )?;
    let row = query.query_row([draft.as_bytes()], |row| {
        Ok((
            row.get::<_, i64>(0)?,
            row.get::<_, Option<[u8; 32]>>(1)?,
            row.get::<_, i64>(2)?,
            row.get::<_, Option<i64>>(3)?,
            row.get(4)?,
        ))
    });
    let Some((version, digest, epoch, stored_at, too_large)) = row.optional()? else {
        return Ok(CopyRow::default());
    };
    Ok(CopyRow {
        version: to_u64("draft_copy.version", version)?,
        digest: digest.map(Digest),
        epoch: to_u64("draft_copy.epoch", epoch)?,
        stored_at: stored_at.map(Millis),
        too_large,
    })
}

/// Keeps what is known.
///
/// # Errors
/// Those of the file.
pub fn put(write: &Write<'_>, draft: InspectionId, row: &CopyRow) -> Result<(), StoreError> {
    write.sql.execute(
        "INSERT INTO draft_copy (draft, version, digest, epoch, stored_at, too_large) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (draft) DO UPDATE SET version = excluded.version, digest = excluded.digest,
             epoch = excluded.epoch, stored_at = excluded.stored_at, too_large = excluded.too_large",
        params![
            draft.as_bytes(),
            to_i64("draft_copy.version", row.version)?,
            row.digest.map(|digest| digest.0),
            to_i64("draft_copy.epoch", row.epoch)?,
            row.stored_at.map(|at| at.0),
            row.too_large
        ],
    )?;
    Ok(())
}
