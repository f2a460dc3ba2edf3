//! The register: entries of the county, and the last visit of the few that are shown.

use super::Scope;
use super::compare::{day, word};
use super::visits::hex_list;
use crate::storage::columns::{count, id, json};
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use chrono::NaiveDate;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use xunji_domain::ids::{BureauId, InspectionId, OperatorId};
use xunji_domain::operator::Operator;
use xunji_domain::words::{Conclusion, GradeLetter};
use xunji_protocol::state::{INSPECTION, OPERATOR};

/// The last visit to an operator.
#[derive(Clone, Debug)]
pub struct LastVisit {
    /// The record.
    pub inspection: InspectionId,
    /// Its day.
    pub day: NaiveDate,
    /// How it ended.
    pub conclusion: Conclusion,
    /// Its grade.
    pub grade: Option<GradeLetter>,
}

/// Grows whenever anything of the county's feeds changes: entries that were read at one number need
/// not be read again at the same.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn stamp(store: &Store, bureau: BureauId) -> Result<u64, StoreError> {
    store.read(move |db| stamp_of(db, bureau))
}

fn stamp_of(db: &Connection, bureau: BureauId) -> Result<u64, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT coalesce(sum(pos), 0) FROM feed_head WHERE bureau = ?1")?;
    Ok(statement.query_row(params![bureau.as_bytes()], |row| count(row, 0))?)
}

/// Every entry of the county by station and name, and the [`stamp`] at which they were read.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn operators(store: &Store, bureau: BureauId) -> Result<(u64, Vec<Operator>), StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT s.bytes FROM operator o
             JOIN state s ON s.bureau = o.bureau AND s.kind = ?2 AND s.id = o.operator AND s.gone = 0
             JOIN station t ON t.bureau = o.bureau AND t.station = o.station
             WHERE o.bureau = ?1 ORDER BY t.code, o.name, o.operator",
        )?;
        let rows = statement.query_map(params![bureau.as_bytes(), OPERATOR], |row| json(row, 0))?;
        Ok((stamp_of(db, bureau)?, rows.collect::<Result<_, _>>()?))
    })
}

/// The last visit of some operators within a scope.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn last_visits(
    store: &Store,
    scope: Scope,
    operators: &[OperatorId],
) -> Result<BTreeMap<OperatorId, LastVisit>, StoreError> {
    let wanted = hex_list(operators.iter().map(OperatorId::as_bytes))?;
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT i.operator, i.inspection, i.day, i.conclusion, CAST(s.bytes AS TEXT) ->> '$.graded.letter'
             FROM json_each(?3) w
             JOIN inspection i ON i.bureau = ?1 AND i.inspection =
               (SELECT x.inspection FROM inspection x WHERE x.bureau = ?1 AND x.operator = unhex(w.value)
                  AND (?2 IS NULL OR x.station = ?2) AND x.state <> 'voided' ORDER BY x.started_at DESC LIMIT 1)
             JOIN state s ON s.bureau = i.bureau AND s.kind = ?4 AND s.id = i.inspection AND s.gone = 0",
        )?;
        let key = params![scope.bureau.as_bytes(), scope.station_column(), wanted, INSPECTION];
        let rows = statement.query_map(key, |row| {
            let letter: Option<String> = row.get(4)?;
            let visit = LastVisit {
                inspection: InspectionId(id(row, 1)?),
                day: day(row, 2)?,
                conclusion: word(row, 3)?,
                grade: letter.map(|_| word(row, 4)).transpose()?,
            };
            Ok((OperatorId(id(row, 0)?), visit))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// Operators that were inspected within a scope from one day to another; 未能检查 does not count.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn visited(
    store: &Store,
    scope: Scope,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<BTreeSet<OperatorId>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT DISTINCT operator FROM inspection WHERE bureau = ?1 AND (?2 IS NULL OR station = ?2)
               AND (?3 IS NULL OR day >= ?3) AND (?4 IS NULL OR day <= ?4)
               AND state <> 'voided' AND conclusion <> 'not_inspected'",
        )?;
        let key = params![
            scope.bureau.as_bytes(),
            scope.station_column(),
            from.map(|day| day.to_string()),
            to.map(|day| day.to_string()),
        ];
        let rows = statement.query_map(key, |row| Ok(OperatorId(id(row, 0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}
