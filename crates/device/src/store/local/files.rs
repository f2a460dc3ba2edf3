//! Sealed files on this phone, named by the SHA-256 of their clear bytes, and how far their way to the
//! server is. A receipt, not a flag in this table, says that a file has arrived.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{from_hex, to_i64, to_u64};
use rusqlite::{OptionalExtension as _, Row, ToSql, params};
use xunji_protocol::digest::Digest;
use xunji_protocol::steps::files::FileKind;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// SHA-256 of the clear bytes.
    pub sha256: Digest,
    /// Kind.
    pub kind: FileKind,
    /// Clear bytes.
    pub size: u64,
    /// Thumbnails and copies: the original they were made from.
    pub original: Option<Digest>,
    /// To be sent: set by the transaction that signs.
    pub queued: bool,
    /// The server's upload id; empty before creation.
    pub upload: String,
    /// Last offset the server told.
    pub offset_seen: u64,
    /// What stands in the way; empty when nothing does.
    pub problem: String,
}

const COLUMNS: &str = "f.sha256, f.kind, f.size, f.original, f.queued, f.upload, f.offset_seen, f.problem FROM file f";

/// Adds a file; one that is here already stays as it is, except that a queued one stays queued.
///
/// # Errors
/// Those of the file.
pub fn put(write: &Write<'_>, file: &FileRow) -> Result<(), StoreError> {
    write.sql.execute(
        "INSERT INTO file (sha256, kind, size, original, queued) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (sha256) DO UPDATE SET queued = max(queued, excluded.queued)",
        params![
            file.sha256.to_hex(),
            file.kind.code(),
            to_i64("file.size", file.size)?,
            file.original.map(Digest::to_hex),
            file.queued
        ],
    )?;
    Ok(())
}

/// Queues an original with what was made from it. What is derived later takes the queue mark over
/// from its original, see [`is_queued`].
///
/// # Errors
/// Those of the file.
pub fn queue_original(write: &Write<'_>, original: Digest) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE file SET queued = 1 WHERE sha256 = ?1 OR original = ?1",
        [original.to_hex()],
    )?;
    Ok(())
}

/// Whether a file is queued.
///
/// # Errors
/// Those of the file.
pub fn is_queued(read: &Read<'_>, sha256: Digest) -> Result<bool, StoreError> {
    Ok(get(read, sha256)?.is_some_and(|f| f.queued))
}

/// One file.
///
/// # Errors
/// Those of the file.
pub fn get(read: &Read<'_>, sha256: Digest) -> Result<Option<FileRow>, StoreError> {
    Ok(list(read, "WHERE f.sha256 = ?1", params![sha256.to_hex()])?.pop())
}

/// Queued files without a receipt, as far as the server did not say that it has erased them.
///
/// # Errors
/// Those of the file.
pub fn to_send(read: &Read<'_>) -> Result<Vec<FileRow>, StoreError> {
    list(
        read,
        "WHERE f.queued = 1 AND f.erased = 0 AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.subject = 'file:' || f.sha256)
         ORDER BY f.rowid",
        params![],
    )
}

