//! Answers of inspections in work, one row per item.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{from_code, from_json, to_code, to_json};
use rusqlite::{Row, ToSql, params};
use xunji_domain::checklist::ItemCode;
use xunji_domain::ids::InspectionId;
use xunji_domain::inspection::AnswerRow;

const COLUMNS: &str =
    "a.item, a.answer, a.note, a.readings, a.shown_ms, a.answered_by, a.at FROM answer a";

/// Keeps an answer with its note and readings.
///
/// # Errors
/// Those of the file.
pub fn put(write: &Write<'_>, draft: InspectionId, row: &AnswerRow) -> Result<(), StoreError> {
    write.sql.execute(
        "INSERT INTO answer (draft, item, answer, note, readings, shown_ms, answered_by, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (draft, item) DO UPDATE SET answer = excluded.answer, note = excluded.note,
             readings = excluded.readings, shown_ms = excluded.shown_ms, answered_by = excluded.answered_by,
             at = excluded.at",
        params![
            draft.as_bytes(),
            row.item.as_str(),
            to_code("answer.answer", &row.answer)?,
            row.note,
            to_json("answer.readings", &row.readings)?,
            row.shown_ms,
            to_code("answer.answered_by", &row.answered_by)?,
            to_json("answer.at", &row.at)?
        ],
    )?;
    Ok(())
}

/// Takes an answer away with its note and readings.
///
/// # Errors
/// Those of the file.
pub fn remove(write: &Write<'_>, draft: InspectionId, item: &ItemCode) -> Result<(), StoreError> {
    write.sql.execute(
        "DELETE FROM answer WHERE draft = ?1 AND item = ?2",
        params![draft.as_bytes(), item.as_str()],
    )?;
    Ok(())
}

/// The answer to one item.
///
/// # Errors
/// Those of the file.
pub fn get(
    read: &Read<'_>,
    draft: InspectionId,
    item: &ItemCode,
) -> Result<Option<AnswerRow>, StoreError> {
    Ok(list(
        read,
        "WHERE a.draft = ?1 AND a.item = ?2",
        params![draft.as_bytes(), item.as_str()],
    )?
    .pop())
}

/// Every answer of an inspection.
///
/// # Errors
/// Those of the file.
pub fn of_draft(read: &Read<'_>, draft: InspectionId) -> Result<Vec<AnswerRow>, StoreError> {
    list(read, "WHERE a.draft = ?1", params![draft.as_bytes()])
}

fn list(read: &Read<'_>, rest: &str, values: &[&dyn ToSql]) -> Result<Vec<AnswerRow>, StoreError> {
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

fn of_row(row: &Row<'_>) -> Result<AnswerRow, StoreError> {
    let (readings, at): (String, String) = (row.get(3)?, row.get(6)?);
    Ok(AnswerRow {
        item: ItemCode(row.get(0)?),
        answer: from_code("answer.answer", row.get(1)?)?,
        note: row.get(2)?,
        readings: from_json("answer.readings", &readings)?,
        shown_ms: row.get(4)?,
        answered_by: from_code("answer.answered_by", row.get(5)?)?,
        at: from_json("answer.at", &at)?,
    })
}
