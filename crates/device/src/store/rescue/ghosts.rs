//! Changes whose bytes do not read any more keep their place: the row stands with its hash and nothing else, as
//! that of a change that has rotted, and is declared like one. The hash is said by an index, by the change that
//! follows, or by the head of the log.

use super::source::Source;
use crate::store::StoreError;
use crate::store::door::is_spoilt;
use crate::store::row::digest_at;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::Envelope;

type Log = Vec<u8>;

/// Puts them in; gives how many. `None` where one has no hash, or a log has changes behind its head: then the
/// log cannot go on.
///
/// # Errors
/// Those of the new file.
pub(super) fn put(from: &mut Source, to: &Connection) -> Result<Option<u64>, StoreError> {
    let by_index = by_index(from)?;
    let mut put = 0;
    for (log, head_seq, head_hash) in logs(to)? {
        let here = here(to, &log)?;
        let gone = cut(to, &log)?;
        if here
            .last_key_value()
            .is_some_and(|(seq, _)| *seq > head_seq)
        {
            return Ok(None);
        }
        let missing = (1..=head_seq).filter(|seq| !here.contains_key(seq) && !gone.contains(seq));
        for seq in missing {
            let known = by_index.get(&(log.clone(), seq)).copied();
            let by_next = || here.get(&(seq + 1)).copied().flatten();
            let by_head = || (seq == head_seq).then_some(head_hash);
            let Some(hash) = known.or_else(by_next).or_else(by_head) else {
                return Ok(None);
            };
            to.execute(
                "INSERT INTO change (hash, log, seq, kind, envelope, body) VALUES (?1, ?2, ?3, '', x'', x'')",
                params![hash.0, log, seq],
            )?;
            put += 1;
        }
    }
    Ok(Some(put))
}

fn logs(to: &Connection) -> Result<Vec<(Log, i64, Digest)>, StoreError> {
    let mut query = to.prepare("SELECT log, head_seq, head_hash FROM log")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, digest_at(row, 2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The changes of a log, each with the hash of the one before it as it says.
fn here(to: &Connection, log: &Log) -> Result<BTreeMap<i64, Option<Digest>>, StoreError> {
    let mut query = to.prepare("SELECT seq, envelope FROM change WHERE log = ?1")?;
    let rows = query.query_map([log], |row| {
        let envelope: Vec<u8> = row.get(1)?;
        let before = serde_json::from_slice::<Envelope>(&envelope).map(|envelope| envelope.prev);
        Ok((row.get(0)?, before.ok()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Places of changes that had left this phone.
fn cut(to: &Connection, log: &Log) -> Result<BTreeSet<i64>, StoreError> {
    let kept: i64 = to.query_row(
        "SELECT count(*) FROM sqlite_master WHERE name = 'cut_change'",
        [],
        |row| row.get(0),
    )?;
    if kept == 0 {
        return Ok(BTreeSet::new());
    }
    let mut query = to.prepare("SELECT seq FROM cut_change WHERE log = ?1")?;
    let rows = query.query_map([log], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What the two indexes of the table say, as far as they read: neither of them lies where the rows do.
fn by_index(from: &mut Source) -> Result<BTreeMap<(Log, i64), Digest>, StoreError> {
    let mut hashes = BTreeMap::new();
    let sql = "SELECT rowid, hash FROM change INDEXED BY sqlite_autoindex_change_1 ORDER BY hash";
    each(from, sql, |row| {
        hashes.insert(row.get::<_, i64>(0)?, digest_at(row, 1)?);
        Ok(())
    })?;
    let mut places = BTreeMap::new();
    let sql =
        "SELECT rowid, log, seq FROM change INDEXED BY sqlite_autoindex_change_2 ORDER BY log, seq";
    each(from, sql, |row| {
        if let Some(hash) = hashes.get(&row.get::<_, i64>(0)?) {
            places.insert((row.get(1)?, row.get(2)?), *hash);
        }
        Ok(())
    })?;
    Ok(places)
}

/// Rows until one does not read.
fn each(
    from: &mut Source,
    sql: &str,
    mut take: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>,
) -> Result<(), StoreError> {
    let mut walk = || -> rusqlite::Result<()> {
        let mut query = from.sql.prepare(sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            if is_spoilt(&from.sql) {
                return Err(rusqlite::Error::QueryReturnedNoRows);
            }
            take(row)?;
        }
        Ok(())
    };
    match walk() {
        Ok(()) => Ok(()),
        Err(_) => from.again(),
    }
}
