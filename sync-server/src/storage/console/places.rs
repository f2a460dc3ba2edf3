//! Stations, markets and grids of a county.

use crate::storage::columns::json;
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use rusqlite::{Connection, params};
use serde::de::DeserializeOwned;
use xunji_domain::calendar::Market;
use xunji_domain::ids::BureauId;
use xunji_domain::org::{Grid, Station};
use xunji_protocol::state::{GRID, MARKET, STATION};

/// All stations, by code.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn stations(store: &Store, bureau: BureauId) -> Result<Vec<Station>, StoreError> {
    let mut found: Vec<Station> = store.read(move |db| all(db, bureau, STATION))?;
    found.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(found)
}

/// All markets.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn markets(store: &Store, bureau: BureauId) -> Result<Vec<Market>, StoreError> {
    store.read(move |db| all(db, bureau, MARKET))
}

/// All grids.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn grids(store: &Store, bureau: BureauId) -> Result<Vec<Grid>, StoreError> {
    store.read(move |db| all(db, bureau, GRID))
}

fn all<T: DeserializeOwned>(
    db: &Connection,
    bureau: BureauId,
    kind: &str,
) -> Result<Vec<T>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT bytes FROM state WHERE bureau = ?1 AND kind = ?2 AND gone = 0 ORDER BY id",
    )?;
    let rows = statement.query_map(params![bureau.as_bytes(), kind], |row| json(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
