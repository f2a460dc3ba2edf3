//! What a restored server promised and has lost: its receipts are put aside, and what they stood for is
//! offered again.

use super::{Read, Write, settings};
use crate::store::StoreError;
use crate::store::row::{to_i64, to_u64};
use rusqlite::params;
use xunji_domain::ids::LogId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::SignedStatement;

/// The newest epoch of the server that this phone has heard of.
const EPOCH: &str = "server_epoch";
/// The newest signed heads of this phone's feeds.
const HEADS: &str = "signed_heads";

/// The newest epoch this phone has heard of; 0 before the first hello.
///
/// # Errors
/// Those of the file.
pub fn epoch(read: &Read<'_>) -> Result<u64, StoreError> {
    let kept = settings::get(read, EPOCH)?;
    kept.map_or(Ok(0), |text| {
        text.parse()
            .map_err(|_| StoreError::Value("setting.server_epoch"))
    })
}

/// Keeps the epoch that was told.
///
/// # Errors
/// Those of the file.
pub fn set_epoch(write: &Write<'_>, epoch: u64) -> Result<(), StoreError> {
    settings::set(write, EPOCH, &epoch.to_string())
}

/// The signed feed heads that were kept last; `None` before the first pull.
///
/// # Errors
/// Those of the file.
pub fn heads(read: &Read<'_>) -> Result<Option<SignedStatement>, StoreError> {
    Ok(settings::get(read, HEADS)?.map(SignedStatement))
}

/// Keeps signed feed heads.
///
/// # Errors
/// Those of the file.
pub fn set_heads(write: &Write<'_>, heads: &SignedStatement) -> Result<(), StoreError> {
    settings::set(write, HEADS, &heads.0)
}

/// The server lacks what follows this seq of a log: receipts and verdicts for it lapse, so that the changes
/// wait again. Returns how many there are.
///
/// # Errors
/// Those of the file.
pub fn log_after(
    write: &Write<'_>,
    log: LogId,
    after: u64,
    now: Millis,
) -> Result<u64, StoreError> {
    let prefix = format!("log:{log}:");
    put_aside(
        write,
        "subject > ?2 AND subject < ?3",
        params![now.0, format!("{prefix}{after:020}"), format!("log:{log};")],
    )?;
    let waiting = write.sql.execute(
        "DELETE FROM verdict WHERE hash IN (SELECT hash FROM change WHERE log = ?1 AND seq > ?2)",
        params![log.as_bytes(), to_i64("change.seq", after)?],
    )?;
    Ok(waiting as u64)
}

/// The server wants a file again: its receipt lapses, where this phone has the file and one. The receipt of one
/// that has left lapses too: it is nowhere but in a backup then.
///
/// # Errors
/// Those of the file.
pub fn file(write: &Write<'_>, sha256: Digest, now: Millis) -> Result<(), StoreError> {
    // A restored server may have lost that it erased it.
    write.sql.execute(
        "UPDATE file SET erased = 0 WHERE sha256 = ?1",
        [sha256.to_hex()],
    )?;
    // One without a receipt is on its way: its upload goes on.
    write.sql.execute(
        "UPDATE file SET upload = '', offset_seen = 0
         WHERE sha256 = ?1 AND EXISTS (SELECT 1 FROM receipt WHERE subject = ?2)",
        params![sha256.to_hex(), format!("file:{sha256}")],
    )?;
    put_aside(
        write,
        "subject = ?2 AND (EXISTS (SELECT 1 FROM file WHERE sha256 = ?3)
                        OR EXISTS (SELECT 1 FROM left_file WHERE sha256 = ?3))",
        params![now.0, format!("file:{sha256}"), sha256.to_hex()],
    )?;
    Ok(())
}

/// Receipts of files: SHA-256, verbatim, and server time in them.
///
/// # Errors
/// Those of the file.
pub fn file_receipts(
    read: &Read<'_>,
) -> Result<Vec<(Digest, SignedStatement, Millis)>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT subject, token, at FROM receipt WHERE subject LIKE 'file:%'")?;
    let rows = query.query_map([], |row| {
        Ok((
            row.get::<_, String>(0)?,
            SignedStatement(row.get(1)?),
            Millis(row.get(2)?),
        ))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let (subject, token, at) = row?;
        let sha256 = subject.strip_prefix("file:").and_then(Digest::from_hex);
        found.push((
            sha256.ok_or(StoreError::Value("receipt.subject"))?,
            token,
            at,
        ));
    }
    Ok(found)
}

/// How many receipts have lapsed on this phone.
///
/// # Errors
/// Those of the file.
pub fn count(read: &Read<'_>) -> Result<u64, StoreError> {
    let count = read
        .sql
        .query_row("SELECT count(*) FROM lapsed_receipt", [], |row| row.get(0))?;
    to_u64("count", count)
}

fn put_aside(
    write: &Write<'_>,
    which: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<(), StoreError> {
    write.sql.execute(
        &format!(
            "INSERT OR IGNORE INTO lapsed_receipt (subject, token, at, lapsed_at)
             SELECT subject, token, at, ?1 FROM receipt WHERE {which}"
        ),
        values,
    )?;
    // The same parameters; the first one has no place of its own here.
    write.sql.execute(
        &format!("DELETE FROM receipt WHERE ?1 IS NOT NULL AND {which}"),
        values,
    )?;
    Ok(())
}
