//! Copies of drafts. They are kept, listed by what their heads say, given back whole, and given up; what is
//! in them is read by nobody here.

use super::columns::{count, digest, id, json, to_column};
use super::error::StoreError;
use super::load;
use super::store::Store;
use crate::decide::{CopyFate, CopyRows, Owner, copy};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use xunji_domain::ids::{BureauId, DeviceId, InspectionId, LogId, StationId};
use xunji_domain::time::Millis;
use xunji_protocol::envelope::Envelope;
use xunji_protocol::kinds::{DraftTakenOver, Payload};
use xunji_protocol::limits::{DRAFT_LIFE_MS, MAX_OFFERS};
use xunji_protocol::problem::Code;
use xunji_protocol::schema::read_body;
use xunji_protocol::steps::drafts::{CopyHead, CopyKept, DraftCopy, Offer, Offers, Taken};

/// Where a copy comes from.
#[derive(Clone, Copy, Debug)]
pub struct Phone {
    /// The phone.
    pub device: DeviceId,
    /// Its station.
    pub station: StationId,
}

/// Keeps a copy, or leaves the newer one that stands; gives what stands then. The inner error is the word
/// for the phone.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn keep(
    store: &Store,
    bureau: BureauId,
    from: Phone,
    came: DraftCopy,
    now: Millis,
) -> Result<Result<CopyKept, Code>, StoreError> {
    store.write(move |db| {
        let rows = beside(db, bureau, &came.head)?;
        match copy(from.device, &came.head, &rows) {
            CopyFate::Refused(code) => return Ok(Err(code)),
            CopyFate::Older => {}
            CopyFate::Kept => put(db, bureau, from.station, &came, now)?,
        }
        let key = (came.head.inspection, came.head.log);
        Ok(Ok(
            standing(db, bureau, key)?.ok_or(StoreError::Corrupt("draft_copy"))?
        ))
    })
}

fn beside(db: &Connection, bureau: BureauId, head: &CopyHead) -> Result<CopyRows, StoreError> {
    let owner = load::log_row(db, bureau, head.log)?.and_then(|log| match log.owner {
        Owner::Device { device, .. } => Some(device),
        Owner::Bureau => None,
    });
    let author_known = db
        .prepare_cached("SELECT 1 FROM person WHERE bureau = ?1 AND person = ?2")?
        .exists(params![bureau.as_bytes(), head.author.as_bytes()])?;
    let others = db
        .prepare_cached(
            "SELECT count(*) FROM draft_copy WHERE bureau = ?1 AND log = ?2 AND inspection <> ?3",
        )?
        .query_row(
            params![
                bureau.as_bytes(),
                head.log.as_bytes(),
                head.inspection.as_bytes()
            ],
            |row| count(row, 0),
        )?;
    Ok(CopyRows {
        owner,
        author_known,
        stands: standing(db, bureau, (head.inspection, head.log))?,
        others,
    })
}

fn standing(
    db: &Connection,
    bureau: BureauId,
    (inspection, log): (InspectionId, LogId),
) -> Result<Option<CopyKept>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT version, digest, stored_at FROM draft_copy WHERE bureau = ?1 AND inspection = ?2 AND log = ?3",
    )?;
    let key = params![bureau.as_bytes(), inspection.as_bytes(), log.as_bytes()];
    let row = statement.query_row(key, |row| {
        Ok(CopyKept {
            version: count(row, 0)?,
            digest: digest(row, 1)?,
            stored_at: Millis(row.get(2)?),
        })
    });
    Ok(row.optional()?)
}

fn put(
    db: &Connection,
    bureau: BureauId,
    station: StationId,
    came: &DraftCopy,
    now: Millis,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO draft_copy (bureau, inspection, log, station, version, digest, head, body, stored_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (bureau, inspection, log) DO UPDATE SET station = excluded.station, version = excluded.version,
           digest = excluded.digest, head = excluded.head, body = excluded.body, stored_at = excluded.stored_at",
    )?
    .execute(params![
        bureau.as_bytes(),
        came.head.inspection.as_bytes(),
        came.head.log.as_bytes(),
        station.as_bytes(),
        to_column(came.head.version),
        came.head.digest.0,
        came.head_bytes,
        came.body,
        now.0
    ])?;
    Ok(())
}

/// What a phone can take over: drafts of its station that nobody has signed, and which of its own went on
/// elsewhere.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn offered(store: &Store, bureau: BureauId, to: Phone) -> Result<Offers, StoreError> {
    store.read(move |db| {
        let mut offers = Offers::default();
        let mut statement = db.prepare_cached(
            "SELECT head, stored_at FROM draft_copy WHERE bureau = ?1 AND station = ?2
             ORDER BY stored_at DESC, inspection, log",
        )?;
        let mut rows = statement.query(params![bureau.as_bytes(), to.station.as_bytes()])?;
        while let Some(row) = rows.next()? {
            let offer = Offer {
                head: json(row, 0)?,
                stored_at: Millis(row.get(1)?),
            };
            if offers.drafts.len() < MAX_OFFERS && !is_signed(db, bureau, offer.head.inspection)? {
                offers.drafts.push(offer);
            }
        }
        offers.taken = taken_from(db, bureau, to.device)?;
        Ok(offers)
    })
}

