//! Rows of whole files and their receipts. The bytes are [`crate::blobs`]'; what is under way is
//! [`super::uploads`]'.

use super::backups;
use super::columns::{digest, to_column};
use super::erased;
use super::error::StoreError;
use super::missed;
use super::store::Store;
use super::uploads::Upload;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use xunji_domain::ids::{BureauId, DeviceId, LogId, StationId};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::guard::Guard;
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::steps::files::{FileKind, FileMeta};

/// The receipt for a file that a log delivered.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn receipt(
    store: &Store,
    bureau: BureauId,
    log: LogId,
    sha256: Digest,
) -> Result<Option<SignedStatement>, StoreError> {
    store.read(move |db| receipt_row(db, bureau, log, sha256))
}

/// A verified file: its row, and its receipt unless there is one already. Returns the receipt that
/// stands.
///
/// # Errors
/// [`StoreError`] of the write, and [`StoreError::Erased`]; nothing was receipted.
pub fn complete(
    store: &Store,
    bureau: BureauId,
    upload: Upload,
    token: SignedStatement,
    now: Millis,
) -> Result<SignedStatement, StoreError> {
    let receipt = store.write(move |db| {
        // It may have been erased while its last bytes were on the way.
        if Guard::Erased.stands() && erased::refuses(db, bureau, &upload.meta)? {
            return Err(StoreError::Erased);
        }
        let (log, sha256) = (upload.meta.log, upload.meta.sha256);
        db.execute(
            "INSERT OR IGNORE INTO file (bureau, log, sha256, kind, original, size, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                bureau.as_bytes(),
                log.as_bytes(),
                sha256.0,
                upload.meta.kind.code(),
                original_column(&upload.meta),
                to_column(upload.size),
                now.0,
            ],
        )?;
        db.execute(
            "INSERT OR IGNORE INTO file_receipt (bureau, log, sha256, token) VALUES (?1, ?2, ?3, ?4)",
            params![bureau.as_bytes(), log.as_bytes(), sha256.0, token.0],
        )?;
        backups::receipted(db, bureau, now)?;
        missed::found(db, bureau, sha256)?;
        receipt_row(db, bureau, log, sha256)?.ok_or(StoreError::Corrupt("receipt"))
    })?;
    // A photo that came may be what a review waited for.
    store.announce();
    Ok(receipt)
}

/// Whether a file is known as this kind, made from this original, by this log.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn is_known(store: &Store, bureau: BureauId, meta: FileMeta) -> Result<bool, StoreError> {
    store.read(move |db| is_here(db, bureau, &meta))
}

pub(super) fn is_here(
    db: &Connection,
    bureau: BureauId,
    meta: &FileMeta,
) -> Result<bool, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT 1 FROM file WHERE bureau = ?1 AND log = ?2 AND sha256 = ?3 AND kind = ?4 AND original = ?5",
    )?;
    let original = original_column(meta);
    let key = params![
        bureau.as_bytes(),
        meta.log.as_bytes(),
        meta.sha256.0,
        meta.kind.code(),
        original
    ];
    Ok(statement.exists(key)?)
}

/// Whether a device may read a file: it delivered it, its station's records name it, or it is made
/// from an original they name, or it is a body of its station.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn in_scope(
    store: &Store,
    bureau: BureauId,
    device: DeviceId,
    station: StationId,
    sha256: Digest,
) -> Result<bool, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM file f JOIN log l ON l.bureau = f.bureau AND l.log = f.log
                            WHERE f.bureau = ?1 AND f.sha256 = ?4 AND (l.device = ?2 OR f.kind = 'body' AND l.station = ?3))
                 OR EXISTS (SELECT 1 FROM photo_ref p JOIN inspection i ON i.bureau = p.bureau AND i.inspection = p.inspection
                            WHERE p.bureau = ?1 AND i.station = ?3 AND (p.sha256 = ?5 OR p.sha256 IN
                                (SELECT lower(hex(f.original)) FROM file f WHERE f.bureau = ?1 AND f.sha256 = ?4)))",
        )?;
        let key = params![bureau.as_bytes(), device.as_bytes(), station.as_bytes(), sha256.0, sha256.to_hex()];
        Ok(statement.query_row(key, |row| row.get(0))?)
    })
}

/// Whole files that are an original or made from it: kind and SHA-256, in the order of kinds.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn of_original(
    db: &Connection,
    bureau: BureauId,
    original: Digest,
) -> Result<Vec<(FileKind, Digest)>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT kind, sha256 FROM file WHERE bureau = ?1 AND sha256 = ?2 AND kind = 'original'
         UNION ALL SELECT kind, sha256 FROM file WHERE bureau = ?1 AND original = ?2 AND kind <> 'original'",
    )?;
    let rows = statement.query_map(params![bureau.as_bytes(), original.0], |row| {
        Ok((kind(row, 0)?, digest(row, 1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every file that a row names, with the length it has to have where the row says it: what a backup
/// holds, and what has to be found again.
///
/// # Errors
/// [`StoreError`] of the read.
pub(super) fn named(
    db: &Connection,
    bureau: BureauId,
) -> Result<Vec<(Digest, Option<u64>)>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT sha256, min(size) FROM file WHERE bureau = ?1 GROUP BY sha256
         UNION ALL SELECT DISTINCT pdf, NULL FROM report WHERE bureau = ?1 AND length(data) > 0",
    )?;
    let rows = statement.query_map(params![bureau.as_bytes()], |row| {
        let size: Option<i64> = row.get(1)?;
        Ok((
            digest(row, 0)?,
            size.and_then(|size| u64::try_from(size).ok()),
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn receipt_row(
    db: &Connection,
    bureau: BureauId,
    log: LogId,
    sha256: Digest,
) -> Result<Option<SignedStatement>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT token FROM file_receipt WHERE bureau = ?1 AND log = ?2 AND sha256 = ?3",
    )?;
    let key = params![bureau.as_bytes(), log.as_bytes(), sha256.0];
    Ok(statement
        .query_row(key, |row| row.get(0).map(SignedStatement))
        .optional()?)
}

pub(super) fn kind(row: &Row<'_>, index: usize) -> rusqlite::Result<FileKind> {
    let code: String = row.get(index)?;
    FileKind::from_code(&code).ok_or_else(|| {
        rusqlite::Error::InvalidColumnType(index, "kind".to_owned(), rusqlite::types::Type::Text)
    })
}

pub(super) fn original_column(meta: &FileMeta) -> Vec<u8> {
    meta.original
        .map(|original| original.0.to_vec())
        .unwrap_or_default()
}
