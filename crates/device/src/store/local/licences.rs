//! Certificates checked in an inspection in work, one row per kind.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{from_json, to_code, to_json};
use rusqlite::params;
use xunji_domain::ids::InspectionId;
use xunji_domain::inspection::LicenceCheck;

/// Keeps what was read or confirmed.
///
/// # Errors
/// Those of the file.
pub fn put(write: &Write<'_>, draft: InspectionId, check: &LicenceCheck) -> Result<(), StoreError> {
    write.sql.execute(
        "INSERT INTO licence_check (draft, kind, row) VALUES (?1, ?2, ?3)
         ON CONFLICT (draft, kind) DO UPDATE SET row = excluded.row",
        params![
            draft.as_bytes(),
            to_code("licence_check.kind", &check.licence.kind)?,
            to_json("licence_check.row", check)?
        ],
    )?;
    Ok(())
}

/// Every certificate of an inspection, in the order of the kinds.
///
/// # Errors
/// Those of the file.
pub fn of_draft(read: &Read<'_>, draft: InspectionId) -> Result<Vec<LicenceCheck>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT row FROM licence_check WHERE draft = ?1")?;
    let rows = query.query_map([draft.as_bytes()], |row| row.get::<_, String>(0))?;
    let mut found: Vec<LicenceCheck> = Vec::new();
    for row in rows {
        found.push(from_json("licence_check.row", &row?)?);
    }
    found.sort_by_key(|check| check.licence.kind);
    Ok(found)
}
