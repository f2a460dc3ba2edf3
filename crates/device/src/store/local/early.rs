//! Notes and numbers of items that have no answer yet, one row per item.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{from_json, to_json};
use rusqlite::{OptionalExtension as _, Row, params};
use serde::Serialize;
use std::collections::BTreeMap;
use xunji_domain::checklist::ItemCode;
use xunji_domain::ids::InspectionId;
use xunji_domain::inspection::Reading;

/// What stands at an item before its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Early {
    /// A note.
    pub note: String,
    /// Numbers read.
    pub readings: Vec<Reading>,
}

/// What stands at an item; empty where nothing does.
///
/// # Errors
/// Those of the file.
pub fn get(read: &Read<'_>, draft: InspectionId, item: &ItemCode) -> Result<Early, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT note, readings FROM early WHERE draft = ?1 AND item = ?2")?;
    let row = query
        .query_row(params![draft.as_bytes(), item.as_str()], |row| pair(row, 0))
        .optional()?;
    row.map_or_else(|| Ok(Early::default()), of_pair)
}

/// Everything of an inspection, by item.
///
/// # Errors
/// Those of the file.
pub fn of_draft(
    read: &Read<'_>,
    draft: InspectionId,
) -> Result<BTreeMap<ItemCode, Early>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT item, note, readings FROM early WHERE draft = ?1")?;
    let mut rows = query.query([draft.as_bytes()])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        found.insert(ItemCode(row.get(0)?), of_pair(pair(row, 1)?)?);
    }
    Ok(found)
}

/// Keeps it; nothing in it takes the row away.
///
/// # Errors
/// Those of the file.
pub fn put(
    write: &Write<'_>,
    draft: InspectionId,
    item: &ItemCode,
    early: &Early,
) -> Result<(), StoreError> {
    if *early == Early::default() {
        write.sql.execute(
            "DELETE FROM early WHERE draft = ?1 AND item = ?2",
            params![draft.as_bytes(), item.as_str()],
        )?;
        return Ok(());
    }
    write.sql.execute(
        "INSERT INTO early (draft, item, note, readings) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (draft, item) DO UPDATE SET note = excluded.note, readings = excluded.readings",
        params![
            draft.as_bytes(),
            item.as_str(),
            early.note,
            to_json("early.readings", &early.readings)?
        ],
    )?;
    Ok(())
}

fn pair(row: &Row<'_>, at: usize) -> rusqlite::Result<(String, String)> {
    Ok((row.get(at)?, row.get(at + 1)?))
}

fn of_pair((note, readings): (String, String)) -> Result<Early, StoreError> {
    Ok(Early {
        note,
        readings: from_json("early.readings", &readings)?,
    })
}
