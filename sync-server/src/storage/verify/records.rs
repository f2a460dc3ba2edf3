//! Inspections: events, numbers, photos, reviews, amendments, columns and content are made again from
//! the signed bytes of their changes.

use super::scratch::{Rows, Scratch};
use super::{Against, Found, Kind, each, erased, never};
use crate::decide::{Derived, RecordWrite, Row};
use crate::storage::columns::{id, json};
use crate::storage::console::raw::{self, RawChange, RawRecord};
use crate::storage::error::StoreError;
use rusqlite::{Connection, params};
use serde_json::Value;
use std::collections::HashSet;
use uuid::Uuid;
use xunji_domain::ids::InspectionId;
use xunji_domain::inspection::{InspectionContent, InspectionEvent, PhotoRef};
use xunji_domain::time::Millis;
use xunji_protocol::envelope::Envelope;
use xunji_protocol::kinds::{Payload, ReviewDecision};
use xunji_protocol::schema::read_body;
use xunji_protocol::state::{INSPECTION, InspectionSummary};

/// Tables that follow from a record's changes.
const TABLES: [&str; 8] = [
    "inspection_event",
    "inspection",
    "record_no",
    "photo_ref",
    "review",
    "amendment",
    "inspector",
    "finding",
];

const NEVER: &[(Kind, &str, &str)] = &[
    (
        Kind::Record,
        "has a state and no row",
        "SELECT hex(s.id) FROM state s LEFT JOIN inspection i ON i.bureau = s.bureau AND i.inspection = s.id
         WHERE s.bureau = ?1 AND s.kind = 'inspection' AND s.gone = 0 AND i.inspection IS NULL",
    ),
    (
        Kind::Record,
        "a change that was applied happened to no record",
        "SELECT hex(c.hash) FROM change c JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash
         WHERE c.bureau = ?1 AND c.kind LIKE 'inspection.%'
           AND (v.verdict = 'applied' OR c.kind = 'inspection.signed' AND instr(v.last, CAST('\"signed_twice\"' AS BLOB)) > 0)
           AND NOT EXISTS (SELECT 1 FROM inspection_event e WHERE e.bureau = c.bureau AND e.change = c.hash)",
    ),
];

pub(super) fn check(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
) -> Result<(), StoreError> {
    let bureau = against.keys.bureau;
    let mut records = Vec::new();
    each(
        db,
        found,
        (
            Kind::Record,
            "SELECT inspection FROM inspection WHERE bureau = ?1 ORDER BY inspection",
        ),
        params![bureau.as_bytes()],
        |row| id(row, 0),
        |_, record| records.push(record),
    )?;
    let mut scratch = Scratch::new(bureau)?;
    for record in records {
        scratch.clear(&TABLES)?;
        match one(db, against, &mut scratch, record) {
            Ok(None) => {}
            Ok(Some((place, what))) => found.flaw(Kind::Record, place, what),
            Err(e) => found.flaw(
                Kind::Record,
                record.to_string(),
                format!("does not read: {e}"),
            ),
        }
    }
    for table in TABLES {
        let orphan: Option<String> = db.query_row(
            &format!(
                "SELECT hex(min(t.inspection)) FROM \"{table}\" t
                     LEFT JOIN inspection i ON i.bureau = t.bureau AND i.inspection = t.inspection
                     WHERE t.bureau = ?1 AND i.inspection IS NULL"
            ),
            params![bureau.as_bytes()],
            |row| row.get(0),
        )?;
        if let Some(place) = orphan.filter(|text| !text.is_empty()) {
            found.flaw(Kind::Record, format!("{table} {place}"), "of no record");
        }
    }
    never(db, found, bureau.as_bytes(), NEVER)
}

type Flawed = Option<(String, String)>;

