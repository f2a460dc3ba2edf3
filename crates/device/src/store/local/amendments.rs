//! Amendments in work.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{from_json, id_at, maybe_id_at, to_json};
use rusqlite::{Row, ToSql, params};
use xunji_domain::ids::{AmendmentId, InspectionId, ReviewId};
use xunji_domain::inspection::{InspectorOnRecord, ItemChange};
use xunji_domain::time::ClockReading;
use xunji_protocol::digest::Digest;

/// One amendment in work.
#[derive(Clone, Debug, PartialEq)]
pub struct AmendmentRow {
    /// Id.
    pub id: AmendmentId,
    /// The record.
    pub inspection: InspectionId,
    /// The version it builds on, hex.
    pub parent: String,
    /// The review that asked for it.
    pub review: Option<ReviewId>,
    /// Why.
    pub reason: String,
    /// What changes.
    pub items: Vec<ItemChange>,
    /// Who amends.
    pub inspectors: Vec<InspectorOnRecord>,
    /// When it was begun.
    pub started_at: ClockReading,
    /// When the first signature was made; `None` while there is none.
    pub ended_at: Option<ClockReading>,
    /// The change that made it final.
    pub signed_change: Option<Digest>,
}

const COLUMNS: &str =
    "m.id, m.inspection, m.parent, m.review, m.reason, m.items, m.inspectors, m.started_at,
     m.ended_at, m.signed_change FROM amendment_draft m";

/// Begins an amendment.
///
/// # Errors
/// Those of the file.
pub fn insert(write: &Write<'_>, row: &AmendmentRow) -> Result<(), StoreError> {
    write.sql.execute(
        "INSERT INTO amendment_draft (id, inspection, parent, review, items, inspectors, started_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            row.id.as_bytes(),
            row.inspection.as_bytes(),
            row.parent,
            row.review.map(|r| *r.as_bytes()),
            to_json("amendment_draft.items", &row.items)?,
            to_json("amendment_draft.inspectors", &row.inspectors)?,
            to_json("amendment_draft.started_at", &row.started_at)?
        ],
    )?;
    Ok(())
}

/// Keeps reason, items and the time of the first signature.
///
/// # Errors
/// Those of the file.
pub fn update(write: &Write<'_>, row: &AmendmentRow) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE amendment_draft SET reason = ?2, items = ?3, ended_at = ?4 WHERE id = ?1 AND signed_change IS NULL",
        params![
            row.id.as_bytes(),
            row.reason,
            to_json("amendment_draft.items", &row.items)?,
            row.ended_at.as_ref().map(|at| to_json("amendment_draft.ended_at", at)).transpose()?
        ],
    )?;
    Ok(())
}

/// The amendment is final with this change.
///
/// # Errors
/// Those of the file.
pub fn set_signed(write: &Write<'_>, id: AmendmentId, change: Digest) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE amendment_draft SET signed_change = ?2 WHERE id = ?1 AND signed_change IS NULL",
        params![id.as_bytes(), change.0],
    )?;
    Ok(())
}

/// One amendment.
///
/// # Errors
/// Those of the file.
pub fn get(read: &Read<'_>, id: AmendmentId) -> Result<Option<AmendmentRow>, StoreError> {
    Ok(list(read, "WHERE m.id = ?1", params![id.as_bytes()])?.pop())
}

/// The unfinished amendment of a record that builds on a version.
///
/// # Errors
/// Those of the file.
pub fn unsigned_of(
    read: &Read<'_>,
    inspection: InspectionId,
    parent: &str,
) -> Result<Option<AmendmentRow>, StoreError> {
    let values = params![inspection.as_bytes(), parent];
    let rest = "WHERE m.inspection = ?1 AND m.parent = ?2 AND m.signed_change IS NULL ORDER BY m.rowid DESC LIMIT 1";
    Ok(list(read, rest, values)?.pop())
}

fn list(
    read: &Read<'_>,
    rest: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<AmendmentRow>, StoreError> {
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

fn of_row(row: &Row<'_>) -> Result<AmendmentRow, StoreError> {
    let text = |column: usize| row.get::<_, String>(column);
    let ended: Option<String> = row.get(8)?;
    let signed: Option<[u8; 32]> = row.get(9)?;
    Ok(AmendmentRow {
        id: AmendmentId(id_at(row, 0)?),
        inspection: InspectionId(id_at(row, 1)?),
        parent: text(2)?,
        review: maybe_id_at(row, 3)?.map(ReviewId),
        reason: text(4)?,
        items: from_json("amendment_draft.items", &text(5)?)?,
        inspectors: from_json("amendment_draft.inspectors", &text(6)?)?,
        started_at: from_json("amendment_draft.started_at", &text(7)?)?,
        ended_at: ended
            .map(|at| from_json("amendment_draft.ended_at", &at))
            .transpose()?,
        signed_change: signed.map(Digest),
    })
}
