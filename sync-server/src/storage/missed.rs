//! Files that were receipted and are not in the folder any more, or not with their bytes: the phone that
//! brought one is asked for it again. The receipt stays what it is.

use super::error::StoreError;
use super::files;
use super::store::Store;
use rusqlite::{Connection, params};
use xunji_domain::ids::BureauId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;

/// Every file that a row names; what lies in the folder is compared with it.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn named(store: &Store, bureau: BureauId) -> Result<Vec<Digest>, StoreError> {
    store.read(move |db| {
        let named = files::named(db, bureau)?;
        Ok(named.into_iter().map(|(digest, _)| digest).collect())
    })
}

/// Notes files that are missed; gives how many of them some phone brought and was not asked for yet. What
/// nobody brought (a report) is not noted: only a backup has it.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn note(
    store: &Store,
    bureau: BureauId,
    missed: Vec<Digest>,
    now: Millis,
) -> Result<usize, StoreError> {
    if missed.is_empty() {
        return Ok(0);
    }
    store.write(move |db| {
        let mut statement = db.prepare_cached(
            "INSERT OR IGNORE INTO missed_file (bureau, sha256, noted_at)
             SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM file WHERE bureau = ?1 AND sha256 = ?2)",
        )?;
        let mut noted = 0;
        for digest in &missed {
            noted += statement.execute(params![bureau.as_bytes(), digest.0, now.0])?;
        }
        Ok(noted)
    })
}

/// Whether a file is missed.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn is_missed(store: &Store, bureau: BureauId, sha256: Digest) -> Result<bool, StoreError> {
    store.read(move |db| {
        Ok(db
            .prepare_cached("SELECT 1 FROM missed_file WHERE bureau = ?1 AND sha256 = ?2")?
            .exists(params![bureau.as_bytes(), sha256.0])?)
    })
}

/// It is here again, verified.
pub(super) fn found(db: &Connection, bureau: BureauId, sha256: Digest) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM missed_file WHERE bureau = ?1 AND sha256 = ?2")?
        .execute(params![bureau.as_bytes(), sha256.0])?;
    Ok(())
}
