//! Verdicts: one a change; the last word is the one in the log's feed, where there is a later one.

use super::{Against, Found, Kind, each, never, settled};
use crate::storage::columns::{code, count, digest, id};
use crate::storage::error::StoreError;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;
use xunji_protocol::digest::Digest;
use xunji_protocol::state::{VERDICT, change_id};
use xunji_protocol::verdict::{Cause, Effect, Verdict, VerdictRow};

const NEVER: &[(Kind, &str, &str)] = &[
    (
        Kind::Verdict,
        "its change is not here",
        "SELECT hex(v.hash) FROM verdict v LEFT JOIN change c ON c.bureau = v.bureau AND c.hash = v.hash
         WHERE v.bureau = ?1 AND c.hash IS NULL",
    ),
    (
        Kind::Verdict,
        "waits for something, and its change is not here",
        "SELECT hex(h.hash) FROM held h LEFT JOIN change c ON c.bureau = h.bureau AND c.hash = h.hash
         WHERE h.bureau = ?1 AND c.hash IS NULL",
    ),
];

struct Said {
    hash: Digest,
    log: Uuid,
    seq: u64,
    has_body: bool,
    verdict: Option<String>,
    cause: Option<String>,
    first: Option<Vec<u8>>,
    last: Option<Vec<u8>>,
    waits_for: Option<String>,
}

pub(super) fn check(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
) -> Result<(), StoreError> {
    let bureau = against.keys.bureau;
    let mut failed = None;
    each(
        db,
        found,
        (
            Kind::Verdict,
            "SELECT c.hash, c.log, c.seq, c.body IS NOT NULL OR EXISTS
               (SELECT 1 FROM erased e WHERE e.bureau = c.bureau AND e.what = 'change' AND e.digest = c.hash), v.verdict, v.cause, v.first, v.last, h.waits_for
             FROM change c LEFT JOIN verdict v ON v.bureau = c.bureau AND v.hash = c.hash
             LEFT JOIN held h ON h.bureau = c.bureau AND h.hash = c.hash
             WHERE c.bureau = ?1 ORDER BY c.log, c.seq",
        ),
        params![bureau.as_bytes()],
        read,
        |found, said| {
            let flaw = flaw(db, bureau.as_bytes(), &said).unwrap_or_else(|e| {
                failed = Some(e);
                None
            });
            if let Some(what) = flaw {
                found.flaw(Kind::Verdict, format!("log {} seq {}", said.log, said.seq), what);
            }
        },
    )?;
    if let Some(error) = failed {
        return Err(error);
    }
    never(db, found, bureau.as_bytes(), NEVER)?;
    settled::check(db, bureau, found)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Said> {
    Ok(Said {
        hash: digest(row, 0)?,
        log: id(row, 1)?,
        seq: count(row, 2)?,
        has_body: row.get(3)?,
        verdict: row.get(4)?,
        cause: row.get(5)?,
        first: row.get(6)?,
        last: row.get(7)?,
        waits_for: row.get(8)?,
    })
}

fn flaw(db: &Connection, bureau: &[u8], said: &Said) -> Result<Option<&'static str>, StoreError> {
    let (Some(first_bytes), Some(last_bytes)) = (&said.first, &said.last) else {
        return Ok(Some("a change without a verdict"));
    };
    let rows = (
        serde_json::from_slice::<VerdictRow>(first_bytes),
        serde_json::from_slice::<VerdictRow>(last_bytes),
    );
    let (Ok(first), Ok(last)) = rows else {
        return Ok(Some("does not read"));
    };
    let named = [&first, &last]
        .iter()
        .all(|row| row.hash == said.hash && row.seq == said.seq);
    if !named {
        return Ok(Some("speaks of another change"));
    }
    let cause = last.cause.as_ref().map(code).transpose()?;
    if said.verdict != Some(code(&last.verdict)?) || said.cause != cause {
        return Ok(Some("the columns say other than the verdict"));
    }
    if said.waits_for != waits_for(&last) {
        return Ok(Some("waits for something else than it says"));
    }
    if last.closed.is_some() && !is_closed(db, bureau, said.hash)? {
        return Ok(Some("is closed, and nobody said so"));
    }
    if last.verdict == Verdict::Applied && !said.has_body {
        return Ok(Some("was applied, and the body is gone"));
    }
    for effect in first.effects.iter().chain(&last.effects) {
        if !stands(db, bureau, effect)? {
            return Ok(Some("names a position that its feed does not have"));
        }
    }
    later(db, bureau, said, &first)
}

fn is_closed(db: &Connection, bureau: &[u8], hash: Digest) -> Result<bool, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT 1 FROM settled WHERE bureau = ?1 AND hash = ?2 AND decision = 'closed'",
    )?;
    Ok(statement.exists(params![bureau, hash.0])?)
}

/// What a held change must be waiting for.
fn waits_for(last: &VerdictRow) -> Option<String> {
    match (last.verdict, last.cause?) {
        (Verdict::Held, Cause::BodyMissing) => Some(format!("body:{}", last.detail)),
        (Verdict::Held, Cause::RecordMissing) => Some(format!("record:{}", last.detail)),
        (Verdict::Held, _) => Some("program".to_owned()),
        _ => None,
    }
}

fn stands(db: &Connection, bureau: &[u8], effect: &Effect) -> Result<bool, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT 1 FROM feed_entry WHERE bureau = ?1 AND feed = ?2 AND pos = ?3")?;
    let pos = crate::storage::columns::to_column(effect.pos);
    Ok(statement.exists(params![bureau, effect.feed, pos])?)
}

/// Without a later verdict in the log's feed the first one stands; with one, that one does.
fn later(
    db: &Connection,
    bureau: &[u8],
    said: &Said,
    first: &VerdictRow,
) -> Result<Option<&'static str>, StoreError> {
    let told: Option<Vec<u8>> = db
        .prepare_cached(
            "SELECT bytes FROM state WHERE bureau = ?1 AND kind = ?2 AND id = ?3 AND gone = 0",
        )?
        .query_row(
            params![bureau, VERDICT, change_id(said.hash).as_bytes()],
            |row| row.get(0),
        )
        .optional()?;
    let stopped = first.verdict != Verdict::Applied;
    Ok(match told {
        None if said.first == said.last => None,
        None => Some("was changed, and its log was not told"),
        Some(told) if Some(&told) != said.last.as_ref() => Some("its log was told another verdict"),
        Some(_) if !stopped => Some("was changed, though it waited for nothing"),
        Some(_) => None,
    })
}
