//! What records are compared with: visits of the station, the visit before, originals that stand in
//! another record, the roster. A few queries for a whole list, never one a row.

use super::Scope;
use super::records::{Filter, chosen_with};
use crate::storage::columns::{id, json};
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use chrono::NaiveDate;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};
use std::collections::BTreeMap;
use xunji_domain::ids::{BureauId, InspectionId, PersonId, StationId};
use xunji_domain::inspection::InspectionContent;
use xunji_domain::org::Person;
use xunji_domain::signals::{COMPARED_DAYS, Card, Reused, Visit};
use xunji_domain::time::Millis;
use xunji_protocol::state::{INSPECTION, InspectionSummary, PERSON};

/// What the records of a list are compared with.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Visits of the scope from 90 days before the oldest of them on.
    pub visits: Vec<Visit>,
    /// The visit before, by record.
    pub earlier: BTreeMap<InspectionId, InspectionSummary>,
    /// Other records with the same original, by record.
    pub reused: BTreeMap<InspectionId, Vec<Reused>>,
    /// The roster.
    pub cards: Vec<Card>,
}

/// Facts for the records that a filter chooses.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn facts(store: &Store, scope: Scope, filter: Filter) -> Result<Facts, StoreError> {
    store.read(move |db| {
        Ok(Facts {
            visits: visits(db, scope, &filter)?,
            earlier: earlier(db, scope, &filter)?,
            reused: reused(db, scope, &filter)?,
            cards: cards(db, scope.bureau)?,
        })
    })
}

fn visits(db: &Connection, scope: Scope, filter: &Filter) -> Result<Vec<Visit>, StoreError> {
    let mut statement = db.prepare_cached(&format!(
        "WITH chosen AS MATERIALIZED (SELECT i.station, i.started_at FROM inspection i WHERE {})
         SELECT v.inspection, v.station, v.kind, v.started_at, v.day, v.seconds, v.conclusion <> 'not_inspected',
           v.conclusion = 'conforming'
             AND NOT EXISTS (SELECT 1 FROM finding f WHERE f.bureau = v.bureau AND f.inspection = v.inspection),
           (SELECT group_concat(hex(p.person)) FROM inspector p
            WHERE p.bureau = v.bureau AND p.inspection = v.inspection)
         FROM inspection v
         WHERE v.bureau = ?1 AND v.state <> 'voided'
           AND v.started_at BETWEEN (SELECT min(started_at) FROM chosen) - ?6 AND (SELECT max(started_at) FROM chosen)
           AND v.station IN (SELECT station FROM chosen)",
        filter.chosen()
    ))?;
    let back = COMPARED_DAYS * 24 * 60 * 60 * 1000;
    let rows = statement.query_map(chosen_with(scope, filter, back), visit)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn visit(row: &Row<'_>) -> rusqlite::Result<Visit> {
    let team: Option<String> = row.get(8)?;
    Ok(Visit {
        id: InspectionId(id(row, 0)?),
        station: StationId(id(row, 1)?),
        kind: word(row, 2)?,
        started_at: Millis(row.get(3)?),
        day: day(row, 4)?,
        seconds: row.get(5)?,
        inspected: row.get(6)?,
        all_pass: row.get(7)?,
        team: team_of(&team.unwrap_or_default()),
    })
}

/// Ids in hex with commas between, sorted.
fn team_of(text: &str) -> Vec<PersonId> {
    let mut team: Vec<PersonId> = text.split(',').filter_map(|hex| hex.parse().ok()).collect();
    team.sort_unstable();
    team
}

/// The visit before each, at whatever station: its answers are compared, it is never opened.
fn earlier(
    db: &Connection,
    scope: Scope,
    filter: &Filter,
) -> Result<BTreeMap<InspectionId, InspectionSummary>, StoreError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT i.inspection, s.bytes FROM inspection i
         JOIN inspection e ON e.bureau = i.bureau AND e.inspection =
           (SELECT x.inspection FROM inspection x WHERE x.bureau = i.bureau AND x.operator = i.operator
              AND x.started_at < i.started_at AND x.inspection <> i.inspection AND x.state <> 'voided'
            ORDER BY x.started_at DESC LIMIT 1)
         JOIN state s ON s.bureau = e.bureau AND s.kind = ?6 AND s.id = e.inspection AND s.gone = 0
         WHERE {}",
        filter.chosen()
    ))?;
    let rows = statement.query_map(chosen_with(scope, filter, INSPECTION), |row| {
        Ok((InspectionId(id(row, 0)?), json(row, 1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn reused(
    db: &Connection,
    scope: Scope,
    filter: &Filter,
) -> Result<BTreeMap<InspectionId, Vec<Reused>>, StoreError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT DISTINCT i.inspection, p.sha256, o.day, iif(?2 IS NULL OR o.station = ?2, o.record_no, NULL)
         FROM inspection i
         JOIN photo_ref p ON p.bureau = i.bureau AND p.inspection = i.inspection
         JOIN photo_ref q ON q.bureau = p.bureau AND q.sha256 = p.sha256 AND q.inspection <> p.inspection
         JOIN inspection o ON o.bureau = q.bureau AND o.inspection = q.inspection AND o.state <> 'voided'
         WHERE {} AND ?6",
        filter.chosen()
    ))?;
    let rows = statement.query_map(chosen_with(scope, filter, true), |row| {
        let other = Reused {
            sha256: row.get(1)?,
            day: day(row, 2)?,
            record_no: row.get(3)?,
        };
        Ok((InspectionId(id(row, 0)?), other))
    })?;
    let mut found: BTreeMap<_, Vec<Reused>> = BTreeMap::new();
    for row in rows {
        let (record, other) = row?;
        found.entry(record).or_default().push(other);
    }
    Ok(found)
}

fn cards(db: &Connection, bureau: BureauId) -> Result<Vec<Card>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT bytes FROM state WHERE bureau = ?1 AND kind = ?2 AND gone = 0")?;
    let rows = statement.query_map(params![bureau.as_bytes(), PERSON], |row| {
        let person: Person = json(row, 0)?;
        Ok(Card {
            person: person.id,
            card_no: person.card_no,
            valid_to: person.card_valid_to,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The content of the visit before, for its trace.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn content(
    store: &Store,
    bureau: BureauId,
    inspection: InspectionId,
) -> Result<Option<InspectionContent>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT content FROM inspection WHERE bureau = ?1 AND inspection = ?2",
        )?;
        let mut rows = statement
            .query_map(params![bureau.as_bytes(), inspection.as_bytes()], |row| {
                super::records::lenient(row, 0)
            })?;
        Ok(rows.next().transpose()?.flatten())
    })
}

/// A day as it is written in its column.
pub(super) fn day(row: &Row<'_>, index: usize) -> rusqlite::Result<NaiveDate> {
    let text: String = row.get(index)?;
    text.parse()
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(e)))
}

/// A variant of a vocabulary as it is written in its column.
pub(super) fn word<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    index: usize,
) -> rusqlite::Result<T> {
    let code: String = row.get(index)?;
    serde_json::from_value(serde_json::Value::String(code))
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(e)))
}