fn one(
    db: &Connection,
    against: &Against<'_>,
    scratch: &mut Scratch,
    record: Uuid,
) -> Result<Flawed, StoreError> {
    let bureau = against.keys.bureau;
    let flaw = |what: &str| Ok(Some((record.to_string(), what.to_owned())));
    let Some(raw) = raw::lone_record(db, bureau, InspectionId(record))? else {
        return flaw("is not here");
    };
    let Some(summary) = raw.summary.clone() else {
        return flaw("its state does not read");
    };
    if let Some(by) = &summary.erased {
        if let Some(what) = erased::flaw(db, against, &raw, by)? {
            return flaw(what);
        }
        return derived(db, scratch, &raw, summary);
    }
    let content = match (against.judge)(&raw) {
        Ok(content) => content,
        Err(what) => return flaw(&what),
    };
    if !same_text(db, against, record, &content)? {
        return flaw("its content is not what was signed");
    }
    if let Some(what) = events(db, against, scratch, &raw, summary.received_at)? {
        return flaw(what);
    }
    scratch.replace(&RecordWrite {
        key: (INSPECTION, record),
        feed: String::new(),
        bytes: Vec::new(),
        derived: Derived::Inspection(Box::new(summary), Box::new(content)),
    })?;
    for table in TABLES {
        let rows = Rows {
            table,
            of: Some(("inspection", record.as_bytes())),
            except: "content",
        };
        if let Some((place, what)) = scratch.differs(db, &rows)? {
            return Ok(Some((place, what.to_owned())));
        }
    }
    Ok(None)
}

/// What happened to a record, made again from its changes.
fn events(
    db: &Connection,
    against: &Against<'_>,
    scratch: &mut Scratch,
    raw: &RawRecord,
    received_at: Millis,
) -> Result<Option<&'static str>, StoreError> {
    let once: HashSet<_> = raw.events.iter().map(|(hash, _)| *hash).collect();
    if once.len() != raw.events.len() {
        return Ok(Some("a change happened to it twice"));
    }
    let moments = moments(db, against, raw.inspection.0)?;
    if moments.len() != raw.events.len() {
        return Ok(Some("an event of it is not here"));
    }
    let pairs: Vec<_> = (0..).zip(raw.events.iter().zip(&moments)).collect();
    for (n, ((hash, _), at)) in pairs {
        let Some(change) = raw.changes.iter().find(|c| c.hash == *hash) else {
            return Ok(Some("a change of it is not here"));
        };
        if n == 0 && received_at != at.0 {
            return Ok(Some(
                "its first event is of another time than phones are told",
            ));
        }
        let Some(rows) = rows(raw, change, n) else {
            return Ok(Some("a change of it does not read"));
        };
        for row in rows {
            scratch.add(at.0, &row)?;
        }
        let right = match at.1 {
            // What was held back happened when its cause was gone.
            true => at.0 >= change.stored_at,
            false => at.0 == change.stored_at,
        };
        if !right {
            return Ok(Some("an event of it is of another time than its change"));
        }
    }
    Ok(None)
}

/// The columns of an erased record are those of what is left of it.
fn derived(
    db: &Connection,
    scratch: &Scratch,
    raw: &RawRecord,
    summary: InspectionSummary,
) -> Result<Flawed, StoreError> {
    let Some(content) = raw.content.clone() else {
        return Ok(None);
    };
    let record = raw.inspection.0;
    scratch.replace(&RecordWrite {
        key: (INSPECTION, record),
        feed: String::new(),
        bytes: Vec::new(),
        derived: Derived::Inspection(Box::new(summary), Box::new(content)),
    })?;
    let rows = Rows {
        table: "inspection",
        of: Some(("inspection", record.as_bytes())),
        except: "content",
    };
    let differs = scratch.differs(db, &rows)?;
    Ok(differs.map(|(place, what)| (place, what.to_owned())))
}

/// Whether the stored content says what the rebuilt one does, letter for letter. An older program may have
/// left out what a newer one writes.
fn same_text(
    db: &Connection,
    against: &Against<'_>,
    record: Uuid,
    content: &InspectionContent,
) -> Result<bool, StoreError> {
    let key = params![against.keys.bureau.as_bytes(), record.as_bytes()];
    let stored: Value = db
        .prepare_cached("SELECT content FROM inspection WHERE bureau = ?1 AND inspection = ?2")?
        .query_row(key, |row| json(row, 0))?;
    Ok(serde_json::to_value(content).is_ok_and(|own| within(&stored, &own)))
}

