//! Keys of phones' files, sealed. They are kept, given back sealed, and it is written down who had one opened.

use super::columns::{digest, id, to_json};
use super::error::StoreError;
use super::store::Store;
use rusqlite::params;
use xunji_domain::ids::{BureauId, DeviceId, PersonId};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::escrow::Escrow;
use xunji_protocol::limits::MAX_ESCROWS;

/// Keeps a sealed key. A phone has one key and seals it anew only when the bureau's keys change; whoever brings more
/// than a few is kept as far as that.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn keep(
    store: &Store,
    bureau: BureauId,
    name: Digest,
    sealed: Escrow,
    now: Millis,
) -> Result<(), StoreError> {
    store.write(move |db| {
        db.execute(
            "INSERT INTO key_escrow (bureau, device, digest, sealed, stored_at)
             SELECT ?1, ?2, ?3, ?4, ?5
             WHERE (SELECT count(*) FROM key_escrow WHERE bureau = ?1 AND device = ?2) < ?6
             ON CONFLICT (bureau, device, digest) DO UPDATE SET sealed = excluded.sealed",
            params![
                bureau.as_bytes(),
                sealed.device.as_bytes(),
                name.0,
                to_json(&sealed)?,
                now.0,
                MAX_ESCROWS
            ],
        )?;
        Ok(())
    })
}

/// Which sealed keys of a phone are held, as far as they are what they were: one that rotted is brought again.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn held(store: &Store, bureau: BureauId, device: DeviceId) -> Result<Vec<Digest>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT digest, sealed FROM key_escrow WHERE bureau = ?1 AND device = ?2 ORDER BY stored_at, digest",
        )?;
        let rows = statement.query_map(params![bureau.as_bytes(), device.as_bytes()], |row| {
            Ok((digest(row, 0)?, row.get::<_, String>(1)?))
        })?;
        let mut held = Vec::new();
        for row in rows {
            let (name, sealed) = row?;
            let sealed: Option<Escrow> = serde_json::from_str(&sealed).ok();
            if sealed.and_then(|sealed| sealed.digest().ok()) == Some(name) {
                held.push(name);
            }
        }
        Ok(held)
    })
}

/// The sealed keys of a phone, the newest first.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn of_phone(
    store: &Store,
    bureau: BureauId,
    device: DeviceId,
) -> Result<Vec<Escrow>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT sealed FROM key_escrow WHERE bureau = ?1 AND device = ?2 ORDER BY stored_at DESC, digest",
        )?;
        let rows = statement.query_map(params![bureau.as_bytes(), device.as_bytes()], |row| {
            row.get::<_, String>(0)
        })?;
        let all: Vec<String> = rows.collect::<Result<_, _>>()?;
        // One that rotted must not hide another.
        Ok(all
            .iter()
            .filter_map(|sealed| serde_json::from_str(sealed).ok())
            .collect())
    })
}

/// Every phone that a sealed key is held of.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn phones(store: &Store, bureau: BureauId) -> Result<Vec<DeviceId>, StoreError> {
    store.read(move |db| {
        let mut statement =
            db.prepare_cached("SELECT DISTINCT device FROM key_escrow WHERE bureau = ?1")?;
        let rows = statement.query_map([bureau.as_bytes()], |row| Ok(DeviceId(id(row, 0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// Writes down that a key was opened, and why; before anybody sees it.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn released(
    store: &Store,
    bureau: BureauId,
    device: DeviceId,
    (by, reason): (PersonId, String),
    now: Millis,
) -> Result<(), StoreError> {
    store.write(move |db| {
        db.execute(
            "INSERT INTO key_release (bureau, device, at, by_person, reason) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![bureau.as_bytes(), device.as_bytes(), now.0, by.as_bytes(), reason],
        )?;
        Ok(())
    })
}
