//! What was erased by a rule: the rows are made again from the bureau's changes; what they name is not here
//! any more, and nothing else is missing.

use super::scratch::{Rows, Scratch};
use super::{Against, Found, Kind, each, never};
use crate::decide::Row;
use crate::storage::columns::{digest, json};
use crate::storage::console::raw::RawRecord;
use crate::storage::error::StoreError;
use rusqlite::{Connection, Row as SqlRow, params};
use xunji_domain::ids::InspectionId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Envelope;
use xunji_protocol::kinds::{Payload, RecordErased};
use xunji_protocol::schema::read_body;
use xunji_protocol::state::Erasure;
use xunji_protocol::summary;

const NEVER: &[(Kind, &str, &str)] = &[
    (
        Kind::Change,
        "was erased, and the body is here",
        "SELECT hex(c.hash) FROM erased e JOIN change c ON c.bureau = e.bureau AND c.hash = e.digest
         WHERE e.bureau = ?1 AND e.what = 'change' AND c.body IS NOT NULL",
    ),
    (
        Kind::Change,
        "was erased, and its envelope is not here",
        "SELECT hex(e.digest) FROM erased e LEFT JOIN change c ON c.bureau = e.bureau AND c.hash = e.digest
         WHERE e.bureau = ?1 AND e.what = 'change' AND c.hash IS NULL",
    ),
    // One that another record names as well stands for that one.
    (
        Kind::File,
        "was erased, and is registered again",
        "SELECT lower(hex(f.sha256)) FROM erased e JOIN file f ON f.bureau = e.bureau AND e.digest IN (f.sha256, f.original)
         WHERE e.bureau = ?1 AND e.what = 'file' AND NOT EXISTS
           (SELECT 1 FROM photo_ref p WHERE p.bureau = f.bureau AND p.sha256 IN (lower(hex(f.sha256)), lower(hex(f.original))))",
    ),
    (
        Kind::Record,
        "was erased, and a photo, a review or an inspector of it is here",
        "SELECT hex(i.inspection) FROM inspection i WHERE i.bureau = ?1
           AND EXISTS (SELECT 1 FROM erased e WHERE e.bureau = i.bureau AND e.what = 'change' AND e.digest = i.signed_change)
           AND (EXISTS (SELECT 1 FROM photo_ref p WHERE p.bureau = i.bureau AND p.inspection = i.inspection)
             OR EXISTS (SELECT 1 FROM review r WHERE r.bureau = i.bureau AND r.inspection = i.inspection)
             OR EXISTS (SELECT 1 FROM inspector x WHERE x.bureau = i.bureau AND x.inspection = i.inspection)
             OR EXISTS (SELECT 1 FROM finding f WHERE f.bureau = i.bureau AND f.inspection = i.inspection))",
    ),
];

pub(super) fn check(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
) -> Result<(), StoreError> {
    let bureau = against.keys.bureau;
    let mut scratch = Scratch::new(bureau)?;
    each(
        db,
        found,
        (
            Kind::Record,
            "SELECT c.hash, c.envelope, c.body FROM change c
             JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash AND v.verdict = 'applied'
             JOIN log l ON l.bureau = c.bureau AND l.log = c.log AND l.owner = 'bureau'
             WHERE c.bureau = ?1 AND c.kind = 'record.erased' ORDER BY c.log, c.seq",
        ),
        params![bureau.as_bytes()],
        |row| Ok((digest(row, 0)?, said(row, 1)?)),
        |found, (change, said)| {
            let made = said.is_some_and(|said| {
                let row = Row::Erased { change, said };
                scratch.add(Millis(0), &row).is_ok()
            });
            let place = || format!("change {change}");
            found.must(made, Kind::Record, place, "what was erased does not read");
        },
    )?;
    let rows = Rows {
        table: "erased",
        of: None,
        except: "",
    };
    if let Some((place, what)) = scratch.differs(db, &rows)? {
        found.flaw(Kind::Record, place, what);
    }
    never(db, found, bureau.as_bytes(), NEVER)
}

/// What a change says, from its envelope in a column and its body in the next one.
fn said(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<Option<Box<RecordErased>>> {
    let envelope: Envelope = json(row, column)?;
    let body: Option<Vec<u8>> = row.get(column + 1)?;
    let read = body.and_then(|body| read_body(&envelope, &body).ok());
    Ok(match read {
        Some(Payload::RecordErased(said)) => Some(said),
        _ => None,
    })
}

/// What does not hold of a record that says it was erased; its rows are compared by the caller.
pub(super) fn flaw(
    db: &Connection,
    against: &Against<'_>,
    raw: &RawRecord,
    by: &Erasure,
) -> Result<Option<&'static str>, StoreError> {
    let (Some(summary), Some(content)) = (&raw.summary, &raw.content) else {
        return Ok(Some("its content does not read"));
    };
    if !is_said(db, against, raw.inspection, by)? {
        return Ok(Some(
            "says that it was erased, and no change of the bureau's says so",
        ));
    }
    for (hash, event) in &raw.events {
        let mut bare = event.clone();
        bare.erase();
        if bare != *event || !is_erased(db, against, *hash)? {
            return Ok(Some("was not erased whole"));
        }
    }
    let whole = summary::erased(summary, by.clone()) == *summary && content.erased() == *content;
    Ok((!whole).then_some("was erased, and something of it stands here"))
}

/// The change that a record names says just that.
fn is_said(
    db: &Connection,
    against: &Against<'_>,
    record: InspectionId,
    by: &Erasure,
) -> Result<bool, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT c.envelope, c.body FROM change c JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash AND v.verdict = 'applied'
         JOIN log l ON l.bureau = c.bureau AND l.log = c.log AND l.owner = 'bureau'
         WHERE c.bureau = ?1 AND c.hash = ?2 AND c.kind = 'record.erased'",
    )?;
    let mut rows = statement.query(params![against.keys.bureau.as_bytes(), by.change.0])?;
    let Some(row) = rows.next()? else {
        return Ok(false);
    };
    Ok(said(row, 0)?.is_some_and(|said| {
        said.record == record
            && (&said.rule, &said.rule_text, &said.order) == (&by.rule, &by.rule_text, &by.order)
            && (&said.orderer_name, said.at) == (&by.by_name, by.at)
    }))
}

/// Whether a change is named by one that erased it.
pub(super) fn is_erased(
    db: &Connection,
    against: &Against<'_>,
    change: Digest,
) -> Result<bool, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT 1 FROM erased WHERE bureau = ?1 AND what = 'change' AND digest = ?2",
    )?;
    Ok(statement.exists(params![against.keys.bureau.as_bytes(), change.0])?)
}
