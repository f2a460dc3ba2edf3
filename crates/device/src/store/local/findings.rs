//! Findings of inspections in work. A row stays when its answer changes back, so that changing it again
//! finds the typed text; only failed items count.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{from_code, id_at, to_code};
use chrono::NaiveDate;
use rusqlite::{Row, ToSql, params};
use xunji_domain::checklist::ItemCode;
use xunji_domain::ids::{FindingId, InspectionId};
use xunji_domain::inspection::Finding;

const COLUMNS: &str =
    "f.id, f.item, f.problem, f.measure, f.deadline, f.no_photo_reason FROM finding f";

/// Keeps a finding; an item keeps the id its first finding got.
///
/// # Errors
/// Those of the file.
pub fn put(write: &Write<'_>, draft: InspectionId, finding: &Finding) -> Result<(), StoreError> {
    write.sql.execute(
        "INSERT INTO finding (draft, item, id, problem, measure, deadline, no_photo_reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (draft, item) DO UPDATE SET problem = excluded.problem, measure = excluded.measure,
             deadline = excluded.deadline, no_photo_reason = excluded.no_photo_reason",
        params![
            draft.as_bytes(),
            finding.item.as_str(),
            finding.id.as_bytes(),
            finding.problem,
            finding.measure.as_ref().map(|m| to_code("finding.measure", m)).transpose()?,
            finding.deadline.map(|d| d.to_string()),
            finding.no_photo_reason
        ],
    )?;
    Ok(())
}

/// The finding of one item.
///
/// # Errors
/// Those of the file.
pub fn get(
    read: &Read<'_>,
    draft: InspectionId,
    item: &ItemCode,
) -> Result<Option<Finding>, StoreError> {
    Ok(list(
        read,
        "WHERE f.draft = ?1 AND f.item = ?2",
        params![draft.as_bytes(), item.as_str()],
    )?
    .pop())
}

/// Every finding of an inspection, by item.
///
/// # Errors
/// Those of the file.
pub fn of_draft(read: &Read<'_>, draft: InspectionId) -> Result<Vec<Finding>, StoreError> {
    list(
        read,
        "WHERE f.draft = ?1 ORDER BY f.item",
        params![draft.as_bytes()],
    )
}

fn list(read: &Read<'_>, rest: &str, values: &[&dyn ToSql]) -> Result<Vec<Finding>, StoreError> {
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

fn of_row(row: &Row<'_>) -> Result<Finding, StoreError> {
    let (measure, deadline): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
    let day = |text: String| {
        text.parse::<NaiveDate>()
            .map_err(|_| StoreError::Value("finding.deadline"))
    };
    Ok(Finding {
        id: FindingId(id_at(row, 0)?),
        item: ItemCode(row.get(1)?),
        problem: row.get(2)?,
        measure: measure
            .map(|code| from_code("finding.measure", code))
            .transpose()?,
        deadline: deadline.map(day).transpose()?,
        no_photo_reason: row.get(5)?,
    })
}
