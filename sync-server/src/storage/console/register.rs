//! The register as the console lists it.

use super::Scope;
use crate::storage::columns::{id, json};
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use rusqlite::{OptionalExtension as _, params};
use xunji_domain::ids::InspectionId;
use xunji_domain::operator::Operator;
use xunji_protocol::state::OPERATOR;

/// One entry with the names it points to.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The operator.
    pub operator: Operator,
    /// Name of the station.
    pub station: String,
    /// Name of the market, where there is one.
    pub market: Option<String>,
    /// The last visit.
    pub last: Option<LastVisit>,
}

/// The last visit to an operator.
#[derive(Clone, Debug)]
pub struct LastVisit {
    /// The record.
    pub inspection: InspectionId,
    /// Day.
    pub day: String,
    /// Conclusion's code.
    pub conclusion: String,
}

/// Every operator of a scope, by station and name.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn operators(store: &Store, scope: Scope) -> Result<Vec<Entry>, StoreError> {
    let markets = super::places::markets(store, scope.bureau)?;
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT s.bytes, t.name FROM operator o
             JOIN state s ON s.bureau = o.bureau AND s.kind = ?3 AND s.id = o.operator AND s.gone = 0
             JOIN station t ON t.bureau = o.bureau AND t.station = o.station
             WHERE o.bureau = ?1 AND (?2 IS NULL OR o.station = ?2) ORDER BY t.code, o.name, o.operator",
        )?;
        let rows = statement
            .query_map(params![scope.bureau.as_bytes(), scope.station_column(), OPERATOR], |row| {
                Ok((json::<Operator>(row, 0)?, row.get::<_, String>(1)?))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        let mut last = db.prepare_cached(
            "SELECT inspection, day, conclusion FROM inspection WHERE bureau = ?1 AND operator = ?2
               AND (?3 IS NULL OR station = ?3) AND state <> 'voided' ORDER BY started_at DESC LIMIT 1",
        )?;
        let mut entries = Vec::with_capacity(rows.len());
        for (operator, station) in rows {
            let visit = last
                .query_row(params![scope.bureau.as_bytes(), operator.id.as_bytes(), scope.station_column()], |row| {
                    Ok(LastVisit { inspection: InspectionId(id(row, 0)?), day: row.get(1)?, conclusion: row.get(2)? })
                })
                .optional()?;
            let market = operator.slot.as_ref().and_then(|slot| markets.iter().find(|m| m.id == slot.market));
            entries.push(Entry { market: market.map(|m| m.name.clone()), operator, station, last: visit });
        }
        Ok(entries)
    })
}
