//! What earlier visits left open: for the day report.

use super::Scope;
use crate::storage::columns::{id, json};
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use rusqlite::params;
use xunji_domain::ids::OperatorId;
use xunji_domain::inspection::{Finding, InspectionContent};
use xunji_domain::operator::Operator;
use xunji_protocol::state::{INSPECTION, InspectionSummary, OPERATOR};

/// Earlier records of some operators, within a scope and from a day on, oldest first.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn records(
    store: &Store,
    scope: Scope,
    operators: Vec<OperatorId>,
    from: String,
    before: String,
) -> Result<Vec<InspectionSummary>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT s.bytes FROM inspection i
             JOIN state s ON s.bureau = i.bureau AND s.kind = ?6 AND s.id = i.inspection AND s.gone = 0
             WHERE i.bureau = ?1 AND (?2 IS NULL OR i.station = ?2) AND i.operator = ?3
               AND i.day >= ?4 AND i.day < ?5 AND i.state <> 'voided' ORDER BY i.started_at",
        )?;
        let mut found = Vec::new();
        for operator in &operators {
            let key =
                params![scope.bureau.as_bytes(), scope.station_column(), operator.as_bytes(), from, before, INSPECTION];
            for row in statement.query_map(key, |row| json(row, 0))? {
                found.push(row?);
            }
        }
        Ok(found)
    })
}

/// A finding with a deadline that nobody has looked at since.
#[derive(Clone, Debug)]
pub struct OpenDeadline {
    /// Name and owner as they are now.
    pub operator: Operator,
    /// The finding.
    pub finding: Finding,
}

/// Findings of earlier days whose deadline is `until` at the latest, of operators that were not
/// visited again up to and on `day`.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn open_deadlines(
    store: &Store,
    scope: Scope,
    day: String,
    until: String,
) -> Result<Vec<OpenDeadline>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT o.bytes, i.content, f.finding FROM finding f
             JOIN inspection i ON i.bureau = f.bureau AND i.inspection = f.inspection
             JOIN state o ON o.bureau = i.bureau AND o.kind = ?5 AND o.id = i.operator AND o.gone = 0
             WHERE f.bureau = ?1 AND (?2 IS NULL OR i.station = ?2) AND i.day < ?3 AND i.state <> 'voided'
               AND f.deadline IS NOT NULL AND f.deadline <= ?4
               AND NOT EXISTS (SELECT 1 FROM inspection n WHERE n.bureau = i.bureau AND n.operator = i.operator
                               AND n.started_at > i.started_at AND n.day <= ?3 AND n.state <> 'voided')
             ORDER BY f.deadline, i.started_at, f.item",
        )?;
        let key = params![scope.bureau.as_bytes(), scope.station_column(), day, until, OPERATOR];
        let rows = statement.query_map(key, |row| {
            let (operator, content): (Operator, InspectionContent) = (json(row, 0)?, json(row, 1)?);
            let wanted = id(row, 2)?;
            // The row names the finding; what it says stands in the record as it reads now.
            let finding = content.findings.into_iter().find(|f| f.id.0 == wanted);
            Ok(finding.map(|finding| OpenDeadline { operator, finding }))
        })?;
        rows.map(|row| row?.ok_or(StoreError::Corrupt("finding"))).collect()
    })
}

/// Signed records that have come but whose bodies have not: they are known of and cannot be read.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn not_received(
    store: &Store,
    scope: Scope,
    from: i64,
    before: i64,
) -> Result<u32, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT count(*) FROM held h
             JOIN change c ON c.bureau = h.bureau AND c.hash = h.hash
             JOIN log l ON l.bureau = c.bureau AND l.log = c.log
             WHERE h.bureau = ?1 AND (?2 IS NULL OR l.station = ?2) AND c.kind = 'inspection.signed'
               AND json_extract(CAST(c.envelope AS TEXT), '$.captured_at.wall') BETWEEN ?3 AND ?4",
        )?;
        let key = params![
            scope.bureau.as_bytes(),
            scope.station_column(),
            from,
            before
        ];
        Ok(statement.query_row(key, |row| row.get(0))?)
    })
}
