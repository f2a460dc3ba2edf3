//! Copies of drafts: bytes against their digest, columns against the head. They prove nothing; one that is
//! damaged would be offered to somebody all the same.

use super::{Against, Found, Kind, each, never};
use crate::storage::columns::{count, digest, id, json};
use crate::storage::error::StoreError;
use rusqlite::{Connection, Row, params};
use xunji_domain::ids::{InspectionId, LogId};
use xunji_protocol::digest::Digest;
use xunji_protocol::steps::drafts::CopyHead;

pub(super) fn check(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
) -> Result<(), StoreError> {
    let bureau = against.keys.bureau;
    each(
        db,
        found,
        (
            Kind::Draft,
            "SELECT inspection, log, version, digest, head, body FROM draft_copy WHERE bureau = ?1
             ORDER BY inspection, log",
        ),
        params![bureau.as_bytes()],
        read,
        |found, copy| {
            let place = || format!("{} of log {}", copy.head.inspection, copy.head.log);
            found.must(copy.agrees, Kind::Draft, place, "columns and head differ");
            found.must(
                Digest::of(&copy.body) == copy.head.digest,
                Kind::Draft,
                place,
                "the body does not hash to its digest",
            );
        },
    )?;
    never(
        db,
        found,
        bureau.as_bytes(),
        &[(
            Kind::Draft,
            "of a log that is not here",
            "SELECT hex(d.inspection) FROM draft_copy d LEFT JOIN log l ON l.bureau = d.bureau AND l.log = d.log
             WHERE d.bureau = ?1 AND l.log IS NULL",
        )],
    )
}

struct Copy {
    head: CopyHead,
    agrees: bool,
    body: Vec<u8>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Copy> {
    let head: CopyHead = json(row, 4)?;
    let columns = (
        InspectionId(id(row, 0)?),
        LogId(id(row, 1)?),
        count(row, 2)?,
        digest(row, 3)?,
    );
    Ok(Copy {
        agrees: columns == (head.inspection, head.log, head.version, head.digest),
        body: row.get(5)?,
        head,
    })
}
