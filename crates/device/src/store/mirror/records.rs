//! The server's states, as exact bytes, guarded by (epoch, rev).

use super::{Read, Write, inspections, operators};
use crate::store::StoreError;
use crate::store::row::{id_at, to_i64, to_u64};
use rusqlite::{OptionalExtension as _, params};
use serde::de::DeserializeOwned;
use uuid::Uuid;
use xunji_protocol::feed::FeedEntry;

/// Keeps a state when its (epoch, rev) is higher than the one that is here, or that one is doubted or had
/// left the scope, with the keys derived from it. Returns whether it was kept.
///
/// # Errors
/// Those of the file.
pub fn put(write: &Write<'_>, entry: &FeedEntry, state: &[u8]) -> Result<bool, StoreError> {
    let kept = write.sql.prepare_cached(
        "INSERT INTO record (kind, id, feed, epoch, rev, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (kind, id) DO UPDATE SET feed = excluded.feed, epoch = excluded.epoch, rev = excluded.rev,
             state = excluded.state, doubt = 0, gone = 0
         WHERE record.doubt = 1 OR record.gone = 1 OR (excluded.epoch, excluded.rev) > (record.epoch, record.rev)",
    )?
    .execute(params![
        entry.kind,
        entry.id.as_bytes(),
        entry.feed,
        to_i64("record.epoch", entry.epoch)?,
        to_i64("record.rev", entry.rev)?,
        state
    ])?;
    if kept == 0 {
        return Ok(false);
    }
    operators::derive(write, &entry.kind, entry.id, state)?;
    inspections::derive(write, &entry.kind, entry.id, state)?;
    Ok(true)
}

/// Keeps a state whatever is here, with the keys derived from it: what is here is known to be wrong.
///
/// # Errors
/// Those of the file.
pub fn replace(write: &Write<'_>, entry: &FeedEntry, state: &[u8]) -> Result<(), StoreError> {
    doubt(write, &entry.kind, entry.id)?;
    put(write, entry, state).map(|_| ())
}

/// The server has no such record: it stays, because it may be the last copy, until the server says otherwise.
///
/// # Errors
/// Those of the file.
pub fn doubt(write: &Write<'_>, kind: &str, id: Uuid) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE record SET doubt = 1 WHERE kind = ?1 AND id = ?2",
        params![kind, id.as_bytes()],
    )?;
    Ok(())
}

/// How many records stand here of which the server said nothing since it was put back.
///
/// # Errors
/// Those of the file.
pub fn doubted(read: &Read<'_>) -> Result<u64, StoreError> {
    let count = read
        .sql
        .query_row("SELECT count(*) FROM record WHERE doubt = 1", [], |row| {
            row.get(0)
        })?;
    to_u64("count", count)
}

/// A record left the scope of this device: removed, with its keys, unless another feed holds it by now.
///
/// # Errors
/// Those of the file.
pub fn remove(write: &Write<'_>, feed: &str, kind: &str, id: Uuid) -> Result<bool, StoreError> {
    let gone = write.sql.execute(
        "DELETE FROM record WHERE kind = ?1 AND id = ?2 AND feed = ?3",
        params![kind, id.as_bytes(), feed],
    )?;
    if gone > 0 {
        operators::forget(write, kind, id)?;
        inspections::forget(write, kind, id)?;
    }
    Ok(gone > 0)
}

/// A record left the scope of this device and stays for now; see [`gone`]. Nothing where another feed holds it.
///
/// # Errors
/// Those of the file.
pub fn mark_gone(write: &Write<'_>, feed: &str, kind: &str, id: Uuid) -> Result<(), StoreError> {
    write.sql.execute(
        "UPDATE record SET gone = 1 WHERE kind = ?1 AND id = ?2 AND feed = ?3",
        params![kind, id.as_bytes(), feed],
    )?;
    Ok(())
}

/// Records that left the scope and are still here: feed, kind, id.
///
/// # Errors
/// Those of the file.
pub fn gone(read: &Read<'_>) -> Result<Vec<(String, String, Uuid)>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT feed, kind, id FROM record WHERE gone = 1 ORDER BY kind, id")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, id_at(row, 2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Kinds and ids of the records of one feed.
///
/// # Errors
/// Those of the file.
pub fn of_feed(read: &Read<'_>, feed: &str) -> Result<Vec<(String, Uuid)>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT kind, id FROM record WHERE feed = ?1 ORDER BY kind, id")?;
    let rows = query.query_map([feed], |row| Ok((row.get(0)?, id_at(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The feeds that have records here.
///
/// # Errors
/// Those of the file.
pub fn feeds(read: &Read<'_>) -> Result<Vec<String>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT DISTINCT feed FROM record ORDER BY feed")?;
    let rows = query.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The exact bytes of a state.
///
/// # Errors
/// Those of the file.
pub fn state(read: &Read<'_>, kind: &str, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT state FROM record WHERE kind = ?1 AND id = ?2")?;
    Ok(query
        .query_row(params![kind, id.as_bytes()], |row| row.get(0))
        .optional()?)
}

/// One state, read.
///
/// # Errors
/// Those of the file; a state this program cannot read is an error of its own.
pub fn get<T: DeserializeOwned>(
    read: &Read<'_>,
    kind: &str,
    id: Uuid,
) -> Result<Option<T>, StoreError> {
    match state(read, kind, id)? {
        None => Ok(None),
        Some(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|_| StoreError::Value("record.state")),
    }
}

/// Every state of a kind, read. States of a newer program that do not read are left out: they come back
/// with the upgrade.
///
/// # Errors
/// Those of the file.
pub fn all<T: DeserializeOwned>(read: &Read<'_>, kind: &str) -> Result<Vec<T>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT state FROM record WHERE kind = ?1 ORDER BY id")?;
    let rows = query.query_map([kind], |row| row.get::<_, Vec<u8>>(0))?;
    let mut found = Vec::new();
    for row in rows {
        found.extend(serde_json::from_slice(&row?).ok());
    }
    Ok(found)
}
