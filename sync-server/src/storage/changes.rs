//! Stored changes and what belongs to them: bytes, receipts, what is held.

use super::backups;
use super::columns::{count, digest, id, to_column};
use super::error::StoreError;
use super::store::Store;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use xunji_domain::ids::{BureauId, LogId};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Change;
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::log::LogHead;

/// A change as it is stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The exact bytes; a body that travels as a file stays outside.
    pub change: Change,
    /// The exact body, where it is here.
    pub body: Option<Vec<u8>>,
    /// On the main line of its log.
    pub main: bool,
}

/// One change by its hash.
///
/// # Errors
/// [`StoreError::Corrupt`] when the bytes no longer make this hash.
pub fn by_hash(
    store: &Store,
    bureau: BureauId,
    hash: Digest,
) -> Result<Option<Stored>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT envelope, body, as_file, main FROM change WHERE bureau = ?1 AND hash = ?2",
        )?;
        let row = statement
            .query_row(params![bureau.as_bytes(), hash.0], raw)
            .optional()?;
        row.map(|raw| stored(raw, hash)).transpose()
    })
}

type Raw = (Vec<u8>, Option<Vec<u8>>, bool, bool);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn stored((envelope, body, as_file, main): Raw, hash: Digest) -> Result<Stored, StoreError> {
    let inline = if as_file { None } else { body.clone() };
    let change = Change::read(envelope, inline).map_err(|_| StoreError::Corrupt("change"))?;
    if change.hash != hash {
        return Err(StoreError::Corrupt("change"));
    }
    Ok(Stored { change, body, main })
}

/// The cross join keeps the order of the tables: for the order's sake SQLite went through every change of the county instead,
/// after every push, and asked of each whether it is held.
const HELD: &str =
    "SELECT h.hash FROM held h CROSS JOIN change c ON c.bureau = h.bureau AND c.hash = h.hash
    WHERE h.bureau = ?1 AND (?2 IS NULL OR h.waits_for = ?2) ORDER BY c.log, c.seq";

/// Held changes that wait for one thing, in log order; for everything where `waits_for` is `None`.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn held(
    store: &Store,
    bureau: BureauId,
    waits_for: Option<String>,
) -> Result<Vec<Digest>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(HELD)?;
        let rows =
            statement.query_map(params![bureau.as_bytes(), waits_for], |row| digest(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// Puts a body that came as a file beside its changes; returns how many waited for it.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn put_body(
    store: &Store,
    bureau: BureauId,
    body_digest: Digest,
    body: Vec<u8>,
) -> Result<usize, StoreError> {
    store.write(move |db| {
        Ok(db.execute(
            "UPDATE change SET body = ?3 WHERE bureau = ?1 AND body_digest = ?2 AND as_file = 1 AND body IS NULL AND NOT EXISTS
               (SELECT 1 FROM erased e WHERE e.bureau = change.bureau AND e.what = 'change' AND e.digest = change.hash)",
            params![bureau.as_bytes(), body_digest.0, body],
        )?)
    })
}

/// Files that a log's changes name and that are not here yet: bodies first, then what it brought and the
/// folder has lost, then originals. Not
/// all of them, where they are many: the phone has a list of its own, and this one heals it.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn wanted(store: &Store, bureau: BureauId, log: LogId) -> Result<Vec<String>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT lower(hex(body_digest)) FROM change
             WHERE bureau = ?1 AND log = ?2 AND as_file = 1 AND body IS NULL AND NOT EXISTS
               (SELECT 1 FROM erased e WHERE e.bureau = change.bureau AND e.what = 'change' AND e.digest = change.hash)
             UNION ALL
             SELECT DISTINCT lower(hex(m.sha256)) FROM missed_file m
               JOIN file f ON f.bureau = m.bureau AND f.sha256 = m.sha256 WHERE m.bureau = ?1 AND f.log = ?2
             UNION ALL
             SELECT DISTINCT p.sha256 FROM photo_ref p WHERE p.bureau = ?1 AND p.log = ?2 AND NOT EXISTS
               (SELECT 1 FROM file f WHERE f.bureau = p.bureau AND f.sha256 = unhex(p.sha256) AND f.kind = 'original')
             LIMIT 64",
        )?;
        let rows = statement.query_map(params![bureau.as_bytes(), log.as_bytes()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// A body that is here already, from another change that named it.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn body(
    store: &Store,
    bureau: BureauId,
    body_digest: Digest,
) -> Result<Option<Vec<u8>>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT body FROM change WHERE bureau = ?1 AND body_digest = ?2 AND as_file = 1 AND body IS NOT NULL",
        )?;
        Ok(statement.query_row(params![bureau.as_bytes(), body_digest.0], |row| row.get(0)).optional()?)
    })
}

