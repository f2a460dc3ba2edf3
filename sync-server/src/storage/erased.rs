//! What was erased by a rule: the rows go in the transaction of the change that says so, the bytes of files
//! after it. What is named here is not taken again.

use super::columns::{digest, id, json, to_json};
use super::error::StoreError;
use super::store::Store;
use crate::blobs::UploadId;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;
use xunji_domain::ids::{BureauId, InspectionId};
use xunji_domain::inspection::InspectionEvent;
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::RecordErased;
use xunji_protocol::steps::files::FileMeta;

/// Everything that is said of a record beside its envelope, and who had a hand in it.
const WITH_IT: [&str; 4] = [
    "DELETE FROM photo_ref WHERE bureau = ?1 AND inspection = ?2",
    "DELETE FROM review WHERE bureau = ?1 AND inspection = ?2",
    "DELETE FROM inspector WHERE bureau = ?1 AND inspection = ?2",
    "DELETE FROM draft_copy WHERE bureau = ?1 AND inspection = ?2",
];

/// Rows of a file. Its receipts stay: they hold a digest and a length.
const OF_FILE: [&str; 2] = [
    "DELETE FROM file WHERE bureau = ?1 AND sha256 = ?2",
    "DELETE FROM missed_file WHERE bureau = ?1 AND sha256 = ?2",
];

/// Takes bodies, file rows and what was derived from them away, and notes what was.
pub(super) fn erase(
    db: &Connection,
    bureau: BureauId,
    change: Digest,
    said: &RecordErased,
) -> Result<(), StoreError> {
    let mut body = db.prepare_cached(
        "UPDATE change SET body = NULL WHERE bureau = ?1 AND hash = ?2 AND kind LIKE 'inspection.%'",
    )?;
    let mut noted = db.prepare_cached(
        "INSERT INTO erased (bureau, what, digest, change, record) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (bureau, what, digest) DO NOTHING",
    )?;
    let record = said.record;
    let mut note = |what: &str, digest: Digest| {
        noted.execute(params![
            bureau.as_bytes(),
            what,
            digest.0,
            change.0,
            record.as_bytes()
        ])
    };
    for hash in &said.changes {
        body.execute(params![bureau.as_bytes(), hash.0])?;
        note("change", *hash)?;
    }
    for file in &said.files {
        for sql in OF_FILE {
            db.prepare_cached(sql)?
                .execute(params![bureau.as_bytes(), file.0])?;
        }
        note("file", *file)?;
    }
    for sql in WITH_IT {
        db.prepare_cached(sql)?
            .execute(params![bureau.as_bytes(), record.as_bytes()])?;
    }
    for report in &said.reports {
        db.prepare_cached(
            "UPDATE report SET data = x'', pictures = '{}' WHERE bureau = ?1 AND report = ?2",
        )?
        .execute(params![bureau.as_bytes(), report.as_bytes()])?;
    }
    events(db, bureau, record)
}

/// Events stay, without what a person wrote.
fn events(db: &Connection, bureau: BureauId, record: InspectionId) -> Result<(), StoreError> {
    let key = params![bureau.as_bytes(), record.as_bytes()];
    let all = db
        .prepare_cached(
            "SELECT n, event FROM inspection_event WHERE bureau = ?1 AND inspection = ?2",
        )?
        .query_map(key, |row| Ok((row.get::<_, i64>(0)?, json(row, 1)?)))?
        .collect::<Result<Vec<(i64, InspectionEvent)>, _>>()?;
    let mut put = db.prepare_cached(
        "UPDATE inspection_event SET event = ?4 WHERE bureau = ?1 AND inspection = ?2 AND n = ?3",
    )?;
    for (n, mut event) in all {
        event.erase();
        put.execute(params![
            bureau.as_bytes(),
            record.as_bytes(),
            n,
            to_json(&event)?
        ])?;
    }
    Ok(())
}

/// Whether a file is not taken again: it was erased, or the original it was made from was, and no record that
/// stands names that original.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn is_file(store: &Store, bureau: BureauId, meta: FileMeta) -> Result<bool, StoreError> {
    store.read(move |db| refuses(db, bureau, &meta))
}

/// [`is_file`] inside an open transaction.
pub(super) fn refuses(
    db: &Connection,
    bureau: BureauId,
    meta: &FileMeta,
) -> Result<bool, StoreError> {
    let original = meta.original.unwrap_or(meta.sha256);
    let mut statement = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM erased WHERE bureau = ?1 AND what = 'file' AND digest IN (?2, ?3))
            AND NOT EXISTS (SELECT 1 FROM photo_ref WHERE bureau = ?1 AND sha256 = ?4)",
    )?;
    let key = params![
        bureau.as_bytes(),
        meta.sha256.0,
        original.0,
        original.to_hex()
    ];
    Ok(statement.query_row(key, |row| row.get(0))?)
}

/// Whether these bytes were erased and stand nowhere else.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn is_gone(store: &Store, bureau: BureauId, file: Digest) -> Result<bool, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(&format!("{GONE} AND digest = ?2"))?;
        Ok(statement.exists(params![bureau.as_bytes(), file.0])?)
    })
}

/// Files that were erased and are named by no row.
const GONE: &str = "SELECT digest FROM erased e WHERE bureau = ?1 AND what = 'file'
    AND NOT EXISTS (SELECT 1 FROM file f WHERE f.bureau = e.bureau AND f.sha256 = e.digest)";

/// Files that were erased and that no row names: their bytes have no business in the folder.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn files(store: &Store, bureau: BureauId) -> Result<BTreeSet<Digest>, StoreError> {
    store.read(move |db| gone(db, bureau))
}

/// [`files`] inside an open transaction.
pub(super) fn gone(db: &Connection, bureau: BureauId) -> Result<BTreeSet<Digest>, StoreError> {
    let mut statement = db.prepare_cached(GONE)?;
    let rows = statement.query_map(params![bureau.as_bytes()], |row| digest(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Uploads of what is not taken again: their bytes go first, then their rows.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn uploads(store: &Store, bureau: BureauId) -> Result<Vec<UploadId>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT u.upload FROM upload u WHERE u.bureau = ?1 AND EXISTS
               (SELECT 1 FROM erased e WHERE e.bureau = u.bureau AND e.what = 'file' AND e.digest IN (u.sha256, u.original))
             AND NOT EXISTS (SELECT 1 FROM photo_ref p WHERE p.bureau = u.bureau
               AND p.sha256 IN (lower(hex(u.sha256)), lower(hex(u.original))))",
        )?;
        let rows = statement.query_map(params![bureau.as_bytes()], |row| {
            id(row, 0).map(UploadId)
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// Removes the row of an upload whose bytes are gone.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn forget_upload(store: &Store, bureau: BureauId, upload: UploadId) -> Result<(), StoreError> {
    store.write(move |db| {
        db.prepare_cached("DELETE FROM upload WHERE bureau = ?1 AND upload = ?2")?
            .execute(params![bureau.as_bytes(), upload.0.as_bytes()])?;
        Ok(())
    })
}

/// From now on this store writes zeros over what it takes away.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn leave_no_trace(store: &Store) -> Result<(), StoreError> {
    store.on_connection(|connection| Ok(connection.pragma_update(None, "secure_delete", true)?))
}

/// Brings the log of the database into it and cuts it, so that no old page stands there. Whether it could: a
/// reader may be in the middle of something.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn cut_log(store: &Store) -> Result<bool, StoreError> {
    store.on_connection(|connection| {
        let busy: i64 =
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    })
}
