//! One record with every byte it rests on, before anything of it is believed.

use super::Scope;
use super::records::lenient;
use crate::storage::columns::{digest, id, json};
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::collections::BTreeMap;
use xunji_domain::ids::{BureauId, InspectionId, LogId};
use xunji_domain::inspection::{InspectionContent, InspectionEvent};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::PublicKey;
use xunji_protocol::log::HeadSignature;
use xunji_protocol::state::{INSPECTION, InspectionSummary};

/// A change exactly as it is stored, before anything of it is believed.
#[derive(Clone, Debug)]
pub struct RawChange {
    /// The key under which it is stored.
    pub hash: Digest,
    /// Its log.
    pub log: LogId,
    /// On the main line.
    pub main: bool,
    /// The bytes that were chained.
    pub envelope: Vec<u8>,
    /// The bytes beside them.
    pub body: Option<Vec<u8>>,
    /// When it was stored.
    pub stored_at: Millis,
}

/// A log as it is stored.
#[derive(Clone, Debug)]
pub struct RawLog {
    /// The line.
    pub log: LogId,
    /// Its key.
    pub key: PublicKey,
    /// Main line in order: the hash it is stored under, and the bytes.
    pub links: Vec<(Digest, Vec<u8>)>,
    /// Signed heads.
    pub heads: Vec<HeadSignature>,
    /// Places that the phone declared lost, with the hash that stood there.
    pub holes: BTreeMap<u64, Digest>,
}

/// Everything the server holds of one record.
#[derive(Clone, Debug)]
pub struct RawRecord {
    /// Which one.
    pub inspection: InspectionId,
    /// The state in the feed; `None` when its bytes do not read or are not those that were sent.
    pub summary: Option<InspectionSummary>,
    /// Derived content; `None` when it does not read.
    pub content: Option<InspectionContent>,
    /// The change that signed it.
    pub signed_change: Digest,
    /// Events in server order, each with the change that says it.
    pub events: Vec<(Digest, InspectionEvent)>,
    /// Those changes.
    pub changes: Vec<RawChange>,
    /// The logs they stand in.
    pub logs: Vec<RawLog>,
}

/// One record with all bytes it rests on; `None` when there is none within the scope.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn record(
    store: &Store,
    scope: Scope,
    inspection: InspectionId,
) -> Result<Option<RawRecord>, StoreError> {
    store.read(move |db| {
        let Some(mut raw) = alone(db, scope, inspection)? else {
            return Ok(None);
        };
        raw.logs = logs(db, scope.bureau, &raw.changes)?;
        Ok(Some(raw))
    })
}

/// [`record`] inside an open transaction and without its logs, for one who walks all logs himself.
pub(in crate::storage) fn lone_record(
    db: &Connection,
    bureau: BureauId,
    inspection: InspectionId,
) -> Result<Option<RawRecord>, StoreError> {
    let scope = Scope {
        bureau,
        station: None,
    };
    alone(db, scope, inspection)
}

fn alone(
    db: &Connection,
    scope: Scope,
    inspection: InspectionId,
) -> Result<Option<RawRecord>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT s.bytes, i.content, i.signed_change, s.digest FROM inspection i
         LEFT JOIN state s ON s.bureau = i.bureau AND s.kind = ?4 AND s.id = i.inspection AND s.gone = 0
         WHERE i.bureau = ?1 AND i.inspection = ?2 AND (?3 IS NULL OR i.station = ?3)",
    )?;
    let station = scope.station_column();
    let key = params![
        scope.bureau.as_bytes(),
        inspection.as_bytes(),
        station,
        INSPECTION
    ];
    let row = statement
        .query_row(key, |row| {
            Ok((state(row)?, lenient(row, 1)?, digest(row, 2)?))
        })
        .optional()?;
    let Some((summary, content, signed_change)) = row else {
        return Ok(None);
    };
    let events = events(db, scope.bureau, inspection)?;
    let changes = changes(db, scope.bureau, events.iter().map(|(hash, _)| *hash))?;
    Ok(Some(RawRecord {
        inspection,
        summary,
        content,
        signed_change,
        events,
        changes,
        logs: Vec::new(),
    }))
}

/// The state of column 0, as long as its bytes are still those whose digest stands in column 3.
fn state(row: &Row<'_>) -> rusqlite::Result<Option<InspectionSummary>> {
    let bytes: Option<Vec<u8>> = row.get(0)?;
    let stored: Option<[u8; 32]> = row.get(3)?;
    let same = bytes.as_deref().map(Digest::of) == stored.map(Digest);
    if same { lenient(row, 0) } else { Ok(None) }
}

fn events(
    db: &Connection,
    bureau: BureauId,
    inspection: InspectionId,
) -> Result<Vec<(Digest, InspectionEvent)>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT change, event FROM inspection_event WHERE bureau = ?1 AND inspection = ?2 ORDER BY n",
    )?;
    let rows = statement.query_map(params![bureau.as_bytes(), inspection.as_bytes()], |row| {
        Ok((digest(row, 0)?, json(row, 1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn changes(
    db: &Connection,
    bureau: BureauId,
    hashes: impl Iterator<Item = Digest>,
) -> Result<Vec<RawChange>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT log, main, envelope, body, stored_at FROM change WHERE bureau = ?1 AND hash = ?2",
    )?;
    let mut found = Vec::new();
    for hash in hashes {
        let row = statement
            .query_row(params![bureau.as_bytes(), hash.0], |row| {
                Ok(RawChange {
                    hash,
                    log: LogId(id(row, 0)?),
                    main: row.get(1)?,
                    envelope: row.get(2)?,
                    body: row.get(3)?,
                    stored_at: Millis(row.get(4)?),
                })
            })
            .optional()?;
        found.extend(row);
    }
    Ok(found)
}

fn logs(
    db: &Connection,
    bureau: BureauId,
    changes: &[RawChange],
) -> Result<Vec<RawLog>, StoreError> {
    let mut found: Vec<RawLog> = Vec::new();
    for change in changes {
        if found.iter().any(|log| log.log == change.log) {
            continue;
        }
        let line = params![bureau.as_bytes(), change.log.as_bytes()];
        let key = db
            .prepare_cached("SELECT public_key FROM log WHERE bureau = ?1 AND log = ?2")?
            .query_row(line, |row| json(row, 0))?;
        let links = db
            .prepare_cached("SELECT hash, envelope FROM change WHERE bureau = ?1 AND log = ?2 AND main = 1 ORDER BY seq")?
            .query_map(line, |row| Ok((digest(row, 0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let heads = db
            .prepare_cached(
                "SELECT row FROM head_signature WHERE bureau = ?1 AND log = ?2 ORDER BY seq",
            )?
            .query_map(line, |row| json(row, 0))?
            .collect::<Result<_, _>>()?;
        found.push(RawLog {
            log: change.log,
            key,
            links,
            heads,
            holes: crate::storage::load::holes(db, bureau, change.log)?,
        });
    }
    Ok(found)
}