/// One copy, for a phone of the station it belongs to.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn fetch(
    store: &Store,
    bureau: BureauId,
    to: Phone,
    (inspection, log): (InspectionId, LogId),
) -> Result<Option<DraftCopy>, StoreError> {
    store.read(move |db| {
        if is_signed(db, bureau, inspection)? {
            return Ok(None);
        }
        let mut statement = db.prepare_cached(
            "SELECT head, head, body FROM draft_copy
             WHERE bureau = ?1 AND inspection = ?2 AND log = ?3 AND station = ?4",
        )?;
        let key = params![
            bureau.as_bytes(),
            inspection.as_bytes(),
            log.as_bytes(),
            to.station.as_bytes()
        ];
        let row = statement.query_row(key, |row| {
            Ok(DraftCopy {
                head: json(row, 0)?,
                head_bytes: row.get(1)?,
                body: row.get(2)?,
            })
        });
        Ok(row.optional()?)
    })
}

/// Gives up copies of which none came for 30 days; one that a takeover names stays. Returns how many went.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn give_up(store: &Store, bureau: BureauId, now: Millis) -> Result<u64, StoreError> {
    let before = now.0.saturating_sub(DRAFT_LIFE_MS);
    store.write(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT inspection, log FROM draft_copy WHERE bureau = ?1 AND stored_at < ?2",
        )?;
        let over = statement
            .query_map(params![bureau.as_bytes(), before], key_of)?
            .collect::<Result<Vec<_>, _>>()?;
        let mut removed = 0;
        for (inspection, log) in over {
            let named = takeovers_in(db, bureau, inspection)?;
            if named.iter().any(|takeover| takeover.said.from_log == log) {
                continue;
            }
            removed += db
                .prepare_cached(
                    "DELETE FROM draft_copy WHERE bureau = ?1 AND inspection = ?2 AND log = ?3",
                )?
                .execute(params![
                    bureau.as_bytes(),
                    inspection.as_bytes(),
                    log.as_bytes()
                ])? as u64;
        }
        Ok(removed)
    })
}

fn key_of(row: &Row<'_>) -> rusqlite::Result<(InspectionId, LogId)> {
    Ok((InspectionId(id(row, 0)?), LogId(id(row, 1)?)))
}

/// A draft that went on on another phone.
#[derive(Clone, Debug)]
pub struct Takeover {
    /// The log of the phone that took it.
    pub log: LogId,
    /// When, by that phone.
    pub at: Millis,
    /// What it says.
    pub said: DraftTakenOver,
}

/// Who took the draft of a visit over, in the order in which it came in.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn takeovers(
    store: &Store,
    bureau: BureauId,
    inspection: InspectionId,
) -> Result<Vec<Takeover>, StoreError> {
    store.read(move |db| takeovers_in(db, bureau, inspection))
}

// The condition of the index word for word, so that it is used.
const OF_DRAFT: &str = "c.kind IN ('draft.taken_over', 'inspection.signed')
    AND CASE WHEN json_valid(CAST(c.envelope AS TEXT)) THEN CAST(c.envelope AS TEXT) ->> '$.records[0]' END = ?2";

fn takeovers_in(
    db: &Connection,
    bureau: BureauId,
    inspection: InspectionId,
) -> Result<Vec<Takeover>, StoreError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT c.envelope, c.body FROM change c
         JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash AND v.verdict = 'applied'
         WHERE c.bureau = ?1 AND {OF_DRAFT} AND c.kind = 'draft.taken_over' ORDER BY c.rowid"
    ))?;
    let rows = statement.query_map(params![bureau.as_bytes(), inspection.to_string()], |row| {
        Ok((json::<Envelope>(row, 0)?, row.get::<_, Option<Vec<u8>>>(1)?))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let (envelope, body) = row?;
        let read = body
            .as_deref()
            .and_then(|body| read_body(&envelope, body).ok());
        let Some(Payload::DraftTakenOver(said)) = read else {
            return Err(StoreError::Corrupt("draft.taken_over"));
        };
        found.push(Takeover {
            log: envelope.log,
            at: envelope.captured_at.time(),
            said: *said,
        });
    }
    Ok(found)
}

/// Whether a record was signed from a draft, whatever became of it.
fn is_signed(
    db: &Connection,
    bureau: BureauId,
    inspection: InspectionId,
) -> Result<bool, StoreError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT 1 FROM change c WHERE c.bureau = ?1 AND {OF_DRAFT} AND c.kind = 'inspection.signed'"
    ))?;
    Ok(statement.exists(params![bureau.as_bytes(), inspection.to_string()])?)
}

/// Drafts of a phone that others took over.
fn taken_from(
    db: &Connection,
    bureau: BureauId,
    device: DeviceId,
) -> Result<Vec<Taken>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT d.inspection, d.log FROM draft_copy d
         JOIN log l ON l.bureau = d.bureau AND l.log = d.log
         WHERE d.bureau = ?1 AND l.device = ?2 ORDER BY d.inspection, d.log",
    )?;
    let own = statement
        .query_map(params![bureau.as_bytes(), device.as_bytes()], key_of)?
        .collect::<Result<Vec<_>, _>>()?;
    let mut taken = Vec::new();
    for (inspection, log) in own {
        let elsewhere = takeovers_in(db, bureau, inspection)?;
        let last = elsewhere.into_iter().rfind(|t| t.said.from_log == log);
        taken.extend(last.map(|takeover| Taken {
            inspection,
            by_name: takeover.said.taker_name,
            at: takeover.at,
        }));
    }
    Ok(taken)
}
