//! How far the server's feeds were read.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{to_i64, to_u64};
use rusqlite::{OptionalExtension as _, params};
use std::collections::BTreeMap;
use xunji_protocol::state::{CONFLICT, VERDICT};
use xunji_protocol::verdict::Effect;

/// The cursor's text as the server gave it; empty before the first page.
///
/// # Errors
/// Those of the file.
pub fn cursor(read: &Read<'_>) -> Result<String, StoreError> {
    let text = read
        .sql
        .query_row("SELECT text FROM cursor WHERE one = 1", [], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(text.unwrap_or_default())
}

/// Keeps the cursor; in the transaction of its page.
///
/// # Errors
/// Those of the file.
pub fn set_cursor(write: &Write<'_>, text: &str) -> Result<(), StoreError> {
    write.sql.execute("INSERT INTO cursor (one, text) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET text = excluded.text", [text])?;
    Ok(())
}

/// Keeps the positions a page passed; a position never goes back.
///
/// # Errors
/// Those of the file.
pub fn set_passed(write: &Write<'_>, passed: &[Effect]) -> Result<(), StoreError> {
    for effect in passed {
        write.sql.execute(
            "INSERT INTO feed_pos (feed, pos) VALUES (?1, ?2)
             ON CONFLICT (feed) DO UPDATE SET pos = max(pos, excluded.pos)",
            params![effect.feed, to_i64("feed_pos.pos", effect.pos)?],
        )?;
    }
    Ok(())
}

/// Positions passed, by feed.
///
/// # Errors
/// Those of the file.
pub fn passed(read: &Read<'_>) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut query = read.sql.prepare_cached("SELECT feed, pos FROM feed_pos")?;
    let mut all = BTreeMap::new();
    for row in query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
        let (feed, pos): (String, i64) = row?;
        all.insert(feed, to_u64("feed_pos.pos", pos)?);
    }
    Ok(all)
}

/// The server no longer has the history that was read: all of it is read again from the beginning, over
/// what is here. What it does not bring again stays, because it may be the last copy.
///
/// # Errors
/// Those of the file.
pub fn begin_anew(write: &Write<'_>) -> Result<(), StoreError> {
    write
        .sql
        .execute_batch("UPDATE record SET doubt = 1; DELETE FROM feed_pos; DELETE FROM cursor;")?;
    // A verdict of the lost history must not be taken for a later word on a change that is sent again.
    forget_doubted(write, VERDICT)
}

/// All was read again: what the server made by itself and did not make again is no last copy of anything.
///
/// # Errors
/// Those of the file.
pub fn end_anew(write: &Write<'_>) -> Result<(), StoreError> {
    forget_doubted(write, CONFLICT)
}

fn forget_doubted(write: &Write<'_>, kind: &str) -> Result<(), StoreError> {
    write
        .sql
        .execute("DELETE FROM record WHERE doubt = 1 AND kind = ?1", [kind])?;
    Ok(())
}

/// A feed left the device's scope: its position is dropped.
///
/// # Errors
/// Those of the file.
pub fn forget_feed(write: &Write<'_>, feed: &str) -> Result<(), StoreError> {
    write
        .sql
        .execute("DELETE FROM feed_pos WHERE feed = ?1", [feed])?;
    Ok(())
}