/// Which receipts are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The main line: one change at a seq.
    Main,
    /// Beside it: a hash tells which.
    Branch,
}

/// The stored receipt of a head.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn receipt(
    store: &Store,
    bureau: BureauId,
    line: Line,
    head: LogHead,
) -> Result<Option<SignedStatement>, StoreError> {
    store.read(move |db| stored_receipt(db, bureau, line, &head))
}

/// Keeps the receipt of a head, unless there is one; gives the one that is kept.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn keep_receipt(
    store: &Store,
    bureau: BureauId,
    line: Line,
    head: LogHead,
    made: SignedStatement,
    now: Millis,
) -> Result<SignedStatement, StoreError> {
    store.write(move |db| {
        if let Some(kept) = stored_receipt(db, bureau, line, &head)? {
            return Ok(kept);
        }
        backups::receipted(db, bureau, now)?;
        let (bureau, log, seq) = (bureau.as_bytes(), head.log.as_bytes(), to_column(head.seq));
        match line {
            Line::Main => db.execute(
                "INSERT INTO receipt (bureau, log, up_to_seq, token) VALUES (?1, ?2, ?3, ?4)",
                params![bureau, log, seq, made.0],
            )?,
            Line::Branch => db.execute(
                "INSERT INTO branch_receipt (bureau, log, up_to_seq, token, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![bureau, log, seq, made.0, head.hash.0],
            )?,
        };
        Ok(made)
    })
}

fn stored_receipt(
    db: &Connection,
    bureau: BureauId,
    line: Line,
    head: &LogHead,
) -> Result<Option<SignedStatement>, StoreError> {
    let token = |row: &Row<'_>| Ok(SignedStatement(row.get(0)?));
    let (bureau, log) = (bureau.as_bytes(), head.log.as_bytes());
    let found = match line {
        Line::Main => db
            .prepare_cached(
                "SELECT token FROM receipt WHERE bureau = ?1 AND log = ?2 AND up_to_seq = ?3",
            )?
            .query_row(params![bureau, log, to_column(head.seq)], token),
        Line::Branch => db
            .prepare_cached(
                "SELECT token FROM branch_receipt WHERE bureau = ?1 AND log = ?2 AND hash = ?3",
            )?
            .query_row(params![bureau, log, head.hash.0], token),
    };
    Ok(found.optional()?)
}

/// The head of a log's main line, and whether a head somebody shows lies on it. A head beyond ours
/// is taken for ours: the phone, which knows more, compares.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn line(
    store: &Store,
    bureau: BureauId,
    shown: LogHead,
) -> Result<(LogHead, bool), StoreError> {
    store.read(move |db| {
        let log = shown.log;
        let head = super::load::log_row(db, bureau, log)?
            .map_or_else(|| LogHead::empty(log), |row| row.head);
        if shown.seq == 0 || shown.seq > head.seq {
            return Ok((head, true));
        }
        let mut statement = db.prepare_cached(
            "SELECT hash FROM change WHERE bureau = ?1 AND log = ?2 AND seq = ?3 AND main = 1",
        )?;
        let ours = statement
            .query_row(
                params![bureau.as_bytes(), log.as_bytes(), to_column(shown.seq)],
                |row| digest(row, 0),
            )
            .optional()?;
        Ok((head, ours == Some(shown.hash)))
    })
}

/// How many changes of each log are stored: `(log, main line, branches)`, for checks.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn counts(store: &Store, bureau: BureauId) -> Result<Vec<(LogId, u64, u64)>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT log, sum(main), sum(1 - main) FROM change WHERE bureau = ?1 GROUP BY log ORDER BY log",
        )?;
        let rows = statement
            .query_map(params![bureau.as_bytes()], |row| Ok((LogId(id(row, 0)?), count(row, 1)?, count(row, 2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

#[cfg(test)]
mod tests {
    use super::HELD;
    use crate::storage::Store;

    #[test]
    fn what_is_held_is_found_without_going_through_every_change() {
        let store = Store::open_in_memory().unwrap();
        let steps = store.read(|db| {
            let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {HELD}"))?;
            let rows = plan.query_map(["", ""], |row| row.get::<_, String>(3))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        });
        let first = steps.unwrap().swap_remove(0);
        assert!(first.starts_with("SEARCH h "), "{first}");
    }
}
