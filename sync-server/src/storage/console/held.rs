//! Changes that were stored and not applied, as the console lists them.

use super::Scope;
use crate::storage::columns::{digest, json, optional_id};
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use xunji_domain::ids::{InspectionId, OperatorId, StationId};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Envelope;
use xunji_protocol::kinds::Payload;
use xunji_protocol::schema::read_body;
use xunji_protocol::verdict::VerdictRow;

use super::writers::person_name;

/// Rows of a list: a station never has so many at once, and a broken phone may bring thousands.
const MOST: u32 = 300;

/// One change that was held back.
#[derive(Clone, Debug)]
pub struct HeldBack {
    /// Its key.
    pub hash: Digest,
    /// As it was signed.
    pub envelope: Envelope,
    /// What it says, when that reads.
    pub payload: Option<Payload>,
    /// The verdict as it stands.
    pub last: VerdictRow,
    /// What it waits for, when it is held.
    pub waits_for: Option<String>,
    /// When the server stored it.
    pub stored_at: Millis,
    /// Short code of the phone; `None` for the bureau's own.
    pub phone: Option<String>,
    /// The station of the phone.
    pub station: Option<StationId>,
    /// Who wrote it; `None` when the roster does not know him.
    pub author: Option<String>,
    /// The entry it is about, when the register has it.
    pub operator_name: Option<String>,
    /// The record it is about, when it is here.
    pub record_no: Option<String>,
}

impl HeldBack {
    /// The entry it is about.
    pub fn operator(&self) -> Option<OperatorId> {
        match self.payload.as_ref()? {
            Payload::OperatorRegistered(entry) => Some(entry.id),
            Payload::OperatorEdited(edit) => Some(edit.operator),
            Payload::InspectionSigned(signed) => Some(signed.content.operator_id),
            _ => None,
        }
    }

    /// The record it is about.
    pub fn inspection(&self) -> Option<InspectionId> {
        match self.payload.as_ref()? {
            Payload::InspectionSigned(signed) => Some(signed.content.id),
            Payload::InspectionAmended(amendment) => Some(amendment.inspection),
            _ => None,
        }
    }
}

/// Changes of a scope's phones that wait, oldest first; or those that a person has closed, newest first.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn list(store: &Store, scope: Scope, closed: bool) -> Result<Vec<HeldBack>, StoreError> {
    store.read(move |db| {
        let order = if closed { "DESC" } else { "ASC" };
        let sql = format!(
            "{COLUMNS} AND (CAST(v.last AS TEXT) ->> '$.closed' IS NOT NULL) = ?3
             ORDER BY c.stored_at {order}, c.log, c.seq LIMIT {MOST}"
        );
        let mut statement = db.prepare_cached(&sql)?;
        let key = params![scope.bureau.as_bytes(), scope.station_column(), closed];
        let rows = statement.query_map(key, read)?;
        let found: Vec<Option<HeldBack>> = rows.collect::<Result<_, _>>()?;
        let mut rows = Vec::new();
        for row in found.into_iter().flatten() {
            rows.push(named(db, scope, row)?);
        }
        Ok(rows)
    })
}

/// How many wait within a scope.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn count(store: &Store, scope: Scope) -> Result<i64, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT count(*) FROM verdict v JOIN change c ON c.bureau = v.bureau AND c.hash = v.hash
             JOIN log l ON l.bureau = c.bureau AND l.log = c.log
             LEFT JOIN device d ON d.bureau = l.bureau AND d.device = l.device
             WHERE v.bureau = ?1 AND v.verdict <> 'applied' AND (?2 IS NULL OR d.station = ?2)
               AND CAST(v.last AS TEXT) ->> '$.closed' IS NULL",
        )?;
        let key = params![scope.bureau.as_bytes(), scope.station_column()];
        Ok(statement.query_row(key, |row| row.get(0))?)
    })
}

const COLUMNS: &str = "SELECT c.hash, c.envelope, c.body, c.stored_at, v.last, l.owner, l.short_code, d.station, h.waits_for
    FROM verdict v JOIN change c ON c.bureau = v.bureau AND c.hash = v.hash
    JOIN log l ON l.bureau = c.bureau AND l.log = c.log
    LEFT JOIN device d ON d.bureau = l.bureau AND d.device = l.device
    LEFT JOIN held h ON h.bureau = c.bureau AND h.hash = c.hash
    WHERE v.bureau = ?1 AND v.verdict <> 'applied' AND (?2 IS NULL OR d.station = ?2)";

/// A row; one whose envelope does not read any more is named by `verify`.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<HeldBack>> {
    let (bytes, body): (Vec<u8>, Option<Vec<u8>>) = (row.get(1)?, row.get(2)?);
    let Ok(envelope) = serde_json::from_slice::<Envelope>(&bytes) else {
        return Ok(None);
    };
    let payload = body
        .as_deref()
        .and_then(|body| read_body(&envelope, body).ok());
    let owner: String = row.get(5)?;
    let short: String = row.get(6)?;
    Ok(Some(HeldBack {
        hash: digest(row, 0)?,
        envelope,
        payload,
        stored_at: Millis(row.get(3)?),
        last: json(row, 4)?,
        phone: (owner == "device").then_some(short),
        station: optional_id(row, 7)?.map(StationId),
        waits_for: row.get(8)?,
        author: None,
        operator_name: None,
        record_no: None,
    }))
}

/// The names of what a change is about, as the server knows them now.
fn named(db: &Connection, scope: Scope, mut row: HeldBack) -> Result<HeldBack, StoreError> {
    row.author = person_name(db, scope.bureau, row.envelope.author)?;
    let text = |sql: &str, id: &[u8; 16]| -> Result<Option<String>, StoreError> {
        let mut statement = db.prepare_cached(sql)?;
        let key = params![scope.bureau.as_bytes(), id, scope.station_column()];
        let found = statement.query_row(key, |row| row.get(0));
        Ok(found.optional()?)
    };
    if let Some(operator) = row.operator() {
        row.operator_name = text(
            "SELECT name FROM operator WHERE bureau = ?1 AND operator = ?2 AND (?3 IS NULL OR station = ?3)",
            operator.as_bytes(),
        )?;
    }
    if let Some(inspection) = row.inspection() {
        row.record_no = text(
            "SELECT record_no FROM inspection WHERE bureau = ?1 AND inspection = ?2 AND (?3 IS NULL OR station = ?3)",
            inspection.as_bytes(),
        )?;
    }
    Ok(row)
}
