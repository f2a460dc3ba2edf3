//! What has left this phone: places of changes in their logs, names of files. The only door through which a
//! change or a record's form is removed; the caller has asked whether it may be.

use super::leaving::ChangeFact;
use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{digest_at, from_hex, to_i64, to_u64};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;
use xunji_domain::ids::LogId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::log::LogHead;
use xunji_protocol::steps::files::FileKind;

/// Takes a file out of the rows; its sealed bytes are to be removed once this is committed.
///
/// # Errors
/// Those of the file.
pub fn file(write: &Write<'_>, sha256: Digest, at: Millis) -> Result<(), StoreError> {
    let name = sha256.to_hex();
    write.sql.execute(
        "INSERT INTO left_file (sha256, kind, size, at) SELECT sha256, kind, size, ?2 FROM file WHERE sha256 = ?1
         ON CONFLICT (sha256) DO UPDATE SET at = excluded.at",
        params![name, at.0],
    )?;
    write
        .sql
        .execute("DELETE FROM file WHERE sha256 = ?1", [name])?;
    Ok(())
}

/// Whether a file was here, has left and did not come back.
///
/// # Errors
/// Those of the file.
pub fn has_left(read: &Read<'_>, sha256: Digest) -> Result<bool, StoreError> {
    Ok(read.sql.query_row(
        "SELECT EXISTS (SELECT 1 FROM left_file WHERE sha256 = ?1)
            AND NOT EXISTS (SELECT 1 FROM file WHERE sha256 = ?1)",
        [sha256.to_hex()],
        |row| row.get(0),
    )?)
}

/// Takes the form of a record out of the rows: answers, findings, signatures, photo rows, files that no other
/// record shows. Gives the files whose sealed bytes are to be removed. Its changes go after it.
///
/// # Errors
/// Those of the file.
pub fn record(write: &Write<'_>, inspection: Uuid, at: Millis) -> Result<Vec<Digest>, StoreError> {
    let files = own_files(write, inspection)?;
    for sha256 in &files {
        file(write, *sha256, at)?;
    }
    let forms = "(SELECT ?1 UNION SELECT id FROM amendment_draft WHERE inspection = ?1)";
    for rows in [
        "signature WHERE",
        "photo WHERE (state = 'sealed' OR sha256 IS NULL) AND",
    ] {
        write.sql.execute(
            &format!("DELETE FROM {rows} draft IN {forms}"),
            [inspection.as_bytes()],
        )?;
    }
    for table in ["answer", "early", "finding", "licence_check", "draft_copy"] {
        write.sql.execute(
            &format!("DELETE FROM {table} WHERE draft = ?1"),
            [inspection.as_bytes()],
        )?;
    }
    write.sql.execute(
        "DELETE FROM amendment_draft WHERE inspection = ?1",
        [inspection.as_bytes()],
    )?;
    write
        .sql
        .execute("DELETE FROM draft WHERE id = ?1", [inspection.as_bytes()])?;
    Ok(files)
}

/// Takes a change out of its log's front and keeps its place.
///
/// # Errors
/// Those of the file; [`StoreError::Value`] when it is not the first one that is left.
pub fn change(write: &Write<'_>, fact: &ChangeFact, at: Millis) -> Result<(), StoreError> {
    let seq = to_i64("change.seq", fact.seq)?;
    let is_first: bool = write.sql.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM change WHERE log = ?1 AND seq < ?2)",
        params![fact.log.as_bytes(), seq],
        |row| row.get(0),
    )?;
    if !is_first {
        return Err(StoreError::Value("cut_change.seq"));
    }
    let body: Option<Vec<u8>> = write
        .sql
        .query_row(
            "SELECT body FROM change WHERE hash = ?1 AND as_file = 1",
            [fact.hash.0],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(body) = body {
        file(write, Digest::of(&body), at)?;
    }
    write.sql.execute(
        "INSERT INTO cut_change (log, seq, hash, at) VALUES (?1, ?2, ?3, ?4)",
        params![fact.log.as_bytes(), seq, fact.hash.0, at.0],
    )?;
    for table in ["verdict", "signed_head", "change_record", "change"] {
        write.sql.execute(
            &format!("DELETE FROM {table} WHERE hash = ?1"),
            [fact.hash.0],
        )?;
    }
    Ok(())
}

/// Places of a log that have left and lie behind a seq: what a server that was put back further than that
/// can no longer get from this phone. Those that were declared already are left out.
///
/// # Errors
/// Those of the file.
pub fn places_after(read: &Read<'_>, log: LogId, after: u64) -> Result<Vec<LogHead>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT seq, hash FROM cut_change c WHERE log = ?1 AND seq > ?2
           AND NOT EXISTS (SELECT 1 FROM lost_change l WHERE l.log = c.log AND l.seq = c.seq)
         ORDER BY seq",
    )?;
    let values = params![log.as_bytes(), to_i64("change.seq", after)?];
    let rows = query.query_map(values, |row| {
        Ok((row.get::<_, i64>(0)?, digest_at(row, 1)?))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let (seq, hash) = row?;
        found.push(LogHead {
            log,
            seq: to_u64("change.seq", seq)?,
            hash,
        });
    }
    Ok(found)
}

/// How many places that have left were declared to a server that lacks them.
///
/// # Errors
/// Those of the file.
pub fn missed(read: &Read<'_>) -> Result<u64, StoreError> {
    let count = read.sql.query_row(
        "SELECT count(*) FROM lost_change JOIN cut_change USING (log, seq)",
        [],
        |row| row.get(0),
    )?;
    to_u64("count", count)
}

/// How many files of a kind have left.
///
/// # Errors
/// Those of the file.
pub fn count(read: &Read<'_>, kind: FileKind) -> Result<u64, StoreError> {
    let count = read.sql.query_row(
        "SELECT count(*) FROM left_file l WHERE kind = ?1
           AND NOT EXISTS (SELECT 1 FROM file f WHERE f.sha256 = l.sha256)",
        [kind.code()],
        |row| row.get(0),
    )?;
    to_u64("count", count)
}

/// Files of a record that no other photo shows: originals with what was made from them. One that was given up
/// before signing was never sent, and one without a receipt is nowhere else: they stay.
fn own_files(read: &Read<'_>, inspection: Uuid) -> Result<Vec<Digest>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "WITH form (id) AS (SELECT ?1 UNION SELECT id FROM amendment_draft WHERE inspection = ?1),
         own (sha256) AS (
             SELECT p.sha256 FROM photo p WHERE p.draft IN (SELECT id FROM form) AND p.state = 'sealed'
              AND NOT EXISTS (SELECT 1 FROM photo o WHERE o.sha256 = p.sha256
                              AND (o.state <> 'sealed' OR o.draft NOT IN (SELECT id FROM form))))
         SELECT f.sha256 FROM file f
         WHERE (f.sha256 IN (SELECT sha256 FROM own) OR f.original IN (SELECT sha256 FROM own))
           AND (f.erased OR EXISTS (SELECT 1 FROM receipt r WHERE r.subject = 'file:' || f.sha256))",
    )?;
    let rows = query.query_map([inspection.as_bytes()], |row| row.get::<_, String>(0))?;
    rows.map(|sha256| from_hex("file.sha256", &sha256?))
        .collect()
}

#[cfg(test)]
#[path = "left_tests.rs"]
mod tests;
