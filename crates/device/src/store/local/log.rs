//! The phone's logs: keys, heads, the open one.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{digest_at, id_at, to_i64, to_json, to_u64};
use rusqlite::{OptionalExtension as _, Row, params};
use xunji_domain::ids::LogId;
use xunji_protocol::digest::Digest;
use xunji_protocol::log::{HeadSignature, LogHead};
use zeroize::Zeroizing;

/// One log.
#[derive(Clone, Debug)]
pub struct LogRow {
    /// Ed25519 seed of the log's key.
    pub seed: Zeroizing<[u8; 32]>,
    /// Code in record numbers, given at enrolment; empty before.
    pub short_code: String,
    /// Another line exists at the server: pushing has stopped, everything is kept.
    pub branched: bool,
    /// The last change.
    pub head: LogHead,
}

/// The open log; `None` before the phone has one.
///
/// # Errors
/// Those of the file.
pub fn open(read: &Read<'_>) -> Result<Option<LogRow>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT log, seed, short_code, branched, head_seq, head_hash FROM log WHERE open = 1",
    )?;
    query
        .query_row([], |row| Ok(of_row(row)))
        .optional()?
        .transpose()
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

/// Another line exists under this log: pushing stops.
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
    Ok(LogRow {
        seed: Zeroizing::new(row.get(1)?),
        short_code: row.get(2)?,
        branched: row.get(3)?,
        head,
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
