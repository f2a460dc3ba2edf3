//! What the server made of the phone's changes. The last word wins; confirmed once the mirror has passed
//! the effects.

use super::{Read, Write, settings};
use crate::store::StoreError;
use crate::store::row::{digest_at, from_json, to_json};
use rusqlite::params;
use std::collections::BTreeMap;
use xunji_protocol::digest::Digest;
use xunji_protocol::verdict::VerdictRow;

/// Keeps a verdict on a change of this phone; one on a change that is not here is ignored. A later
/// verdict with other effects has to be confirmed anew. Returns whether the change is here.
///
/// # Errors
/// Those of the file.
pub fn put(write: &Write<'_>, verdict: &VerdictRow) -> Result<bool, StoreError> {
    let known: bool = write.sql.query_row(
        "SELECT EXISTS (SELECT 1 FROM change WHERE hash = ?1)",
        [verdict.hash.0],
        |row| row.get(0),
    )?;
    if known {
        write.sql.execute(
            "INSERT INTO verdict (hash, row, confirmed) VALUES (?1, ?2, 0)
             ON CONFLICT (hash) DO UPDATE SET row = excluded.row, confirmed = 0 WHERE row <> excluded.row",
            params![verdict.hash.0, to_json("verdict.row", verdict)?],
        )?;
    }
    Ok(known)
}

/// Verdicts whose effects the mirror had not passed when last asked.
///
/// # Errors
/// Those of the file.
pub fn unconfirmed(read: &Read<'_>) -> Result<Vec<VerdictRow>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT row FROM verdict WHERE confirmed = 0")?;
    let rows = query.query_map([], |row| row.get::<_, String>(0))?;
    let mut found = Vec::new();
    for row in rows {
        found.push(from_json("verdict.row", &row?)?);
    }
    Ok(found)
}

/// The mirror has passed the effects of a change.
///
/// # Errors
/// Those of the file.
pub fn confirm(write: &Write<'_>, hash: Digest) -> Result<(), StoreError> {
    write
        .sql
        .execute("UPDATE verdict SET confirmed = 1 WHERE hash = ?1", [hash.0])?;
    Ok(())
}

/// Setting under which [`keep_passed`] keeps its positions.
const PASSED: &str = "confirmed_against";

/// Keeps how far the mirror was when verdicts were confirmed; in the transaction that confirms them.
///
/// # Errors
/// Those of the file.
pub fn keep_passed(write: &Write<'_>, passed: &BTreeMap<String, u64>) -> Result<(), StoreError> {
    settings::set(
        write,
        PASSED,
        &to_json("setting.confirmed_against", passed)?,
    )
}

/// How far the mirror was when verdicts were last confirmed; empty before the first time.
///
/// # Errors
/// Those of the file.
pub fn kept_passed(read: &Read<'_>) -> Result<BTreeMap<String, u64>, StoreError> {
    let kept = settings::get(read, PASSED)?;
    kept.map_or_else(
        || Ok(BTreeMap::new()),
        |text| from_json("setting.confirmed_against", &text),
    )
}

/// The mirror was lost: nothing is confirmed until it has been refilled.
///
/// # Errors
/// Those of the file.
pub fn unconfirm_all(write: &Write<'_>) -> Result<(), StoreError> {
    write.sql.execute("UPDATE verdict SET confirmed = 0", [])?;
    Ok(())
}

/// Every verdict, by change.
///
/// # Errors
/// Those of the file.
pub fn all(read: &Read<'_>) -> Result<Vec<(Digest, VerdictRow)>, StoreError> {
    let mut query = read.sql.prepare_cached("SELECT hash, row FROM verdict")?;
    let rows = query.query_map([], |row| Ok((digest_at(row, 0)?, row.get::<_, String>(1)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (hash, text) = row?;
        found.push((hash, from_json("verdict.row", &text)?));
    }
    Ok(found)
}