fn within(stored: &Value, own: &Value) -> bool {
    match (stored, own) {
        (Value::Object(stored), Value::Object(own)) => stored
            .iter()
            .all(|(key, value)| own.get(key).is_some_and(|own| within(value, own))),
        (Value::Array(stored), Value::Array(own)) => {
            stored.len() == own.len() && stored.iter().zip(own).all(|(s, o)| within(s, o))
        }
        _ => stored == own,
    }
}

/// When each event happened, and whether its change had been held; in their order without a gap.
fn moments(
    db: &Connection,
    against: &Against<'_>,
    record: Uuid,
) -> Result<Vec<(Millis, bool)>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT e.n, e.at, coalesce(CAST(v.first AS TEXT) ->> '$.verdict' <> 'applied' AND v.verdict = 'applied', 0) FROM inspection_event e
         LEFT JOIN verdict v ON v.bureau = e.bureau AND v.hash = e.change
         WHERE e.bureau = ?1 AND e.inspection = ?2 ORDER BY e.n",
    )?;
    let rows = statement.query_map(
        params![against.keys.bureau.as_bytes(), record.as_bytes()],
        |row| Ok((row.get::<_, i64>(0)?, Millis(row.get(1)?), row.get(2)?)),
    )?;
    let mut all: Vec<(Millis, bool)> = Vec::new();
    for (expected, row) in (0..).zip(rows) {
        let (n, at, held) = row?;
        let after = all.last().is_none_or(|(before, _)| *before <= at);
        if n != expected || !after {
            return Err(StoreError::Corrupt("order of events"));
        }
        all.push((at, held));
    }
    Ok(all)
}

/// What a change adds to its record.
fn rows(raw: &RawRecord, change: &RawChange, n: u64) -> Option<Vec<Row>> {
    let envelope: Envelope = serde_json::from_slice(&change.envelope).ok()?;
    let payload = read_body(&envelope, change.body.as_deref()?).ok()?;
    let version = change.hash.to_hex();
    let inspection = raw.inspection;
    let mut rows = Vec::new();
    let event = match payload {
        Payload::InspectionSigned(signed) => {
            if n == 0 {
                rows.push(Row::Number {
                    record_no: signed.content.record_no.clone(),
                    inspection,
                    change: change.hash,
                });
            }
            rows.extend(photos(inspection, &envelope, &signed.content.photos));
            InspectionEvent::Signed { version }
        }
        Payload::InspectionAmended(amendment) => {
            rows.push(Row::Amendment {
                change: change.hash,
                amendment: amendment.id,
                inspection,
            });
            rows.extend(photos(inspection, &envelope, &amendment.photos));
            InspectionEvent::Amended {
                parent: amendment.parent.clone(),
                version,
                items: amendment.items.iter().map(|i| i.item.clone()).collect(),
            }
        }
        Payload::InspectionReviewed(review) => {
            let seen = review.seen.clone();
            let event = match &review.decision {
                ReviewDecision::Approved { .. } => InspectionEvent::Approved { seen },
                ReviewDecision::Returned { items } => InspectionEvent::Returned {
                    seen,
                    items: items.clone(),
                },
            };
            rows.push(Row::Review {
                change: change.hash,
                review: Box::new(review),
            });
            event
        }
        Payload::OperatorRegistered(_)
        | Payload::OperatorEdited(_)
        | Payload::ConflictResolved(_)
        | Payload::ChangeSettled(_)
        | Payload::RecordErased(_)
        | Payload::LogOpened(_)
        | Payload::DraftTakenOver(_) => {
            return None;
        }
    };
    rows.push(Row::Event {
        inspection,
        n,
        change: change.hash,
        event,
    });
    Some(rows)
}

fn photos(
    inspection: InspectionId,
    envelope: &Envelope,
    photos: &[PhotoRef],
) -> impl Iterator<Item = Row> {
    let log = envelope.log;
    photos.iter().map(move |photo| Row::Photo {
        sha256: photo.sha256.clone(),
        inspection,
        photo: photo.id,
        log,
        size: photo.size,
    })
}
