//! The server's folder: `county.db` and the blobs beside it.

use super::blobs::{self, Blobs};
use super::{AuditError, Holes, StoredChange};
use rusqlite::{Connection, OpenFlags};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What the server holds.
#[derive(Debug, Default)]
pub struct County {
    /// Changes of the main lines by (log, seq).
    pub changes: Vec<StoredChange>,
    /// Changes beside a main line.
    pub beside: Vec<StoredChange>,
    /// Changes that their phones declared lost.
    pub declared: Holes,
    /// Inspection id → record number and state.
    pub inspections: BTreeMap<String, (String, String)>,
    /// Originals that signed records and amendments name.
    pub named: Vec<String>,
    /// Reviews with the decision `returned`.
    pub returned: u64,
    /// Amendments.
    pub amended: u64,
    /// Unresolved conflicts.
    pub conflicts: u64,
    /// Verdicts that are not `applied`.
    pub unapplied: u64,
    /// Receipts that were given out, by the subject a phone keeps them under.
    pub receipts: BTreeMap<String, Vec<String>>,
    /// Files that were erased by a rule and that no row names again.
    pub erased: BTreeSet<String>,
    /// Bytes by hash.
    pub blobs: Blobs,
    /// What is wrong with it.
    pub wrong: Vec<String>,
}

/// Opens a county's folder.
///
/// # Errors
/// [`AuditError`] when database or folder cannot be read.
pub fn read(folder: &Path) -> Result<County, AuditError> {
    let doing = |what: &str| format!("{}: {what}", folder.display());
    let path = folder.join("county.db");
    let db = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .map_err(|e| AuditError::at(doing("county.db"), e))?;
    let mut county = rows(&db).map_err(|e| AuditError::at(doing("rows"), e))?;
    county
        .wrong
        .extend(super::feeds::flaws(&db).map_err(|e| AuditError::at(doing("feeds"), e))?);
    county
        .wrong
        .extend(super::rows::flaws(&db).map_err(|e| AuditError::at(doing("rows"), e))?);
    county.receipts =
        super::rows::receipts(&db).map_err(|e| AuditError::at(doing("receipts"), e))?;
    for change in county.changes.iter().chain(&county.beside) {
        county.wrong.extend(change.flaws());
    }
    county
        .wrong
        .extend(super::chain_flaws(&county.changes, &county.declared));
    county.blobs = blobs::read(&folder.join("blobs"))?;
    county.wrong.extend(blobs::flaws(&county.blobs));
    for file in county
        .erased
        .iter()
        .filter(|file| county.blobs.contains_key(*file))
    {
        county.wrong.push(format!("按规定删除的文件 {file} 还在"));
    }
    Ok(county)
}

fn rows(db: &Connection) -> rusqlite::Result<County> {
    let count = |sql: &str| {
        db.query_row(sql, [], |row| row.get::<_, i64>(0))
            .map(|n| n.unsigned_abs())
    };
    let lines = |main: bool| -> rusqlite::Result<Vec<StoredChange>> {
        let mut query = db.prepare(
            "SELECT hash, log, seq, kind, envelope, body, EXISTS
               (SELECT 1 FROM erased e WHERE e.what = 'change' AND e.digest = c.hash) AS erased
             FROM change c WHERE main = ?1 ORDER BY log, seq",
        )?;
        let changes = query.query_map([main], |row| {
            Ok(StoredChange {
                hash: row.get("hash")?,
                log: row.get("log")?,
                seq: row.get("seq")?,
                kind: row.get("kind")?,
                envelope: row.get("envelope")?,
                body: row.get("body")?,
                erased: row.get("erased")?,
            })
        })?;
        changes.collect()
    };
    let (changes, beside) = (lines(true)?, lines(false)?);
    let mut query = db.prepare("SELECT inspection, record_no, state FROM inspection")?;
    let inspections = query.query_map([], |row| {
        let id: Vec<u8> = row.get(0)?;
        Ok((hyphenated(&id), (row.get(1)?, row.get(2)?)))
    })?;
    let inspections = inspections.collect::<Result<_, _>>()?;
    let mut query = db.prepare("SELECT sha256 FROM photo_ref ORDER BY sha256")?;
    let named = query
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut query = db.prepare(
        "SELECT lower(hex(e.digest)) FROM erased e WHERE e.what = 'file'
           AND NOT EXISTS (SELECT 1 FROM file f WHERE f.sha256 = e.digest)",
    )?;
    let erased = query
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(County {
        erased,
        changes,
        beside,
        declared: super::holes(db, "log_hole")?,
        inspections,
        named,
        returned: count("SELECT count(*) FROM review WHERE decision = 'returned'")?,
        amended: count("SELECT count(*) FROM amendment")?,
        conflicts: count("SELECT count(*) FROM conflict WHERE resolved = 0")?,
        unapplied: count("SELECT count(*) FROM verdict WHERE verdict <> 'applied'")?,
        receipts: BTreeMap::new(),
        blobs: Blobs::new(),
        wrong: Vec::new(),
    })
}

fn hyphenated(id: &[u8]) -> String {
    uuid::Uuid::from_slice(id)
        .map(|u| u.to_string())
        .unwrap_or_else(|_| hex::encode(id))
}
