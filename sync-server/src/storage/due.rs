//! Records whose time is over by a rule: what would go with each, and what keeps it back. Nothing is written.

mod kept;

use self::kept::Stopped;
use super::columns::{count, digest, id, json};
use super::error::StoreError;
use super::store::Store;
use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use xunji_domain::ids::{BureauId, InspectionId, OperatorId, ReportId};
use xunji_domain::inspection::{Finding, InspectionContent};
use xunji_domain::time::Millis;
use xunji_domain::words::InspectionState;
use xunji_protocol::body::body_json;
use xunji_protocol::digest::Digest;

/// Until when a record has to be completed.
#[derive(Clone, Debug)]
pub struct Before {
    /// The day of the visit lies before this one.
    pub day: NaiveDate,
    /// The last thing that happened to it lies before this moment.
    pub moment: Millis,
}

/// Why a record stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeptBack {
    /// Never approved.
    Unreviewed,
    /// 作废: kept as voided.
    Voided,
    /// A finding that no later visit found put right.
    OpenFinding,
    /// Two values of a field of its entry wait for a person.
    Conflict,
    /// A change of it waits for something.
    Held,
    /// A change of it waits for a person.
    Quarantined,
    /// A day report that holds it holds another record that stays.
    Report,
}

/// A day report that holds a record.
#[derive(Clone, Debug)]
pub struct HeldBy {
    /// Which one.
    pub report: ReportId,
    /// Its file.
    pub pdf: Digest,
    /// All records in it that were not erased.
    pub records: BTreeSet<InspectionId>,
}

/// A record whose time is over.
#[derive(Clone, Debug)]
pub struct Due {
    /// Which one.
    pub record: InspectionId,
    /// Its number.
    pub record_no: String,
    /// Day of the visit.
    pub day: String,
    /// Why it stays; empty where it goes.
    pub kept: BTreeSet<KeptBack>,
    /// How much has happened to it: more since then, and it is looked at again another time.
    pub events: usize,
    /// Changes whose bodies go, with the kind of each.
    pub changes: Vec<(Digest, String)>,
    /// Files that go, with the length of each.
    pub files: BTreeMap<Digest, u64>,
    /// Bytes of bodies.
    pub body_bytes: u64,
    /// Reports that hold it.
    pub reports: Vec<HeldBy>,
}

/// Records that were completed before a day and not erased yet, oldest first.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn due(store: &Store, bureau: BureauId, before: Before) -> Result<Vec<Due>, StoreError> {
    store.read(move |db| {
        let stopped = kept::stopped(db, bureau)?;
        let mut statement = db.prepare_cached(
            "SELECT i.inspection, i.record_no, i.day, i.state, i.operator, i.started_at, i.content FROM inspection i
             WHERE i.bureau = ?1 AND i.day < ?2 AND NOT EXISTS
               (SELECT 1 FROM inspection_event e WHERE e.bureau = i.bureau AND e.inspection = i.inspection AND e.at >= ?3)
             ORDER BY i.day, i.record_no, i.inspection",
        )?;
        let key = params![bureau.as_bytes(), before.day.to_string(), before.moment.0];
        let rows = statement.query_map(key, |row| {
            let state: String = row.get(3)?;
            let content: InspectionContent = json(row, 6)?;
            Ok(Row {
                record: InspectionId(id(row, 0)?),
                record_no: row.get(1)?,
                day: row.get(2)?,
                state: serde_json::from_value(state.into()).ok(),
                operator: OperatorId(id(row, 4)?),
                started_at: row.get(5)?,
                findings: content.findings,
            })
        })?;
        let mut all = Vec::new();
        for row in rows {
            all.extend(one(db, bureau, row?, &stopped)?);
        }
        kept::keep_reports_whole(&mut all);
        Ok(all)
    })
}

struct Row {
    record: InspectionId,
    record_no: String,
    day: String,
    state: Option<InspectionState>,
    operator: OperatorId,
    started_at: i64,
    findings: Vec<Finding>,
}

fn one(
    db: &Connection,
    bureau: BureauId,
    row: Row,
    stopped: &BTreeMap<Uuid, Vec<Stopped>>,
) -> Result<Option<Due>, StoreError> {
    let beside = stopped.get(&row.record.0).map_or(&[][..], Vec::as_slice);
    let changes = changes(db, bureau, row.record, beside)?;
    if changes.is_empty() {
        return Ok(None);
    }
    let mut due = Due {
        kept: kept::kept(db, bureau, &row, beside)?,
        record: row.record,
        record_no: row.record_no,
        day: row.day,
        events: events(db, bureau, row.record)?.len(),
        changes: Vec::new(),
        files: BTreeMap::new(),
        body_bytes: 0,
        reports: reports(db, bureau, row.record)?,
    };
    let mut originals = originals(db, bureau, row.record)?;
    for change in changes {
        if let Some(body) = &change.body {
            due.body_bytes += body.len() as u64;
            originals.extend(named(body));
        }
        if change.as_file {
            due.files.insert(change.body_digest, 0);
        }
        due.changes.push((change.hash, change.kind));
    }
    files(db, bureau, row.record, &originals, &mut due.files)?;
    Ok(Some(due))
}

