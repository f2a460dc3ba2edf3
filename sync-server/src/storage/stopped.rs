//! Changes that were held back, and what a person did about them.

use super::columns::digest;
use super::error::StoreError;
use super::load;
use super::store::Store;
use crate::decide::Stopped;
use rusqlite::params;
use xunji_domain::ids::BureauId;
use xunji_protocol::digest::Digest;

/// One change with its verdict as it stands, applied or not.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn by_hash(
    store: &Store,
    bureau: BureauId,
    hash: Digest,
) -> Result<Option<Stopped>, StoreError> {
    store.read(move |db| load::stopped(db, bureau, hash))
}

/// Quarantined changes that nobody has closed, in log order.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn quarantined(store: &Store, bureau: BureauId) -> Result<Vec<Digest>, StoreError> {
    store.read(move |db| {
        // From the few that are not applied to their changes, and not the other way round.
        let mut statement = db.prepare_cached(
            "SELECT v.hash FROM verdict v CROSS JOIN change c ON c.bureau = v.bureau AND c.hash = v.hash
             WHERE v.bureau = ?1 AND v.verdict = 'quarantined' AND v.verdict <> 'applied' AND NOT EXISTS
               (SELECT 1 FROM settled s WHERE s.bureau = v.bureau AND s.hash = v.hash AND s.decision = 'closed')
             ORDER BY c.log, c.seq",
        )?;
        let rows = statement.query_map(params![bureau.as_bytes()], |row| digest(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// Whether a person has said that a change counts although its phone was revoked.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn is_accepted(store: &Store, bureau: BureauId, hash: Digest) -> Result<bool, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT 1 FROM settled WHERE bureau = ?1 AND hash = ?2 AND decision = 'accepted'",
        )?;
        Ok(statement.exists(params![bureau.as_bytes(), hash.0])?)
    })
}
