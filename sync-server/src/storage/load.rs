//! `load(reads) → Snapshot`: all rows a decision looks at, of one moment.

use super::columns::{count, digest, id, json, optional_id};
use super::error::StoreError;
use super::store::Store;
use crate::decide::{Known, LogRow, Owner, Reads, Record, RecordKey, Snapshot, Stopped};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::{BTreeMap, BTreeSet};
use xunji_domain::ids::{
    AmendmentId, BureauId, DeviceId, InspectionId, LogId, OperatorId, ReviewId, StationId,
};
use xunji_domain::inspection::OpenItem;
use xunji_domain::operator::Operator;
use xunji_domain::org::Person;
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::{Review, ReviewDecision};
use xunji_protocol::log::LogHead;
use xunji_protocol::state::{
    CONFLICT, ConflictState, INSPECTION, InspectionSummary, OPERATOR, PERSON,
};

/// Reads what a decision about `log` needs; `None` when the log is not known.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn load(
    store: &Store,
    bureau: BureauId,
    log: LogId,
    reads: Reads,
) -> Result<Option<Snapshot>, StoreError> {
    store.read(move |db| load_from(db, bureau, log, &reads))
}

/// Revision and digest of those records that are there.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn present(
    store: &Store,
    bureau: BureauId,
    keys: Vec<RecordKey>,
) -> Result<BTreeMap<RecordKey, (u64, Digest)>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT rev, digest FROM state WHERE bureau = ?1 AND kind = ?2 AND id = ?3 AND gone = 0",
        )?;
        let mut found = BTreeMap::new();
        for key in keys {
            let row = statement
                .query_row(params![bureau.as_bytes(), key.0, key.1.as_bytes()], |row| {
                    Ok((count(row, 0)?, digest(row, 1)?))
                })
                .optional()?;
            row.map(|row| found.insert(key, row));
        }
        Ok(found)
    })
}

/// [`load`] inside a transaction that is open already.
pub(super) fn load_from(
    db: &Connection,
    bureau: BureauId,
    log: LogId,
    reads: &Reads,
) -> Result<Option<Snapshot>, StoreError> {
    let Some(log) = log_row(db, bureau, log)? else {
        return Ok(None);
    };
    let mut snapshot = Snapshot {
        log,
        known: BTreeMap::new(),
        people: BTreeMap::new(),
        stations: stations(db, bureau)?,
        operators: BTreeMap::new(),
        inspections: BTreeMap::new(),
        conflicts: BTreeMap::new(),
        stopped: BTreeMap::new(),
        numbers: BTreeMap::new(),
        revs: BTreeMap::new(),
    };
    for hash in &reads.hashes {
        if let Some(known) = known(db, bureau, *hash)? {
            snapshot.known.insert(*hash, known);
        }
    }
    for person in &reads.people {
        if let (_, Some(found)) = state::<Person>(db, bureau, PERSON, person.0)? {
            snapshot.people.insert(*person, found);
        }
    }
    load_records(db, bureau, reads, &mut snapshot)?;
    Ok(Some(snapshot))
}

fn load_records(
    db: &Connection,
    bureau: BureauId,
    reads: &Reads,
    into: &mut Snapshot,
) -> Result<(), StoreError> {
    for operator in &reads.operators {
        let (rev, found) = state::<Operator>(db, bureau, OPERATOR, operator.0)?;
        into.revs.insert((OPERATOR, operator.0), rev);
        found.map(|found| into.operators.insert(OperatorId(operator.0), found));
    }
    for inspection in &reads.inspections {
        let (rev, found) = state::<InspectionSummary>(db, bureau, INSPECTION, inspection.0)?;
        into.revs.insert((INSPECTION, inspection.0), rev);
        if let Some(summary) = found {
            into.inspections
                .insert(*inspection, record(db, bureau, summary)?);
        }
    }
    for conflict in &reads.conflicts {
        let (rev, found) = state::<ConflictState>(db, bureau, CONFLICT, conflict.0)?;
        into.revs.insert((CONFLICT, conflict.0), rev);
        found.map(|found| into.conflicts.insert(*conflict, found));
    }
    for hash in &reads.stopped {
        if let Some(found) = stopped(db, bureau, *hash)? {
            into.stopped.insert(*hash, found);
        }
    }
    for number in &reads.numbers {
        into.numbers
            .insert(number.clone(), bearers(db, bureau, number)?);
    }
    Ok(())
}

/// One log with its owner.
pub(super) fn log_row(
    db: &Connection,
    bureau: BureauId,
    log: LogId,
) -> Result<Option<LogRow>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT l.owner, l.device, d.station, d.state, l.public_key, l.head_seq, l.head_hash, l.branched
         FROM log l LEFT JOIN device d ON d.bureau = l.bureau AND d.device = l.device
         WHERE l.bureau = ?1 AND l.log = ?2",
    )?;
    let row = statement.query_row(params![bureau.as_bytes(), log.as_bytes()], |row| {
        let device = optional_id(row, 1)?.zip(optional_id(row, 2)?);
        let state: Option<String> = row.get(3)?;
        let owner = device.map_or(Owner::Bureau, |(device, station)| Owner::Device {
            device: DeviceId(device),
            station: StationId(station),
            active: state.as_deref() == Some("active"),
        });
        let head = LogHead {
            log,
            seq: count(row, 5)?,
            hash: digest(row, 6)?,
        };
        Ok(LogRow {
            owner,
            key: json(row, 4)?,
            head,
            branched: row.get(7)?,
            holes: BTreeMap::new(),
        })
    });
    let Some(row) = row.optional()? else {
        return Ok(None);
    };
    Ok(Some(LogRow {
        holes: holes(db, bureau, log)?,
        ..row
    }))
}

