//! Visits for lists, searches and statistics: summaries of many, contents of the few that are shown.

use super::Scope;
use super::records::lenient;
use crate::storage::columns::{count, id, json, to_json};
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use chrono::NaiveDate;
use rusqlite::params;
use std::collections::BTreeMap;
use xunji_domain::checklist::ItemCode;
use xunji_domain::ids::{InspectionId, OperatorId, PersonId};
use xunji_domain::inspection::InspectionContent;
use xunji_protocol::state::{INSPECTION, InspectionSummary};

/// Which visits are read; finer conditions are asked of the summaries.
#[derive(Clone, Debug, Default)]
pub struct Range {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Only to this operator.
    pub operator: Option<OperatorId>,
}

/// Summaries of a scope, newest first. Voided ones are among them.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn summaries(
    store: &Store,
    scope: Scope,
    range: Range,
) -> Result<Vec<InspectionSummary>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT s.bytes FROM inspection i
             JOIN state s ON s.bureau = i.bureau AND s.kind = ?6 AND s.id = i.inspection AND s.gone = 0
             WHERE i.bureau = ?1 AND (?2 IS NULL OR i.station = ?2) AND (?3 IS NULL OR i.day >= ?3)
               AND (?4 IS NULL OR i.day <= ?4) AND (?5 IS NULL OR i.operator = ?5)
             ORDER BY i.started_at DESC, i.inspection DESC",
        )?;
        let key = params![
            scope.bureau.as_bytes(),
            scope.station_column(),
            range.from.map(|day| day.to_string()),
            range.to.map(|day| day.to_string()),
            range.operator.map(|o| *o.as_bytes()),
            INSPECTION,
        ];
        // A row that does not read is named by the integrity check of its record.
        let rows = statement.query_map(key, |row| lenient(row, 0))?;
        Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    })
}

/// Contents of some records within a scope.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn contents(
    store: &Store,
    scope: Scope,
    records: &[InspectionId],
) -> Result<BTreeMap<InspectionId, InspectionContent>, StoreError> {
    let wanted = hex_list(records.iter().map(InspectionId::as_bytes))?;
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT i.inspection, i.content FROM json_each(?3) w
             JOIN inspection i ON i.bureau = ?1 AND i.inspection = unhex(w.value)
             WHERE ?2 IS NULL OR i.station = ?2",
        )?;
        let key = params![scope.bureau.as_bytes(), scope.station_column(), wanted];
        let rows =
            statement.query_map(key, |row| Ok((InspectionId(id(row, 0)?), lenient(row, 1)?)))?;
        let mut found = BTreeMap::new();
        for row in rows {
            if let (id, Some(content)) = row? {
                found.insert(id, content);
            }
        }
        Ok(found)
    })
}

/// Records whose number holds a text, newest first.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn by_number(
    store: &Store,
    scope: Scope,
    part: String,
    most: usize,
) -> Result<Vec<InspectionSummary>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT s.bytes FROM inspection i
             JOIN state s ON s.bureau = i.bureau AND s.kind = ?5 AND s.id = i.inspection AND s.gone = 0
             WHERE i.bureau = ?1 AND (?2 IS NULL OR i.station = ?2) AND instr(i.record_no, ?3) > 0
             ORDER BY i.started_at DESC, i.inspection DESC LIMIT ?4",
        )?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let key = params![scope.bureau.as_bytes(), scope.station_column(), part, most, INSPECTION];
        let rows = statement.query_map(key, |row| lenient(row, 0))?;
        Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    })
}

/// Items that failed at the visit before, by record; records without an earlier visit or without a
/// failure in it are left out.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn failed_before(
    store: &Store,
    scope: Scope,
    range: Range,
) -> Result<BTreeMap<InspectionId, Vec<ItemCode>>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT i.inspection, f.item FROM inspection i
             JOIN finding f ON f.bureau = i.bureau AND f.inspection =
               (SELECT x.inspection FROM inspection x WHERE x.bureau = i.bureau AND x.operator = i.operator
                  AND x.started_at < i.started_at AND x.inspection <> i.inspection AND x.state <> 'voided'
                ORDER BY x.started_at DESC LIMIT 1)
             WHERE i.bureau = ?1 AND (?2 IS NULL OR i.station = ?2) AND (?3 IS NULL OR i.day >= ?3)
               AND (?4 IS NULL OR i.day <= ?4)",
        )?;
        let key = params![
            scope.bureau.as_bytes(),
            scope.station_column(),
            range.from.map(|day| day.to_string()),
            range.to.map(|day| day.to_string()),
        ];
        let rows = statement.query_map(key, |row| {
            Ok((InspectionId(id(row, 0)?), ItemCode(row.get(1)?)))
        })?;
        let mut found: BTreeMap<_, Vec<ItemCode>> = BTreeMap::new();
        for row in rows {
            let (record, item) = row?;
            found.entry(record).or_default().push(item);
        }
        Ok(found)
    })
}

/// Records of a scope that wait for a review.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn pending(store: &Store, scope: Scope) -> Result<u64, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT count(*) FROM inspection
             WHERE bureau = ?1 AND (?2 IS NULL OR station = ?2) AND state IN ('signed', 'amended')",
        )?;
        let key = params![scope.bureau.as_bytes(), scope.station_column()];
        Ok(statement.query_row(key, |row| count(row, 0))?)
    })
}

/// An inspector with the number of his records in a scope.
#[derive(Clone, Debug)]
pub struct InspectorRow {
    /// As the county knows him.
    pub person: xunji_domain::org::Person,
    /// Records of the scope on which he stands.
    pub records: u64,
}

/// Everybody who stands on a record of the scope.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn inspectors(store: &Store, scope: Scope) -> Result<Vec<InspectorRow>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT s.bytes, count(*) FROM inspector p
             JOIN inspection i ON i.bureau = p.bureau AND i.inspection = p.inspection AND i.state <> 'voided'
             JOIN state s ON s.bureau = p.bureau AND s.kind = ?3 AND s.id = p.person AND s.gone = 0
             WHERE p.bureau = ?1 AND (?2 IS NULL OR i.station = ?2) GROUP BY p.person",
        )?;
        let key = params![
            scope.bureau.as_bytes(),
            scope.station_column(),
            xunji_protocol::state::PERSON
        ];
        let rows = statement.query_map(key, |row| {
            Ok(InspectorRow { person: json(row, 0)?, records: count(row, 1)? })
        })?;
        let mut found: Vec<InspectorRow> = rows.collect::<Result<_, _>>()?;
        found.sort_by(|a, b| a.person.name.cmp(&b.person.name).then(a.person.id.cmp(&b.person.id)));
        Ok(found)
    })
}

/// Ids as a parameter of `json_each`.
pub(super) fn hex_list<'a>(ids: impl Iterator<Item = &'a [u8; 16]>) -> Result<String, StoreError> {
    let list: Vec<String> = ids.map(hex::encode).collect();
    to_json(&list)
}

/// Whether a person stands on a record.
pub fn stands_on(summary: &InspectionSummary, person: PersonId) -> bool {
    summary.inspectors.iter().any(|(id, _)| *id == person)
}