fn events(
    db: &Connection,
    bureau: BureauId,
    record: InspectionId,
) -> Result<Vec<Digest>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT change FROM inspection_event WHERE bureau = ?1 AND inspection = ?2 ORDER BY n",
    )?;
    let rows = statement.query_map(params![bureau.as_bytes(), record.as_bytes()], |row| {
        digest(row, 0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

struct Change {
    hash: Digest,
    kind: String,
    body: Option<Vec<u8>>,
    body_digest: Digest,
    as_file: bool,
}

/// What happened to a record, and what a person has closed beside it, as far as it was not erased.
fn changes(
    db: &Connection,
    bureau: BureauId,
    record: InspectionId,
    beside: &[Stopped],
) -> Result<Vec<Change>, StoreError> {
    let mut hashes = events(db, bureau, record)?;
    for change in beside {
        if !hashes.contains(&change.hash) {
            hashes.push(change.hash);
        }
    }
    let mut statement = db.prepare_cached(
        "SELECT kind, body, body_digest, as_file FROM change c WHERE bureau = ?1 AND hash = ?2 AND NOT EXISTS
           (SELECT 1 FROM erased e WHERE e.bureau = c.bureau AND e.what = 'change' AND e.digest = c.hash)",
    )?;
    let mut found = Vec::new();
    for hash in hashes {
        let change = statement.query_row(params![bureau.as_bytes(), hash.0], |row| {
            Ok(Change {
                hash,
                kind: row.get(0)?,
                body: row.get(1)?,
                body_digest: digest(row, 2)?,
                as_file: row.get(3)?,
            })
        });
        found.extend(change.optional()?);
    }
    Ok(found)
}

fn originals(
    db: &Connection,
    bureau: BureauId,
    record: InspectionId,
) -> Result<BTreeSet<Digest>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT sha256 FROM photo_ref WHERE bureau = ?1 AND inspection = ?2")?;
    let rows = statement.query_map(params![bureau.as_bytes(), record.as_bytes()], |row| {
        row.get::<_, String>(0)
    })?;
    let mut found = BTreeSet::new();
    for row in rows {
        found.extend(Digest::from_hex(&row?));
    }
    Ok(found)
}

/// Originals that a signed body names, whatever became of its change.
fn named(body: &[u8]) -> Vec<Digest> {
    let Some(json) = body_json(body) else {
        return Vec::new();
    };
    let photos = json
        .pointer("/content/photos")
        .or_else(|| json.get("photos"));
    let photos = photos.and_then(serde_json::Value::as_array);
    photos
        .into_iter()
        .flatten()
        .filter_map(|photo| Digest::from_hex(photo.get("sha256")?.as_str()?))
        .collect()
}

/// Originals of this record alone, with what was made from them and how long each is.
fn files(
    db: &Connection,
    bureau: BureauId,
    record: InspectionId,
    originals: &BTreeSet<Digest>,
    into: &mut BTreeMap<Digest, u64>,
) -> Result<(), StoreError> {
    let mut shared = db.prepare_cached(
        "SELECT 1 FROM photo_ref WHERE bureau = ?1 AND sha256 = ?2 AND inspection <> ?3",
    )?;
    let mut made = db.prepare_cached(
        "SELECT sha256, min(size) FROM file WHERE bureau = ?1 AND (sha256 = ?2 OR original = ?2) GROUP BY sha256",
    )?;
    for original in originals {
        let key = params![bureau.as_bytes(), original.to_hex(), record.as_bytes()];
        if shared.exists(key)? {
            continue;
        }
        // Also one that never came: it is not to come any more.
        into.insert(*original, 0);
        let rows = made.query_map(params![bureau.as_bytes(), original.0], |row| {
            Ok((digest(row, 0)?, count(row, 1)?))
        })?;
        for row in rows {
            let (file, size) = row?;
            into.insert(file, size);
        }
    }
    Ok(())
}

/// Reports that hold a record and were not erased, with what else is in each.
fn reports(
    db: &Connection,
    bureau: BureauId,
    record: InspectionId,
) -> Result<Vec<HeldBy>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT r.report, r.pdf FROM report_record k JOIN report r ON r.bureau = k.bureau AND r.report = k.report
         WHERE k.bureau = ?1 AND k.inspection = ?2 AND length(r.data) > 0 ORDER BY r.report",
    )?;
    let mut held = db.prepare_cached(
        "SELECT k.inspection FROM report_record k JOIN inspection i ON i.bureau = k.bureau AND i.inspection = k.inspection
         WHERE k.bureau = ?1 AND k.report = ?2 AND EXISTS
           (SELECT 1 FROM change c WHERE c.bureau = i.bureau AND c.hash = i.signed_change AND NOT EXISTS
             (SELECT 1 FROM erased e WHERE e.bureau = c.bureau AND e.what = 'change' AND e.digest = c.hash))",
    )?;
    let found = statement
        .query_map(params![bureau.as_bytes(), record.as_bytes()], |row| {
            Ok((ReportId(id(row, 0)?), digest(row, 1)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let mut reports = Vec::new();
    for (report, pdf) in found {
        let records = held
            .query_map(params![bureau.as_bytes(), report.as_bytes()], |row| {
                Ok(InspectionId(id(row, 0)?))
            })?
            .collect::<Result<_, _>>()?;
        reports.push(HeldBy {
            report,
            pdf,
            records,
        });
    }
    Ok(reports)
}
