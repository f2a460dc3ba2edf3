//! Inspections in work. A row stays after signing, as the form of the record.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{from_code, from_json, id_at, maybe_id_at, to_code, to_json};
use rusqlite::{Row, ToSql, params};
use uuid::Uuid;
use xunji_domain::ids::{InspectionId, MarketId, OperatorId, PersonId};
use xunji_domain::inspection::{ChecklistRef, InspectorOnRecord};
use xunji_domain::operator::Operator;
use xunji_domain::time::{ClockReading, GeoFix};
use xunji_domain::words::Conclusion;
use xunji_protocol::digest::Digest;

/// One inspection, without what hangs on its items.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftRow {
    /// Id.
    pub id: InspectionId,
    /// Who began it.
    pub author: PersonId,
    /// The operator as it was when the visit began.
    pub operator: Operator,
    /// Edition being filled in.
    pub checklist: ChecklistRef,
    /// Record number, final.
    pub record_no: String,
    /// The market, when the visit is at one.
    pub market: Option<MarketId>,
    /// Start.
    pub started_at: ClockReading,
    /// When the first signature was made; `None` while there is none.
    pub ended_at: Option<ClockReading>,
    /// 已出示执法证件并告知.
    pub notice_given: bool,
    /// 未能检查, with its reason.
    pub not_inspected: Option<String>,
    /// Chosen by the inspector; `None` lets the suggestion stand.
    pub conclusion: Option<Conclusion>,
    /// Why it differs from the suggestion.
    pub conclusion_reason: String,
    /// Opinion of the inspected party.
    pub party_opinion: String,
    /// Who inspects.
    pub inspectors: Vec<InspectorOnRecord>,
    /// Where it began.
    pub position: Option<GeoFix>,
    /// The change that made it final; `None` in a draft.
    pub signed_change: Option<Digest>,
}

const COLUMNS: &str =
    "d.id, d.author, d.operator_row, d.checklist_id, d.checklist_version, d.checklist_digest,
     d.record_no, d.market, d.started_at, d.ended_at, d.notice_given, d.not_inspected, d.conclusion,
     d.conclusion_reason, d.party_opinion, d.inspectors, d.position, d.signed_change FROM draft d";

/// Begins an inspection.
///
/// # Errors
/// Those of the file.
pub fn insert(write: &Write<'_>, draft: &DraftRow) -> Result<(), StoreError> {
    write.sql.execute(
        "INSERT INTO draft (id, author, operator, operator_row, checklist_id, checklist_version, checklist_digest,
             record_no, market, started_at, inspectors, position)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            draft.id.as_bytes(),
            draft.author.as_bytes(),
            draft.operator.id.as_bytes(),
            to_json("draft.operator_row", &draft.operator)?,
            draft.checklist.id,
            draft.checklist.version,
            draft.checklist.digest,
            draft.record_no,
            draft.market.map(|m| *m.as_bytes()),
            to_json("draft.started_at", &draft.started_at)?,
            to_json("draft.inspectors", &draft.inspectors)?,
            draft.position.as_ref().map(|p| to_json("draft.position", p)).transpose()?
        ],
    )?;
    Ok(())
}

/// Keeps what stands on the record as a whole; start, number, operator and edition never change.
///
/// # Errors
/// Those of the file.
pub fn update(write: &Write<'_>, draft: &DraftRow) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE draft SET ended_at = ?2, notice_given = ?3, not_inspected = ?4, conclusion = ?5,
             conclusion_reason = ?6, party_opinion = ?7, inspectors = ?8 WHERE id = ?1 AND signed_change IS NULL",
        params![
            draft.id.as_bytes(),
            draft.ended_at.as_ref().map(|at| to_json("draft.ended_at", at)).transpose()?,
            draft.notice_given,
            draft.not_inspected,
            draft.conclusion.as_ref().map(|c| to_code("draft.conclusion", c)).transpose()?,
            draft.conclusion_reason,
            draft.party_opinion,
            to_json("draft.inspectors", &draft.inspectors)?
        ],
    )?;
    Ok(())
}

