//! Receipts: facts, kept verbatim. 已收 is counted from them and from nothing else.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::to_u64;
use rusqlite::{OptionalExtension as _, params};
use xunji_domain::ids::LogId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::SignedStatement;

/// Keeps the receipt of a log's head, already verified. The same again changes nothing.
///
/// # Errors
/// Those of the file.
pub fn put_log(
    write: &Write<'_>,
    log: LogId,
    up_to: u64,
    token: &SignedStatement,
    at: Millis,
) -> Result<(), StoreError> {
    put(write, &format!("log:{log}:{up_to:020}"), token, at)
}

/// Keeps the receipt of a file, already verified. The same again changes nothing.
///
/// # Errors
/// Those of the file.
pub fn put_file(
    write: &Write<'_>,
    sha256: Digest,
    token: &SignedStatement,
    at: Millis,
) -> Result<(), StoreError> {
    put(write, &format!("file:{sha256}"), token, at)
}

/// Up to which seq a log is receipted; 0 without a receipt.
///
/// # Errors
/// Those of the file.
pub fn log_up_to(read: &Read<'_>, log: LogId) -> Result<u64, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT CAST(substr(subject, length(?1) + 1) AS INTEGER) FROM receipt
         WHERE subject >= ?1 AND subject < ?1 || ':' ORDER BY subject DESC LIMIT 1",
    )?;
    let found: Option<i64> = query
        .query_row([format!("log:{log}:")], |row| row.get(0))
        .optional()?;
    to_u64("receipt.subject", found.unwrap_or(0))
}

/// Server time in the first receipt that covers a seq of a log; `None` while none does.
///
/// # Errors
/// Those of the file.
pub fn covered_at(read: &Read<'_>, log: LogId, seq: u64) -> Result<Option<Millis>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT at FROM receipt WHERE subject >= ?1 AND subject < ?2 ORDER BY subject LIMIT 1",
    )?;
    let range = [format!("log:{log}:{seq:020}"), format!("log:{log};")];
    Ok(query
        .query_row(range, |row| row.get(0))
        .optional()?
        .map(Millis))
}

/// The newest receipt of a log's head, of whichever log; `None` before the first.
///
/// # Errors
/// Those of the file.
pub fn newest(read: &Read<'_>) -> Result<Option<SignedStatement>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT token FROM receipt WHERE subject LIKE 'log:%' ORDER BY at DESC, subject DESC LIMIT 1",
    )?;
    Ok(query
        .query_row([], |row| row.get(0).map(SignedStatement))
        .optional()?)
}

/// The receipt of a file.
///
/// # Errors
/// Those of the file.
pub fn of_file(read: &Read<'_>, sha256: Digest) -> Result<Option<SignedStatement>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT token FROM receipt WHERE subject = ?1")?;
    Ok(query
        .query_row([format!("file:{sha256}")], |row| {
            row.get(0).map(SignedStatement)
        })
        .optional()?)
}

/// Server time in the receipt of a file; `None` without one.
///
/// # Errors
/// Those of the file.
pub fn file_at(read: &Read<'_>, sha256: Digest) -> Result<Option<Millis>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT at FROM receipt WHERE subject = ?1")?;
    let at = query.query_row([format!("file:{sha256}")], |row| row.get(0));
    Ok(at.optional()?.map(Millis))
}

/// Server time in the latest receipt; `None` before the first.
///
/// # Errors
/// Those of the file.
pub fn last_at(read: &Read<'_>) -> Result<Option<Millis>, StoreError> {
    let at: Option<i64> = read
        .sql
        .query_row("SELECT max(at) FROM receipt", [], |row| row.get(0))?;
    Ok(at.map(Millis))
}

fn put(
    write: &Write<'_>,
    subject: &str,
    token: &SignedStatement,
    at: Millis,
) -> Result<(), StoreError> {
    write.sql.execute(
        "INSERT OR IGNORE INTO receipt (subject, token, at) VALUES (?1, ?2, ?3)",
        params![subject, token.0, at.0],
    )?;
    Ok(())
}
