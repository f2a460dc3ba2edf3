//! What waits to be sent and what has arrived, counted from rows for the sync engine.

use super::{Read, receipts};
use crate::store::StoreError;
use crate::store::row::{digest_at, id_at, to_i64, to_u64};
use rusqlite::{OptionalExtension as _, params};
use std::collections::BTreeSet;
use uuid::Uuid;
use xunji_domain::ids::LogId;
use xunji_protocol::digest::Digest;

/// Seq and bytes on the wire of changes that wait, in order: those without a verdict, and with `again`
/// also everything after that seq, because the server asked for it. What can no longer be read is left out.
///
/// # Errors
/// Those of the file.
pub fn waiting(
    read: &Read<'_>,
    log: LogId,
    again: Option<u64>,
    limit: u32,
) -> Result<Vec<(u64, usize)>, StoreError> {
    let again = to_i64("change.seq", again.unwrap_or(i64::MAX as u64))?;
    let mut query = read.sql.prepare_cached(
        "SELECT c.seq, length(c.envelope) + iif(c.as_file, 0, length(c.body))
         FROM change c LEFT JOIN verdict v ON v.hash = c.hash
         WHERE c.log = ?1 AND (v.hash IS NULL OR c.seq > ?2)
           AND NOT EXISTS (SELECT 1 FROM lost_change l WHERE l.log = c.log AND l.seq = c.seq)
         ORDER BY c.seq LIMIT ?3",
    )?;
    let rows = query.query_map(params![log.as_bytes(), again, limit], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let (seq, size): (i64, i64) = row?;
        found.push((
            to_u64("change.seq", seq)?,
            usize::try_from(size).unwrap_or(usize::MAX),
        ));
    }
    Ok(found)
}

/// The hash of this phone's change at a seq, also where the change has left.
///
/// # Errors
/// Those of the file.
pub fn hash_at(read: &Read<'_>, log: LogId, seq: u64) -> Result<Option<Digest>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT hash FROM change WHERE log = ?1 AND seq = ?2
         UNION ALL SELECT hash FROM cut_change WHERE log = ?1 AND seq = ?2",
    )?;
    let seq = to_i64("change.seq", seq)?;
    Ok(query
        .query_row(params![log.as_bytes(), seq], |row| digest_at(row, 0))
        .optional()?)
}

/// Every log of this phone, the open one last.
///
/// # Errors
/// Those of the file.
pub fn logs(read: &Read<'_>) -> Result<Vec<LogId>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT log FROM log ORDER BY open, rowid")?;
    let rows = query.query_map([], |row| Ok(LogId(id_at(row, 0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Changes on inspections and on the register: how many have a receipt, how many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// Signed inspections and amendments with a receipt.
    pub records_received: u64,
    /// … all of them.
    pub records: u64,
    /// Registrations and edits with a receipt.
    pub register_received: u64,
    /// … all of them.
    pub register: u64,
}

/// Counts the changes of every log against the log's receipts; what was declared lost counts on neither side.
///
/// # Errors
/// Those of the file.
pub fn arrived(read: &Read<'_>) -> Result<Arrived, StoreError> {
    let mut all = Arrived::default();
    for log in logs(read)? {
        let up_to = to_i64("receipt.subject", receipts::log_up_to(read, log)?)?;
        let mut query = read.sql.prepare_cached(
            "SELECT kind LIKE 'inspection.%', seq <= ?2, count(*) FROM change c
             WHERE log = ?1 AND kind NOT LIKE 'log.%' AND kind NOT LIKE 'draft.%'
               AND NOT EXISTS (SELECT 1 FROM lost_change l WHERE l.log = c.log AND l.seq = c.seq)
             GROUP BY 1, 2",
        )?;
        let rows = query.query_map(params![log.as_bytes(), up_to], |row| {
            Ok((
                row.get::<_, bool>(0)?,
                row.get::<_, bool>(1)?,
                row.get::<_, i64>(2)?,
            ))
        })?;
        for row in rows {
            let (record, received, count) = row?;
            let count = to_u64("count", count)?;
            let (total, arrived) = match record {
                true => (&mut all.records, &mut all.records_received),
                false => (&mut all.register, &mut all.register_received),
            };
            *total += count;
            *arrived += if received { count } else { 0 };
        }
    }
    Ok(all)
}

/// Pictures whose original is queued and whose copies are still to be made.
///
/// # Errors
/// Those of the file.
pub fn underived(read: &Read<'_>) -> Result<u64, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT count(DISTINCT p.sha256) FROM photo p JOIN file f ON f.sha256 = p.sha256
         WHERE p.state = 'sealed' AND p.derived = 'no' AND f.queued = 1",
    )?;
    to_u64("count", query.query_row([], |row| row.get(0))?)
}

/// Records that must stay on this phone whatever leaves its scope: those of drafts, of changes the
/// mirror has not passed, and of amendments under way.
///
/// # Errors
/// Those of the file.
pub fn pinned(read: &Read<'_>) -> Result<BTreeSet<Uuid>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT operator FROM draft WHERE signed_change IS NULL
         UNION SELECT inspection FROM amendment_draft WHERE signed_change IS NULL
         UNION SELECT r.record FROM change_record r LEFT JOIN verdict v ON v.hash = r.hash
               WHERE coalesce(v.confirmed, 0) = 0",
    )?;
    let rows = query.query_map([], |row| id_at(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