/// Queued files of a kind: how many have a receipt, how many there are. What was erased counts for neither.
///
/// # Errors
/// Those of the file.
pub fn count(read: &Read<'_>, kind: FileKind) -> Result<(u64, u64), StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT coalesce(sum(EXISTS (SELECT 1 FROM receipt r WHERE r.subject = 'file:' || f.sha256)), 0), count(*)
         FROM file f WHERE f.queued = 1 AND f.erased = 0 AND f.kind = ?1",
    )?;
    let (received, total) = query
        .query_row([kind.code()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .unwrap_or((0, 0));
    Ok((to_u64("count", received)?, to_u64("count", total)?))
}

/// Files of a kind on this phone: how many, and their clear bytes.
///
/// # Errors
/// Those of the file.
pub fn kept(read: &Read<'_>, kind: FileKind) -> Result<(u64, u64), StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT count(*), coalesce(sum(size), 0) FROM file WHERE kind = ?1")?;
    let (count, bytes) = query.query_row([kind.code()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((to_u64("count", count)?, to_u64("file.size", bytes)?))
}

/// Clear bytes of the queued files of a kind that have no receipt, less what the server already holds.
///
/// # Errors
/// Those of the file.
pub fn bytes_left(read: &Read<'_>, kind: FileKind) -> Result<u64, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT coalesce(sum(max(f.size - f.offset_seen, 0)), 0) FROM file f WHERE f.queued = 1 AND f.erased = 0 AND f.kind = ?1
         AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.subject = 'file:' || f.sha256)",
    )?;
    to_u64(
        "file.size",
        query.query_row([kind.code()], |row| row.get(0))?,
    )
}

/// What was made from an original; `None` until it is made.
///
/// # Errors
/// Those of the file.
pub fn made_from(
    read: &Read<'_>,
    original: Digest,
    kind: FileKind,
) -> Result<Option<FileRow>, StoreError> {
    let rest = "WHERE f.original = ?1 AND f.kind = ?2 ORDER BY f.rowid";
    Ok(list(read, rest, params![original.to_hex(), kind.code()])?.pop())
}

/// Forgets what was made from an original and is not queued: it is made again under another caption.
///
/// # Errors
/// Those of the file.
pub fn forget_copies(write: &Write<'_>, original: Digest) -> Result<(), StoreError> {
    write.sql.execute(
        "DELETE FROM file WHERE original = ?1 AND queued = 0",
        [original.to_hex()],
    )?;
    Ok(())
}

/// Keeps the server's upload id and the offset it told.
///
/// # Errors
/// Those of the file.
pub fn set_upload(
    write: &Write<'_>,
    sha256: Digest,
    upload: &str,
    offset: u64,
) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE file SET upload = ?2, offset_seen = ?3 WHERE sha256 = ?1",
        params![sha256.to_hex(), upload, to_i64("file.offset_seen", offset)?],
    )?;
    Ok(())
}

/// Uploads belong to the log they were announced under: under another log they begin anew.
///
/// # Errors
/// Those of the file.
pub fn forget_uploads(write: &Write<'_>) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE file SET upload = '', offset_seen = 0
         WHERE NOT EXISTS (SELECT 1 FROM receipt r WHERE r.subject = 'file:' || file.sha256)",
        [],
    )?;
    Ok(())
}

/// The server has erased a file by a rule: nothing stands in its way, and it is not sent.
///
/// # Errors
/// Those of the file.
pub fn set_erased(write: &Write<'_>, sha256: Digest) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE file SET erased = 1, upload = '', offset_seen = 0, problem = '' WHERE sha256 = ?1",
        [sha256.to_hex()],
    )?;
    Ok(())
}

/// A restored server may have lost that it erased something: all of it is offered again, and refused again
/// where it did not.
///
/// # Errors
/// Those of the file.
pub fn offer_erased(write: &Write<'_>) -> Result<(), StoreError> {
    write
        .sql
        .execute("UPDATE file SET erased = 0 WHERE erased = 1", [])?;
    Ok(())
}

/// Whether the server has erased a file.
///
/// # Errors
/// Those of the file.
pub fn is_erased(read: &Read<'_>, sha256: Digest) -> Result<bool, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT 1 FROM file WHERE sha256 = ?1 AND erased = 1")?;
    Ok(query.exists([sha256.to_hex()])?)
}

/// Keeps what stands in the way of a file.
///
/// # Errors
/// Those of the file.
pub fn set_problem(write: &Write<'_>, sha256: Digest, problem: &str) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE file SET problem = ?2 WHERE sha256 = ?1",
        params![sha256.to_hex(), problem],
    )?;
    Ok(())
}

pub(in crate::store) fn list(
    read: &Read<'_>,
    rest: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<FileRow>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached(&format!("SELECT {COLUMNS} {rest}"))?;
    let mut rows = query.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(of_row(row)?);
    }
    Ok(found)
}

fn of_row(row: &Row<'_>) -> Result<FileRow, StoreError> {
    let sha256: String = row.get(0)?;
    let kind: String = row.get(1)?;
    let original: Option<String> = row.get(3)?;
    Ok(FileRow {
        sha256: from_hex("file.sha256", &sha256)?,
        kind: FileKind::from_code(&kind).ok_or(StoreError::Value("file.kind"))?,
        size: to_u64("file.size", row.get(2)?)?,
        original: original
            .map(|text| from_hex("file.original", &text))
            .transpose()?,
        queued: row.get(4)?,
        upload: row.get(5)?,
        offset_seen: to_u64("file.offset_seen", row.get(6)?)?,
        problem: row.get(7)?,
    })
}
