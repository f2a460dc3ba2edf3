//! Conflicts as the console lists them: those that are open, and those of an entry that were decided.

use super::Scope;
use crate::storage::columns::json;
use crate::storage::error::StoreError;
use crate::storage::load::state;
use crate::storage::store::Store;
use rusqlite::{Connection, params};
use xunji_domain::ids::{ConflictId, OperatorId};
use xunji_domain::operator::Operator;
use xunji_protocol::state::{CONFLICT, ConflictState, OPERATOR};

/// Open conflicts of a scope with their entries, oldest first; of one entry where one is given.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn open(
    store: &Store,
    scope: Scope,
    operator: Option<OperatorId>,
) -> Result<Vec<(ConflictState, Operator)>, StoreError> {
    store.read(move |db| read(db, scope, operator, false))
}

/// Conflicts of an entry that somebody has decided, oldest first.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn decided(
    store: &Store,
    scope: Scope,
    operator: OperatorId,
) -> Result<Vec<ConflictState>, StoreError> {
    store.read(move |db| {
        let found = read(db, scope, Some(operator), true)?;
        Ok(found.into_iter().map(|(conflict, _)| conflict).collect())
    })
}

/// The named conflicts, open or not, and their entry, when the scope sees it. Those that do not exist are left out.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn named(
    store: &Store,
    scope: Scope,
    operator: OperatorId,
    conflicts: Vec<ConflictId>,
) -> Result<Option<(Operator, Vec<ConflictState>)>, StoreError> {
    store.read(move |db| {
        let (_, found) = state::<Operator>(db, scope.bureau, OPERATOR, operator.0)?;
        let Some(entry) = found.filter(|entry| scope.sees(entry.station)) else {
            return Ok(None);
        };
        let mut kept = Vec::new();
        for id in conflicts {
            let (_, found) = state::<ConflictState>(db, scope.bureau, CONFLICT, id.0)?;
            kept.extend(found.filter(|conflict| conflict.operator == operator));
        }
        Ok(Some((entry, kept)))
    })
}

fn read(
    db: &Connection,
    scope: Scope,
    operator: Option<OperatorId>,
    resolved: bool,
) -> Result<Vec<(ConflictState, Operator)>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT s.bytes, p.bytes FROM conflict c
         JOIN operator o ON o.bureau = c.bureau AND o.operator = c.operator
         JOIN state s ON s.bureau = c.bureau AND s.kind = ?4 AND s.id = c.conflict AND s.gone = 0
         JOIN state p ON p.bureau = c.bureau AND p.kind = ?5 AND p.id = c.operator AND p.gone = 0
         WHERE c.bureau = ?1 AND (?2 IS NULL OR o.station = ?2) AND (?3 IS NULL OR c.operator = ?3)
           AND c.resolved = ?6 ORDER BY c.at, c.conflict",
    )?;
    let rows = statement.query_map(
        params![
            scope.bureau.as_bytes(),
            scope.station_column(),
            operator.map(|o| *o.as_bytes()),
            CONFLICT,
            OPERATOR,
            resolved
        ],
        |row| Ok((json(row, 0)?, json(row, 1)?)),
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}
