//! The phone's logs: keys, heads, the open one.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{digest_at, from_code, id_at, to_code, to_i64, to_json, to_u64};
use rusqlite::{Row, ToSql, params};
use xunji_domain::ids::LogId;
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::OpenedBecause;
use xunji_protocol::log::{HeadSignature, LogHead};
use zeroize::Zeroizing;

/// One log.
#[derive(Clone, Debug)]
pub struct LogRow {
    /// Ed25519 seed of the log's key.
    pub seed: Zeroizing<[u8; 32]>,
    /// Code in record numbers, given at enrolment; empty before.
    pub short_code: String,
    /// The line was continued in two places: what is written now goes into another log.
    pub branched: bool,
    /// The last change.
    pub head: LogHead,
    /// Why it was opened; `None` for the log of the enrolment.
    pub because: Option<OpenedBecause>,
    /// What is written goes here.
    pub open: bool,
}

/// The open log; `None` before the phone has one.
///
/// # Errors
/// Those of the file.
pub fn open(read: &Read<'_>) -> Result<Option<LogRow>, StoreError> {
    Ok(list(read, "WHERE open = 1", params![])?.pop())
}

/// One log, open or not.
///
/// # Errors
/// Those of the file.
pub fn get(read: &Read<'_>, log: LogId) -> Result<Option<LogRow>, StoreError> {
    Ok(list(read, "WHERE log = ?1", params![log.as_bytes()])?.pop())
}

/// Every log of this phone in the order they were opened: the open one last.
///
/// # Errors
/// Those of the file.
pub fn all(read: &Read<'_>) -> Result<Vec<LogRow>, StoreError> {
    list(read, "ORDER BY open, rowid", params![])
}

fn list(read: &Read<'_>, rest: &str, values: &[&dyn ToSql]) -> Result<Vec<LogRow>, StoreError> {
    let mut query = read.sql.prepare_cached(&format!(
        "SELECT log, seed, short_code, branched, head_seq, head_hash, opened_because, open FROM log {rest}"
    ))?;
    let mut rows = query.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(of_row(row)?);
    }
    Ok(found)
}

/// Opens a log; the one before is closed.
///
/// # Errors
/// Those of the file.
pub fn start(write: &Write<'_>, log: LogId, seed: &Zeroizing<[u8; 32]>) -> Result<(), StoreError> {
    write.sql.execute("UPDATE log SET open = 0", [])?;
    write.sql.execute(
        "INSERT INTO log (log, seed, head_hash) VALUES (?1, ?2, ?3)",
        params![log.as_bytes(), seed.as_slice(), Digest::ZERO.0],
    )?;
    Ok(())
}

/// Keeps the code the server gave.
///
/// # Errors
/// Those of the file.
pub fn set_short_code(write: &Write<'_>, log: LogId, code: &str) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE log SET short_code = ?2 WHERE log = ?1",
        params![log.as_bytes(), code],
    )?;
    Ok(())
}

/// Says why a log was opened.
///
/// # Errors
/// Those of the file.
pub fn set_because(
    write: &Write<'_>,
    log: LogId,
    because: OpenedBecause,
) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE log SET opened_because = ?2 WHERE log = ?1",
        params![log.as_bytes(), to_code("log.opened_because", &because)?],
    )?;
    Ok(())
}

/// The line was continued in two places.
///
/// # Errors
/// Those of the file.
pub fn mark_branched(write: &Write<'_>, log: LogId) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE log SET branched = 1 WHERE log = ?1",
        [log.as_bytes()],
    )?;
    Ok(())
}

/// Moves the head; only [`super::changes::append`] does.
pub(super) fn set_head(write: &Write<'_>, head: &LogHead) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE log SET head_seq = ?2, head_hash = ?3 WHERE log = ?1",
        params![
            head.log.as_bytes(),
            to_i64("log.head_seq", head.seq)?,
            head.hash.0
        ],
    )?;
    Ok(())
}

fn of_row(row: &Row<'_>) -> Result<LogRow, StoreError> {
    let head = LogHead {
        log: LogId(id_at(row, 0)?),
        seq: to_u64("log.head_seq", row.get(4)?)?,
        hash: digest_at(row, 5)?,
    };
    let because: String = row.get(6)?;
    Ok(LogRow {
        seed: Zeroizing::new(row.get(1)?),
        short_code: row.get(2)?,
        branched: row.get(3)?,
        head,
        because: match because.as_str() {
            "" => None,
            _ => Some(from_code("log.opened_because", because)?),
        },
        open: row.get(7)?,
    })
}

/// Keeps the head signature made when a record became final.
///
/// # Errors
/// Those of the file.
pub fn put_signed_head(write: &Write<'_>, signature: &HeadSignature) -> Result<(), StoreError> {
    write.sql.execute(
        "INSERT OR IGNORE INTO signed_head (hash, row) VALUES (?1, ?2)",
        params![
            signature.head.hash.0,
            to_json("signed_head.row", signature)?
        ],
    )?;
    Ok(())
}
