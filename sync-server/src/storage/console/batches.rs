//! Who opened which version, and what was approved together.

use super::visits::hex_list;
use crate::storage::columns::{digest, id, to_json};
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use rusqlite::params;
use std::collections::BTreeSet;
use xunji_domain::ids::{BureauId, InspectionId, PersonId, StationId};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;

/// A version of a record.
pub type Seen = (InspectionId, Digest);

/// Keeps that a person opened a version; the first time counts.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn open(
    store: &Store,
    bureau: BureauId,
    (inspection, version): Seen,
    person: PersonId,
    at: Millis,
) -> Result<(), StoreError> {
    let known = opened(store, bureau, person, &[inspection])?;
    if known.contains(&(inspection, version)) {
        return Ok(());
    }
    store.write(move |db| {
        db.prepare_cached(
            "INSERT INTO opening (bureau, inspection, version, person, at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (bureau, inspection, version, person) DO NOTHING",
        )?
        .execute(params![
            bureau.as_bytes(),
            inspection.as_bytes(),
            version.0,
            person.as_bytes(),
            at.0
        ])?;
        Ok(())
    })
}

/// The versions of some records that a person opened.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn opened(
    store: &Store,
    bureau: BureauId,
    person: PersonId,
    records: &[InspectionId],
) -> Result<BTreeSet<Seen>, StoreError> {
    let wanted = hex_list(records.iter().map(InspectionId::as_bytes))?;
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT o.inspection, o.version FROM json_each(?3) w
             JOIN opening o ON o.bureau = ?1 AND o.inspection = unhex(w.value) AND o.person = ?2",
        )?;
        let key = params![bureau.as_bytes(), person.as_bytes(), wanted];
        let rows =
            statement.query_map(key, |row| Ok((InspectionId(id(row, 0)?), digest(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// A batch that is about to be approved.
#[derive(Clone, Debug)]
pub struct BatchRow {
    /// Digest of day, station and list.
    pub batch: Digest,
    /// The station.
    pub station: StationId,
    /// Day of the draw.
    pub day: String,
    /// The list: records and the versions that stand.
    pub records: Vec<Seen>,
    /// The drawn ones.
    pub sample: Vec<InspectionId>,
    /// Who approves.
    pub reviewer: PersonId,
    /// When.
    pub at: Millis,
}

/// Keeps list and draw. Before the approvals are written: a draw without approvals says that
/// something stood against them at the last moment.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn keep(store: &Store, bureau: BureauId, row: BatchRow) -> Result<(), StoreError> {
    store.write(move |db| {
        db.prepare_cached(
            "INSERT INTO batch (bureau, batch, station, day, records, sample, reviewer, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (bureau, batch) DO NOTHING",
        )?
        .execute(params![
            bureau.as_bytes(),
            row.batch.0,
            row.station.as_bytes(),
            row.day,
            to_json(&row.records)?,
            to_json(&row.sample)?,
            row.reviewer.as_bytes(),
            row.at.0
        ])?;
        Ok(())
    })
}