/// Keeps where the visit began.
///
/// # Errors
/// Those of the file.
pub fn set_position(write: &Write<'_>, id: InspectionId, fix: &GeoFix) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE draft SET position = ?2 WHERE id = ?1 AND signed_change IS NULL",
        params![id.as_bytes(), to_json("draft.position", fix)?],
    )?;
    Ok(())
}

/// The record is final with this change.
///
/// # Errors
/// Those of the file.
pub fn set_signed(write: &Write<'_>, id: InspectionId, change: Digest) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE draft SET signed_change = ?2 WHERE id = ?1 AND signed_change IS NULL",
        params![id.as_bytes(), change.0],
    )?;
    Ok(())
}

/// The content of an unsigned inspection or amendment changes: its signatures are void. Returns whether
/// there were any. Every write to content calls this in its own transaction.
///
/// # Errors
/// Those of the file.
pub fn void_signatures(write: &Write<'_>, draft: Uuid) -> Result<bool, StoreError> {
    let id = draft.as_bytes();
    let voided = write.sql.execute(
        "DELETE FROM signature WHERE draft = ?1
             AND NOT EXISTS (SELECT 1 FROM draft WHERE id = ?1 AND signed_change IS NOT NULL)
             AND NOT EXISTS (SELECT 1 FROM amendment_draft WHERE id = ?1 AND signed_change IS NOT NULL)",
        [id],
    )?;
    write.sql.execute(
        "UPDATE draft SET ended_at = NULL WHERE id = ?1 AND signed_change IS NULL",
        [id],
    )?;
    write.sql.execute(
        "UPDATE amendment_draft SET ended_at = NULL WHERE id = ?1 AND signed_change IS NULL",
        [id],
    )?;
    Ok(voided > 0)
}

/// One inspection.
///
/// # Errors
/// Those of the file.
pub fn get(read: &Read<'_>, id: InspectionId) -> Result<Option<DraftRow>, StoreError> {
    Ok(list(read, "WHERE d.id = ?1", params![id.as_bytes()])?.pop())
}

/// Inspections that are not signed yet, the latest first.
///
/// # Errors
/// Those of the file.
pub fn unsigned(read: &Read<'_>) -> Result<Vec<DraftRow>, StoreError> {
    list(
        read,
        "WHERE d.signed_change IS NULL ORDER BY d.rowid DESC",
        params![],
    )
}

/// Unsigned inspections of an operator, the latest first.
///
/// # Errors
/// Those of the file.
pub fn unsigned_of(read: &Read<'_>, operator: OperatorId) -> Result<Vec<DraftRow>, StoreError> {
    let id = operator.as_bytes();
    list(
        read,
        "WHERE d.operator = ?1 AND d.signed_change IS NULL ORDER BY d.rowid DESC",
        params![id],
    )
}

fn list(read: &Read<'_>, rest: &str, values: &[&dyn ToSql]) -> Result<Vec<DraftRow>, StoreError> {
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

fn of_row(row: &Row<'_>) -> Result<DraftRow, StoreError> {
    let text = |column: usize| row.get::<_, String>(column);
    let maybe = |column: usize| row.get::<_, Option<String>>(column);
    let signed: Option<[u8; 32]> = row.get(17)?;
    Ok(DraftRow {
        id: InspectionId(id_at(row, 0)?),
        author: PersonId(id_at(row, 1)?),
        operator: from_json("draft.operator_row", &text(2)?)?,
        checklist: ChecklistRef {
            id: text(3)?,
            version: row.get(4)?,
            digest: text(5)?,
        },
        record_no: text(6)?,
        market: maybe_id_at(row, 7)?.map(MarketId),
        started_at: from_json("draft.started_at", &text(8)?)?,
        ended_at: maybe(9)?
            .map(|at| from_json("draft.ended_at", &at))
            .transpose()?,
        notice_given: row.get(10)?,
        not_inspected: maybe(11)?,
        conclusion: maybe(12)?
            .map(|code| from_code("draft.conclusion", code))
            .transpose()?,
        conclusion_reason: text(13)?,
        party_opinion: text(14)?,
        inspectors: from_json("draft.inspectors", &text(15)?)?,
        position: maybe(16)?
            .map(|fix| from_json("draft.position", &fix))
            .transpose()?,
        signed_change: signed.map(Digest),
    })
}
