//! Changes of this phone that can no longer be read, or have left it and are lacking at the server. Their place and hash are kept and were said to the
//! server; what follows them goes on.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{digest_at, id_at, to_i64, to_u64};
use rusqlite::params;
use xunji_domain::ids::LogId;
use xunji_protocol::digest::Digest;
use xunji_protocol::log::LogHead;

/// Keeps lost changes, declared by another one, or anew where the declaration itself was lost.
///
/// # Errors
/// Those of the file.
pub fn put(write: &Write<'_>, lost: &[LogHead], declared: Digest) -> Result<(), StoreError> {
    for place in lost {
        write.sql.execute(
            "INSERT INTO lost_change (log, seq, hash, declared) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (log, seq) DO UPDATE SET declared = excluded.declared",
            params![
                place.log.as_bytes(),
                to_i64("lost_change.seq", place.seq)?,
                place.hash.0,
                declared.0
            ],
        )?;
    }
    Ok(())
}

/// Every lost change.
///
/// # Errors
/// Those of the file.
pub fn all(read: &Read<'_>) -> Result<Vec<LogHead>, StoreError> {
    list(read, "")
}

/// Lost changes whose declaration has no verdict yet.
///
/// # Errors
/// Those of the file.
pub fn undeclared(read: &Read<'_>) -> Result<Vec<LogHead>, StoreError> {
    list(
        read,
        "WHERE NOT EXISTS (SELECT 1 FROM verdict v WHERE v.hash = declared)",
    )
}

/// Changes of which a damaged file gave back no more than place and hash.
///
/// # Errors
/// Those of the file.
pub fn unread(read: &Read<'_>) -> Result<Vec<LogHead>, StoreError> {
    heads(
        read,
        "SELECT log, seq, hash FROM change WHERE envelope = x'' ORDER BY log, seq",
    )
}

/// Envelopes and bodies by log and seq.
#[cfg(test)]
pub(crate) type Changes = std::collections::BTreeMap<(Vec<u8>, i64), Vec<u8>>;

/// The bytes of every change.
#[cfg(test)]
pub(crate) fn every_change(read: &Read<'_>) -> Result<Changes, StoreError> {
    let mut query = read
        .sql
        .prepare("SELECT log, seq, CAST(envelope || body AS BLOB) FROM change")?;
    let rows = query.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn list(read: &Read<'_>, rest: &str) -> Result<Vec<LogHead>, StoreError> {
    heads(
        read,
        &format!("SELECT log, seq, hash FROM lost_change {rest} ORDER BY log, seq"),
    )
}

fn heads(read: &Read<'_>, sql: &str) -> Result<Vec<LogHead>, StoreError> {
    let mut query = read.sql.prepare_cached(sql)?;
    let rows = query.query_map([], |row| {
        Ok((
            LogId(id_at(row, 0)?),
            row.get::<_, i64>(1)?,
            digest_at(row, 2)?,
        ))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let (log, seq, hash) = row?;
        found.push(LogHead {
            log,
            seq: to_u64("lost_change.seq", seq)?,
            hash,
        });
    }
    Ok(found)
}

/// Whether the declaration of a log's losses has no verdict yet: what follows them is not taken before.
///
/// # Errors
/// Those of the file.
pub fn is_undeclared(read: &Read<'_>, log: LogId) -> Result<bool, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM lost_change l LEFT JOIN verdict v ON v.hash = l.declared
                        WHERE l.log = ?1 AND v.hash IS NULL)",
    )?;
    Ok(query.query_row([log.as_bytes()], |row| row.get(0))?)
}
