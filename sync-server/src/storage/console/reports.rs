//! Day reports that were made. A version is never changed.

use super::Scope;
use crate::storage::columns::{count, digest, id, json, to_column, to_json};
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use rusqlite::{OptionalExtension as _, Row, params};
use std::collections::{BTreeMap, BTreeSet};
use xunji_domain::ids::{BureauId, InspectionId, PersonId, ReportId, StationId};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;

/// One version of one day's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// Id; also the PDF's document id.
    pub id: ReportId,
    /// Whose.
    pub station: StationId,
    /// The day, `2026-10-21`.
    pub day: String,
    /// 1, 2, 3 …
    pub version: u32,
    /// Running number of the station's days of the year.
    pub serial: u32,
    /// When it was made; the PDF's date.
    pub created_at: Millis,
    /// Who made it.
    pub created_by: PersonId,
    /// Pages.
    pub pages: u64,
    /// Records that the version before did not hold.
    pub late: u64,
    /// SHA-256 of the PDF.
    pub pdf: Digest,
    /// SHA-256 of `data`.
    pub data_hash: Digest,
    /// Canonical JSON of what is printed.
    pub data: Vec<u8>,
    /// Which stored file stands for each printed original.
    pub pictures: BTreeMap<String, Digest>,
}

const COLUMNS: &str = "report, station, day, version, serial, created_at, created_by, pages, late, pdf, data_hash, data, pictures";

fn row(row: &Row<'_>) -> rusqlite::Result<ReportRow> {
    Ok(ReportRow {
        id: ReportId(id(row, 0)?),
        station: StationId(id(row, 1)?),
        day: row.get(2)?,
        version: row.get(3)?,
        serial: row.get(4)?,
        created_at: Millis(row.get(5)?),
        created_by: PersonId(id(row, 6)?),
        pages: count(row, 7)?,
        late: count(row, 8)?,
        pdf: digest(row, 9)?,
        data_hash: digest(row, 10)?,
        data: row.get(11)?,
        pictures: json(row, 12)?,
    })
}

/// The versions of one day, oldest first.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn versions(
    store: &Store,
    bureau: BureauId,
    station: StationId,
    day: String,
) -> Result<Vec<ReportRow>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM report WHERE bureau = ?1 AND station = ?2 AND day = ?3 ORDER BY version"
        ))?;
        let rows = statement.query_map(params![bureau.as_bytes(), station.as_bytes(), day], row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// One version; `None` when there is none within the scope.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn find(
    store: &Store,
    scope: Scope,
    report: ReportId,
) -> Result<Option<ReportRow>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM report WHERE bureau = ?1 AND report = ?2 AND (?3 IS NULL OR station = ?3)"
        ))?;
        let key = params![scope.bureau.as_bytes(), report.as_bytes(), scope.station_column()];
        Ok(statement.query_row(key, row).optional()?)
    })
}

/// The running number of a day: that of its first version, or the next free one of the year.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn serial_of(
    store: &Store,
    bureau: BureauId,
    station: StationId,
    day: String,
) -> Result<u32, StoreError> {
    store.read(move |db| {
        let known: Option<u32> = db
            .prepare_cached("SELECT serial FROM report WHERE bureau = ?1 AND station = ?2 AND day = ?3 LIMIT 1")?
            .query_row(params![bureau.as_bytes(), station.as_bytes(), day], |row| row.get(0))
            .optional()?;
        let year = day.get(..4).unwrap_or_default();
        let next = db
            .prepare_cached(
                "SELECT coalesce(max(serial), 0) + 1 FROM report WHERE bureau = ?1 AND station = ?2 AND substr(day, 1, 4) = ?3",
            )?
            .query_row(params![bureau.as_bytes(), station.as_bytes(), year], |row| row.get(0))?;
        Ok(known.unwrap_or(next))
    })
}

/// Which records a version holds.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn held(
    store: &Store,
    bureau: BureauId,
    report: ReportId,
) -> Result<BTreeSet<InspectionId>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT inspection FROM report_record WHERE bureau = ?1 AND report = ?2",
        )?;
        let rows = statement.query_map(params![bureau.as_bytes(), report.as_bytes()], |row| {
            Ok(InspectionId(id(row, 0)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// Records that the last report of their day does not hold: they came after it.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn late(store: &Store, scope: Scope) -> Result<BTreeSet<InspectionId>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT i.inspection FROM inspection i
             JOIN report r ON r.bureau = i.bureau AND r.station = i.station AND r.day = i.day
              AND r.version = (SELECT max(x.version) FROM report x
                               WHERE x.bureau = r.bureau AND x.station = r.station AND x.day = r.day)
             WHERE i.bureau = ?1 AND (?2 IS NULL OR i.station = ?2) AND i.state <> 'voided'
               AND NOT EXISTS (SELECT 1 FROM report_record k
                               WHERE k.bureau = r.bureau AND k.report = r.report AND k.inspection = i.inspection)",
        )?;
        let rows = statement
            .query_map(params![scope.bureau.as_bytes(), scope.station_column()], |row| Ok(InspectionId(id(row, 0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// Keeps a new version with the records it holds. `false` and nothing written when somebody made
/// this version in the meantime.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn insert(
    store: &Store,
    bureau: BureauId,
    report: ReportRow,
    records: Vec<(InspectionId, Digest)>,
) -> Result<bool, StoreError> {
    store.write(move |db| {
        let taken = db
            .prepare_cached("SELECT 1 FROM report WHERE bureau = ?1 AND station = ?2 AND day = ?3 AND version >= ?4")?
            .exists(params![bureau.as_bytes(), report.station.as_bytes(), report.day, report.version])?;
        if taken {
            return Ok(false);
        }
        db.prepare_cached(&format!(
            "INSERT INTO report (bureau, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
        ))?
        .execute(params![
            bureau.as_bytes(),
            report.id.as_bytes(),
            report.station.as_bytes(),
            report.day,
            report.version,
            report.serial,
            report.created_at.0,
            report.created_by.as_bytes(),
            to_column(report.pages),
            to_column(report.late),
            report.pdf.0,
            report.data_hash.0,
            report.data,
            to_json(&report.pictures)?,
        ])?;
        for (inspection, version) in records {
            db.prepare_cached(
                "INSERT INTO report_record (bureau, report, inspection, version) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![bureau.as_bytes(), report.id.as_bytes(), inspection.as_bytes(), version.0])?;
        }
        Ok(true)
    })
}
