//! Backups that were made, and how far they reach: the server time up to which everything that was
//! receipted is in a copy.
//!
//! A backup's reach is written down before its copy is taken. Whoever commits a receipt of that time or
//! an earlier one afterwards draws the reach back in the same transaction: so it never names a receipt
//! that the copy may lack, however long a request waited between its receipt and its commit.

use super::columns::to_column;
use super::error::StoreError;
use super::store::Store;
use super::{files, meta};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use std::path::Path;
use uuid::Uuid;
use xunji_domain::ids::BureauId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::guard::Guard;

/// How a backup ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: Millis,
    /// Every byte of the copy was read and verified.
    pub whole: bool,
    /// It does not lie on the county's own disk.
    pub away: bool,
    /// Files it holds.
    pub files: u64,
    /// Their bytes and the database's.
    pub bytes: u64,
}

/// The last backup that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastBackup {
    /// Everything receipted up to this server time is in it.
    pub through: Millis,
    /// When it was verified.
    pub finished_at: Millis,
}

/// Notes that a copy is about to be taken which reaches to `through`.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn begin(
    store: &Store,
    bureau: BureauId,
    backup: Uuid,
    now: Millis,
    through: Millis,
) -> Result<(), StoreError> {
    store.write(move |db| {
        db.execute(
            "INSERT INTO backup (bureau, backup, begun_at, through) VALUES (?1, ?2, ?3, ?4)",
            params![bureau.as_bytes(), backup.as_bytes(), now.0, through.0],
        )?;
        Ok(())
    })
}

/// Notes how it ended; gives how far it reaches.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn end(
    store: &Store,
    bureau: BureauId,
    backup: Uuid,
    ended: Ended,
) -> Result<Millis, StoreError> {
    store.write(move |db| {
        let reach = db.query_row(
            "UPDATE backup SET finished_at = ?3, whole = ?4, away = ?5, files = ?6, bytes = ?7
             WHERE bureau = ?1 AND backup = ?2 RETURNING through",
            params![
                bureau.as_bytes(),
                backup.as_bytes(),
                ended.at.0,
                ended.whole,
                ended.away,
                to_column(ended.files),
                to_column(ended.bytes)
            ],
            |row| row.get(0),
        )?;
        Ok(Millis(reach))
    })
}

/// The backup that reaches furthest among those that are whole and away; `None` without one.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn last(store: &Store, bureau: BureauId) -> Result<Option<LastBackup>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT through, finished_at FROM backup
             WHERE bureau = ?1 AND whole = 1 AND away = 1 AND finished_at IS NOT NULL
             ORDER BY through DESC, finished_at DESC LIMIT 1",
        )?;
        let row = statement.query_row([bureau.as_bytes()], |row| {
            Ok(LastBackup {
                through: Millis(row.get(0)?),
                finished_at: Millis(row.get(1)?),
            })
        });
        Ok(row.optional()?)
    })
}

/// Whether the bureau lets phones free their space without a backup.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn waived(store: &Store, bureau: BureauId) -> Result<bool, StoreError> {
    Ok(meta::get(store, bureau, meta::BACKUP_WAIVED)?.is_some())
}

/// A receipt of this time is being committed: no copy that was begun before holds it for certain.
pub(super) fn receipted(
    db: &Connection,
    bureau: BureauId,
    server_time: Millis,
) -> Result<(), StoreError> {
    if !Guard::BackupReach.stands() {
        return Ok(());
    }
    db.prepare_cached("UPDATE backup SET through = ?2 - 1 WHERE bureau = ?1 AND through >= ?2")?
        .execute(params![bureau.as_bytes(), server_time.0])?;
    Ok(())
}

/// Copies a database as it stands at one moment into a new file, beside a server that writes.
///
/// # Errors
/// [`StoreError`]; the new file is not whole then.
pub fn snapshot(database: &Path, to: &Path) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(database, flags)?;
    db.busy_timeout(super::store::BUSY)?;
    let to = to.to_str().ok_or(StoreError::Corrupt("path"))?;
    // One read transaction, row by row: what was deleted before is not carried along, and a page that
    // does not read ends the copy.
    db.execute("VACUUM INTO ?1", [to])?;
    Ok(())
}

/// The files that a copied database names, with their length where a row says it.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn named(database: &Path, bureau: BureauId) -> Result<Vec<(Digest, Option<u64>)>, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(database, flags)?;
    files::named(&db, bureau)
}