/// Places of a log whose change was declared lost, with the hash it had.
pub(in crate::storage) fn holes(
    db: &Connection,
    bureau: BureauId,
    log: LogId,
) -> Result<BTreeMap<u64, Digest>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT seq, hash FROM log_hole WHERE bureau = ?1 AND log = ?2")?;
    let rows = statement.query_map(params![bureau.as_bytes(), log.as_bytes()], |row| {
        Ok((count(row, 0)?, digest(row, 1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Revision and live state of one record; 0 where there is none.
pub(super) fn state<T: serde::de::DeserializeOwned>(
    db: &Connection,
    bureau: BureauId,
    kind: &str,
    record: uuid::Uuid,
) -> Result<(u64, Option<T>), StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT rev, bytes FROM state WHERE bureau = ?1 AND kind = ?2 AND id = ?3 AND gone = 0",
    )?;
    let row = statement
        .query_row(params![bureau.as_bytes(), kind, record.as_bytes()], |row| {
            Ok((count(row, 0)?, json(row, 1)?))
        })
        .optional()?;
    Ok(row.map_or((0, None), |(rev, found)| (rev, Some(found))))
}

fn known(db: &Connection, bureau: BureauId, hash: Digest) -> Result<Option<Known>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT c.seq, c.main, v.first FROM change c
         JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash WHERE c.bureau = ?1 AND c.hash = ?2",
    )?;
    let row = statement.query_row(params![bureau.as_bytes(), hash.0], |row| {
        Ok(Known {
            seq: count(row, 0)?,
            main: row.get(1)?,
            first: json(row, 2)?,
        })
    });
    Ok(row.optional()?)
}

/// A change with its verdict as it stands.
pub(super) fn stopped(
    db: &Connection,
    bureau: BureauId,
    hash: Digest,
) -> Result<Option<Stopped>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT c.log, d.station, v.last, h.waits_for FROM change c
         JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash
         JOIN log l ON l.bureau = c.bureau AND l.log = c.log
         LEFT JOIN device d ON d.bureau = l.bureau AND d.device = l.device
         LEFT JOIN held h ON h.bureau = c.bureau AND h.hash = c.hash
         WHERE c.bureau = ?1 AND c.hash = ?2",
    )?;
    let row = statement.query_row(params![bureau.as_bytes(), hash.0], |row| {
        Ok(Stopped {
            log: LogId(id(row, 0)?),
            station: optional_id(row, 1)?.map(StationId),
            last: json(row, 2)?,
            waits_for: row.get(3)?,
        })
    });
    Ok(row.optional()?)
}

fn stations(db: &Connection, bureau: BureauId) -> Result<BTreeSet<StationId>, StoreError> {
    let mut statement = db.prepare_cached("SELECT station FROM station WHERE bureau = ?1")?;
    let rows = statement.query_map(params![bureau.as_bytes()], |row| Ok(StationId(id(row, 0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn bearers(
    db: &Connection,
    bureau: BureauId,
    number: &str,
) -> Result<BTreeSet<InspectionId>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT inspection FROM record_no WHERE bureau = ?1 AND record_no = ?2")?;
    let rows = statement.query_map(params![bureau.as_bytes(), number], |row| {
        Ok(InspectionId(id(row, 0)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn record(
    db: &Connection,
    bureau: BureauId,
    summary: InspectionSummary,
) -> Result<Record, StoreError> {
    let key = params![bureau.as_bytes(), summary.id.as_bytes()];
    let content = db
        .prepare_cached("SELECT content FROM inspection WHERE bureau = ?1 AND inspection = ?2")?
        .query_row(key, |row| json(row, 0))
        .optional()?
        .ok_or(StoreError::Corrupt("inspection"))?;
    let events = db
        .prepare_cached(
            "SELECT event FROM inspection_event WHERE bureau = ?1 AND inspection = ?2 ORDER BY n",
        )?
        .query_map(key, |row| json(row, 0))?
        .collect::<Result<_, _>>()?;
    let reviews = db
        .prepare_cached("SELECT row FROM review WHERE bureau = ?1 AND inspection = ?2")?
        .query_map(key, |row| json::<Review>(row, 0))?
        .map(|review| review.map(sent_back))
        .collect::<Result<Vec<_>, _>>()?;
    let amendments = db
        .prepare_cached("SELECT amendment FROM amendment WHERE bureau = ?1 AND inspection = ?2")?
        .query_map(key, |row| Ok(AmendmentId(id(row, 0)?)))?
        .collect::<Result<_, _>>()?;
    Ok(Record {
        summary,
        content,
        events,
        reviews: reviews.into_iter().collect(),
        amendments,
    })
}

fn sent_back(review: Review) -> (ReviewId, Vec<OpenItem>) {
    let items = match review.decision {
        ReviewDecision::Returned { items } => items,
        ReviewDecision::Approved { .. } => Vec::new(),
    };
    (review.id, items)
}
