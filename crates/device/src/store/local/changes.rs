//! The changes of the phone's logs, as exact bytes. Append-only.

use super::{Read, Write, log};
use crate::store::StoreError;
use crate::store::row::{digest_at, from_json, id_at, to_i64, to_u64};
use rusqlite::{OptionalExtension as _, Row, ToSql, params};
use std::collections::BTreeSet;
use uuid::Uuid;
use xunji_domain::ids::LogId;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Change;
use xunji_protocol::log::LogHead;
use xunji_protocol::verdict::VerdictRow;

/// A change as it lies here.
#[derive(Clone, Debug)]
pub struct StoredChange {
    /// Its key.
    pub hash: Digest,
    /// Place in its log.
    pub seq: u64,
    /// Kind.
    pub kind: String,
    /// Exact bytes of the envelope.
    pub envelope: Vec<u8>,
    /// Exact bytes of the body.
    pub body: Vec<u8>,
    /// The body travels as a file.
    pub as_file: bool,
    /// The server's word; `None` while there is none.
    pub verdict: Option<VerdictRow>,
    /// The mirror has passed its effects.
    pub confirmed: bool,
}

const COLUMNS: &str =
    "c.hash, c.seq, c.kind, c.envelope, c.body, c.as_file, v.row, coalesce(v.confirmed, 0)
     FROM change c LEFT JOIN verdict v ON v.hash = c.hash";

/// A change without the server's word, of a row `hash, seq, kind, envelope, body, as_file`.
///
/// # Errors
/// A column does not read.
pub(in crate::store) fn bare(row: &Row<'_>) -> Result<StoredChange, StoreError> {
    Ok(StoredChange {
        hash: digest_at(row, 0)?,
        seq: to_u64("change.seq", row.get(1)?)?,
        kind: row.get(2)?,
        envelope: row.get(3)?,
        body: row.get(4)?,
        as_file: row.get(5)?,
        verdict: None,
        confirmed: false,
    })
}

/// Appends a sealed change to its log and moves the head; the caller's transaction holds the data it
/// changes. `change` must follow the head.
///
/// # Errors
/// Those of the file; [`StoreError::Value`] when the change does not follow the head.
pub fn append(
    write: &Write<'_>,
    change: &Change,
    body: &[u8],
    as_file: bool,
) -> Result<(), StoreError> {
    let head = log::open(write)?.ok_or(StoreError::Value("log"))?.head;
    let envelope = &change.envelope;
    if envelope.log != head.log || envelope.seq != head.seq + 1 || envelope.prev != head.hash {
        return Err(StoreError::Value("change.seq"));
    }
    write.sql.execute(
        "INSERT INTO change (hash, log, seq, kind, envelope, body, as_file) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            change.hash.0,
            envelope.log.as_bytes(),
            to_i64("change.seq", envelope.seq)?,
            envelope.kind,
            change.envelope_bytes,
            body,
            as_file
        ],
    )?;
    for record in &envelope.records {
        write.sql.execute(
            "INSERT OR IGNORE INTO change_record (hash, record) VALUES (?1, ?2)",
            params![change.hash.0, record.as_bytes()],
        )?;
    }
    log::set_head(
        write,
        &LogHead {
            log: envelope.log,
            seq: envelope.seq,
            hash: change.hash,
        },
    )
}

/// Changes of a log with `seq > after`, in order, at most `limit`.
///
/// # Errors
/// Those of the file.
pub fn after(
    read: &Read<'_>,
    log: LogId,
    after: u64,
    limit: u32,
) -> Result<Vec<StoredChange>, StoreError> {
    let after = to_i64("change.seq", after)?;
    list(
        read,
        "WHERE c.log = ?1 AND c.seq > ?2 ORDER BY c.seq LIMIT ?3",
        params![log.as_bytes(), after, limit],
    )
}

/// Changes of a log that no verdict has come back for, in order.
///
/// # Errors
/// Those of the file.
pub fn unanswered(
    read: &Read<'_>,
    log: LogId,
    limit: u32,
) -> Result<Vec<StoredChange>, StoreError> {
    list(
        read,
        "WHERE c.log = ?1 AND v.hash IS NULL ORDER BY c.seq LIMIT ?2",
        params![log.as_bytes(), limit],
    )
}

/// Changes whose effects the mirror has not passed, in the order they were made: the overlay.
///
/// # Errors
/// Those of the file.
pub fn unconfirmed(read: &Read<'_>) -> Result<Vec<StoredChange>, StoreError> {
    list(
        read,
        "WHERE coalesce(v.confirmed, 0) = 0 ORDER BY c.rowid",
        params![],
    )
}

/// Unconfirmed changes that name a record, in the order they were made.
///
/// # Errors
/// Those of the file.
pub fn unconfirmed_of(read: &Read<'_>, record: Uuid) -> Result<Vec<StoredChange>, StoreError> {
    list(
        read,
        "JOIN change_record r ON r.hash = c.hash
         WHERE r.record = ?1 AND coalesce(v.confirmed, 0) = 0 ORDER BY c.rowid",
        params![record.as_bytes()],
    )
}

/// Every record that a change kept here names.
///
/// # Errors
/// Those of the file.
pub fn records(read: &Read<'_>) -> Result<BTreeSet<Uuid>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT DISTINCT record FROM change_record")?;
    let rows = query.query_map([], |row| id_at(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every change of this phone that names a record, in the order they were made.
///
/// # Errors
/// Those of the file.
pub fn of_record(read: &Read<'_>, record: Uuid) -> Result<Vec<StoredChange>, StoreError> {
    list(
        read,
        "JOIN change_record r ON r.hash = c.hash WHERE r.record = ?1 ORDER BY c.rowid",
        params![record.as_bytes()],
    )
}

/// One change by its hash.
///
/// # Errors
/// Those of the file.
pub fn by_hash(read: &Read<'_>, hash: Digest) -> Result<Option<StoredChange>, StoreError> {
    Ok(list(read, "WHERE c.hash = ?1", params![hash.0])?.pop())
}

/// The change whose body has this digest and travels as a file.
///
/// # Errors
/// Those of the file.
pub fn body_file(read: &Read<'_>, sha256: Digest) -> Result<Option<Vec<u8>>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT body FROM change WHERE as_file = 1")?;
    let bodies = query.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
    for body in bodies {
        let body = body?;
        if Digest::of(&body) == sha256 {
            return Ok(Some(body));
        }
    }
    Ok(None)
}

/// How many changes there are of a kind, and how many of them lie at or before `up_to` of the log.
///
/// # Errors
/// Those of the file.
pub fn count(read: &Read<'_>, log: LogId, up_to: u64) -> Result<(u64, u64), StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT count(*), coalesce(sum(seq <= ?2), 0) FROM change WHERE log = ?1",
    )?;
    let (all, received) = query
        .query_row(
            params![log.as_bytes(), to_i64("change.seq", up_to)?],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?
        .unwrap_or((0, 0));
    Ok((to_u64("count", all)?, to_u64("count", received)?))
}

fn list(
    read: &Read<'_>,
    rest: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<StoredChange>, StoreError> {
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

fn of_row(row: &Row<'_>) -> Result<StoredChange, StoreError> {
    let verdict: Option<String> = row.get(6)?;
    Ok(StoredChange {
        hash: digest_at(row, 0)?,
        seq: to_u64("change.seq", row.get(1)?)?,
        kind: row.get(2)?,
        envelope: row.get(3)?,
        body: row.get(4)?,
        as_file: row.get(5)?,
        verdict: verdict
            .map(|text| from_json("verdict.row", &text))
            .transpose()?,
        confirmed: row.get(7)?,
    })
}
