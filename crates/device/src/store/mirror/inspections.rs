//! Records as they are listed: by operator, by day, by state.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{id_at, to_code};
use chrono::NaiveDate;
use rusqlite::{ToSql, params, params_from_iter};
use uuid::Uuid;
use xunji_domain::ids::{InspectionId, OperatorId};
use xunji_domain::time::Millis;
use xunji_domain::words::InspectionState;
use xunji_protocol::state::{self, InspectionSummary};

/// Which records are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// Of a day.
    OfDay(NaiveDate),
    /// In a state.
    InState(InspectionState),
}

/// Records by id and begin, as far as the mirror knows them.
///
/// # Errors
/// Those of the file.
pub fn keys(read: &Read<'_>, which: Which) -> Result<Vec<(InspectionId, Millis)>, StoreError> {
    let (rest, value) = match which {
        Which::All => ("1", None),
        Which::OfDay(day) => ("day = ?1", Some(day.to_string())),
        Which::InState(at) => ("state = ?1", Some(to_code("inspection_key.state", &at)?)),
    };
    let mut query = read.sql.prepare_cached(&format!(
        "SELECT id, started_at FROM inspection_key WHERE {rest}"
    ))?;
    let rows = query.query_map(params_from_iter(value), |row| {
        Ok((InspectionId(id_at(row, 0)?), Millis(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records of an operator, the latest first.
///
/// # Errors
/// Those of the file.
pub fn of_operator(
    read: &Read<'_>,
    operator: OperatorId,
    limit: u32,
) -> Result<Vec<InspectionSummary>, StoreError> {
    summaries(
        read,
        "k.operator = ?1 ORDER BY k.started_at DESC LIMIT ?2",
        params![operator.as_bytes(), limit],
    )
}

/// Records of a day, the latest first.
///
/// # Errors
/// Those of the file.
pub fn of_day(read: &Read<'_>, day: NaiveDate) -> Result<Vec<InspectionSummary>, StoreError> {
    summaries(
        read,
        "k.day = ?1 ORDER BY k.started_at DESC",
        params![day.to_string()],
    )
}

/// Records in a state, the latest first.
///
/// # Errors
/// Those of the file.
pub fn in_state(
    read: &Read<'_>,
    at: InspectionState,
) -> Result<Vec<InspectionSummary>, StoreError> {
    let code = to_code("inspection_key.state", &at)?;
    summaries(
        read,
        "k.state = ?1 ORDER BY k.started_at DESC",
        params![code],
    )
}

/// The latest records, whatever their state.
///
/// # Errors
/// Those of the file.
pub fn latest(read: &Read<'_>, limit: u32) -> Result<Vec<InspectionSummary>, StoreError> {
    summaries(
        read,
        "1 ORDER BY k.started_at DESC LIMIT ?1",
        params![limit],
    )
}

fn summaries(
    read: &Read<'_>,
    rest: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<InspectionSummary>, StoreError> {
    let mut query = read.sql.prepare_cached(&format!(
        "SELECT r.state FROM inspection_key k JOIN record r ON r.kind = 'inspection' AND r.id = k.id WHERE {rest}"
    ))?;
    let rows = query.query_map(values, |row| row.get::<_, Vec<u8>>(0))?;
    let mut found = Vec::new();
    for row in rows {
        found.extend(serde_json::from_slice(&row?).ok());
    }
    Ok(found)
}

pub(super) fn derive(
    write: &Write<'_>,
    kind: &str,
    id: Uuid,
    bytes: &[u8],
) -> Result<(), StoreError> {
    if kind != state::INSPECTION {
        return Ok(());
    }
    let Ok(summary) = serde_json::from_slice::<InspectionSummary>(bytes) else {
        return Ok(());
    };
    write.sql.execute(
        "INSERT INTO inspection_key (id, operator, day, state, started_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET operator = excluded.operator, day = excluded.day, state = excluded.state,
             started_at = excluded.started_at",
        params![
            id.as_bytes(),
            summary.operator.as_bytes(),
            summary.day.to_string(),
            to_code("inspection_key.state", &summary.state)?,
            summary.started_at.0
        ],
    )?;
    Ok(())
}

pub(super) fn forget(write: &Write<'_>, kind: &str, id: Uuid) -> Result<(), StoreError> {
    if kind == state::INSPECTION {
        write
            .sql
            .execute("DELETE FROM inspection_key WHERE id = ?1", [id.as_bytes()])?;
    }
    Ok(())
}
