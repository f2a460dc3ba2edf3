//! What is known of a change or a record when it is asked whether it may leave this phone.

use super::{Read, receipts};
use crate::store::StoreError;
use crate::store::row::{digest_at, from_hex, from_json, id_at, to_u64};
use rusqlite::{Row, params};
use uuid::Uuid;
use xunji_domain::ids::LogId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::verdict::{Verdict, VerdictRow};

/// One change of this phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeFact {
    /// Its log.
    pub log: LogId,
    /// Its place there.
    pub seq: u64,
    /// Its key.
    pub hash: Digest,
    /// Kind.
    pub kind: String,
    /// Server time in the first receipt that covers it.
    pub received: Option<Millis>,
    /// Applied and passed by the mirror, or closed by a person on the server.
    pub settled: bool,
}

/// One record of this phone with all that hangs on it here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFact {
    /// Neither a visit nor an amendment of it is in work here.
    pub finished: bool,
    /// Its changes on this phone.
    pub changes: Vec<ChangeFact>,
    /// Server time in the receipt of each file of it that is here.
    pub files: Vec<Option<Millis>>,
}

const COLUMNS: &str = "c.log, c.seq, c.hash, c.kind, v.row, coalesce(v.confirmed, 0)
     FROM change c LEFT JOIN verdict v ON v.hash = c.hash";

/// The first changes of a log, in order, at most `limit`.
///
/// # Errors
/// Those of the file.
pub fn front(read: &Read<'_>, log: LogId, limit: u32) -> Result<Vec<ChangeFact>, StoreError> {
    changes(
        read,
        "WHERE c.log = ?1 ORDER BY c.seq LIMIT ?2",
        params![log.as_bytes(), limit],
    )
}

/// A record with all that hangs on it here.
///
/// # Errors
/// Those of the file.
pub fn record(read: &Read<'_>, inspection: Uuid) -> Result<RecordFact, StoreError> {
    let in_work = read.sql.query_row(
        "SELECT EXISTS (SELECT 1 FROM draft WHERE id = ?1 AND signed_change IS NULL)
             OR EXISTS (SELECT 1 FROM amendment_draft WHERE inspection = ?1 AND signed_change IS NULL)",
        [inspection.as_bytes()],
        |row| row.get::<_, bool>(0),
    )?;
    Ok(RecordFact {
        finished: !in_work,
        changes: changes(
            read,
            "JOIN change_record r ON r.hash = c.hash
             WHERE r.record = ?1 AND c.kind LIKE 'inspection.%' ORDER BY c.log, c.seq",
            params![inspection.as_bytes()],
        )?,
        files: files(read, inspection)?,
    })
}

/// Originals on this phone that have a receipt, the oldest receipt first.
///
/// # Errors
/// Those of the file.
pub fn received_originals(read: &Read<'_>) -> Result<Vec<Digest>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT f.sha256 FROM file f JOIN receipt r ON r.subject = 'file:' || f.sha256
         WHERE f.kind = 'original' ORDER BY r.at, f.rowid",
    )?;
    let rows = query.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|sha256| from_hex("file.sha256", &sha256?))
        .collect()
}

/// The records whose photos have this original; the tray's is the nil id.
///
/// # Errors
/// Those of the file.
pub fn records_of(read: &Read<'_>, original: Digest) -> Result<Vec<Uuid>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT DISTINCT coalesce((SELECT a.inspection FROM amendment_draft a WHERE a.id = p.draft), p.draft)
         FROM photo p WHERE p.sha256 = ?1",
    )?;
    let rows = query.query_map([original.to_hex()], |row| id_at(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Inspections that a signed record or an amendment is of; none for other changes.
///
/// # Errors
/// Those of the file.
pub fn inspections_of(read: &Read<'_>, change: Digest) -> Result<Vec<Uuid>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT r.record FROM change_record r JOIN change c ON c.hash = r.hash
         WHERE r.hash = ?1 AND c.kind LIKE 'inspection.%'
           AND (EXISTS (SELECT 1 FROM draft d WHERE d.id = r.record)
             OR EXISTS (SELECT 1 FROM amendment_draft a WHERE a.inspection = r.record))",
    )?;
    let rows = query.query_map([change.0], |row| id_at(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether something of a log was lost, or it declares what was: it stays whole, for whoever looks into it.
///
/// # Errors
/// Those of the file.
pub fn has_losses(read: &Read<'_>, log: LogId) -> Result<bool, StoreError> {
    Ok(read.sql.query_row(
        "SELECT EXISTS (SELECT 1 FROM lost_change l LEFT JOIN change c ON c.hash = l.declared
                        WHERE l.log = ?1 OR c.log = ?1)",
        [log.as_bytes()],
        |row| row.get(0),
    )?)
}

fn changes(
    read: &Read<'_>,
    rest: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<ChangeFact>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached(&format!("SELECT {COLUMNS} {rest}"))?;
    let mut rows = query.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(of_row(read, row)?);
    }
    Ok(found)
}

fn of_row(read: &Read<'_>, row: &Row<'_>) -> Result<ChangeFact, StoreError> {
    let (log, seq) = (LogId(id_at(row, 0)?), to_u64("change.seq", row.get(1)?)?);
    let verdict: Option<VerdictRow> = row
        .get::<_, Option<String>>(4)?
        .map(|text| from_json("verdict.row", &text))
        .transpose()?;
    let confirmed: bool = row.get(5)?;
    let settled = verdict
        .is_some_and(|said| said.closed.is_some() || confirmed && said.verdict == Verdict::Applied);
    Ok(ChangeFact {
        log,
        seq,
        hash: digest_at(row, 2)?,
        kind: row.get(3)?,
        received: receipts::covered_at(read, log, seq)?,
        settled,
    })
}

/// Photos whose copies are still to be made count as one without a receipt; what was erased by a rule holds
/// nothing up.
fn files(read: &Read<'_>, inspection: Uuid) -> Result<Vec<Option<Millis>>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "WITH shown (sha256, derived) AS (
             SELECT p.sha256, p.derived FROM photo p WHERE p.state = 'sealed'
              AND (p.draft = ?1 OR p.draft IN (SELECT id FROM amendment_draft WHERE inspection = ?1)))
         SELECT coalesce((SELECT r.at FROM receipt r WHERE r.subject = 'file:' || f.sha256), iif(f.erased, 0, NULL))
         FROM file f WHERE f.sha256 IN (SELECT sha256 FROM shown) OR f.original IN (SELECT sha256 FROM shown)
         UNION ALL SELECT NULL FROM shown WHERE derived = 'no'",
    )?;
    let rows = query.query_map([inspection.as_bytes()], |row| row.get::<_, Option<i64>>(0))?;
    let mut found = Vec::new();
    for at in rows {
        found.push(at?.map(Millis));
    }
    let mut query = read.sql.prepare_cached(
        "SELECT c.body FROM change c JOIN change_record r ON r.hash = c.hash
         WHERE r.record = ?1 AND c.as_file = 1 AND c.kind LIKE 'inspection.%'",
    )?;
    let bodies = query.query_map([inspection.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
    for body in bodies {
        found.push(receipts::file_at(read, Digest::of(&body?))?);
    }
    Ok(found)
}
