//! Facts about the store itself, per county.

use super::columns::to_column;
use super::error::StoreError;
use super::store::Store;
use rusqlite::{Connection, OptionalExtension as _, params};
use xunji_domain::ids::BureauId;
use xunji_domain::org::Bureau;
use xunji_protocol::state::BUREAU;

/// Key: random identity of the store, also in `keys.json`.
pub const IDENTITY: &str = "identity";
/// Key: present epoch.
pub const EPOCH: &str = "epoch";
/// Key: the bureau's own log, from the second epoch on.
pub const BUREAU_LOG: &str = "bureau_log";
/// Key: how far the serving process shifts its clock, so that `admin` commands agree with it.
pub const CLOCK_OFFSET: &str = "clock_offset_ms";

/// Key: since when the bureau lets phones free their space without a backup; absent while it does not.
pub const BACKUP_WAIVED: &str = "backup_waived";

/// Reads one fact.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn get(
    store: &Store,
    bureau: BureauId,
    key: &'static str,
) -> Result<Option<String>, StoreError> {
    store.read(move |db| read(db, bureau, key))
}

/// Writes one fact.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn set(
    store: &Store,
    bureau: BureauId,
    key: &'static str,
    value: String,
) -> Result<(), StoreError> {
    store.write(move |db| write(db, bureau, key, &value))
}

/// The present epoch; 1 until a restore opens another.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn epoch(store: &Store, bureau: BureauId) -> Result<u64, StoreError> {
    let text = get(store, bureau, EPOCH)?;
    text.map_or(Ok(1), |t| {
        t.parse().map_err(|_| StoreError::Corrupt("epoch"))
    })
}

/// The county's entry in the bureau feed.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn county(store: &Store, bureau: BureauId) -> Result<Option<Bureau>, StoreError> {
    store.read(move |db| {
        db.prepare_cached(
            "SELECT bytes FROM state WHERE bureau = ?1 AND kind = ?2 AND id = ?1 AND gone = 0",
        )?
        .query_row(params![bureau.as_bytes(), BUREAU], |row| {
            super::columns::json(row, 0)
        })
        .optional()
        .map_err(StoreError::from)
    })
}

/// Whether the store answers: for `/healthz`.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn alive(store: &Store) -> Result<(), StoreError> {
    store.read(|db| Ok(db.query_row("SELECT 1", [], |_| Ok(()))?))
}

/// Takes one fact back.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn unset(store: &Store, bureau: BureauId, key: &'static str) -> Result<(), StoreError> {
    store.write(move |db| {
        db.execute(
            "DELETE FROM store_meta WHERE bureau = ?1 AND key = ?2",
            params![bureau.as_bytes(), key],
        )?;
        Ok(())
    })
}

pub(super) fn read(
    db: &Connection,
    bureau: BureauId,
    key: &str,
) -> Result<Option<String>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT value FROM store_meta WHERE bureau = ?1 AND key = ?2")?;
    Ok(statement
        .query_row(params![bureau.as_bytes(), key], |r| r.get(0))
        .optional()?)
}

pub(super) fn write(
    db: &Connection,
    bureau: BureauId,
    key: &str,
    value: &str,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO store_meta (bureau, key, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (bureau, key) DO UPDATE SET value = excluded.value",
        params![bureau.as_bytes(), key, value],
    )?;
    Ok(())
}

/// Writes identity and epoch of a new county; a second call changes nothing.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn found(store: &Store, bureau: BureauId, identity: String) -> Result<(), StoreError> {
    store.write(move |db| {
        let epoch = to_column(1).to_string();
        for (key, value) in [(IDENTITY, identity.as_str()), (EPOCH, epoch.as_str())] {
            if read(db, bureau, key)?.is_none() {
                write(db, bureau, key, value)?;
            }
        }
        Ok(())
    })
}
