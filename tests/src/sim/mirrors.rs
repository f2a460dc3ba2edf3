//! A phone's mirror and the server's states beside each other, on the disk; and how a mirror is spoilt.

use super::chance::Chance;
use super::world::World;
use crate::market::{Step, Stopped};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::BTreeMap;
use std::path::Path;
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::Cursor;

/// Kind, id, feed, epoch, revision, state.
type Row = (String, Vec<u8>, String, i64, i64, Vec<u8>);

impl World {
    /// Spoils some records of a phone's mirror while the phone is off: lost, a bit of the state flipped, filed
    /// under another feed, or a revision that nothing later of the server would replace. Gives how many.
    ///
    /// # Errors
    /// Those of the phone's file.
    pub fn spoil_mirror(&mut self, number: usize) -> Step<u64> {
        let word = self.chance.word();
        self.net.note(&format!("phone {number}'s mirror spoilt"));
        let mut spoilt = 0;
        self.reborn(number, |home| {
            spoilt = spoil(home, word).map_err(|e| Stopped::at("mirror.db", e))?;
            Ok(())
        })?;
        Ok(spoilt)
    }
}

/// What the mirror of a phone holds otherwise than the server, in sentences.
///
/// # Errors
/// Those of the files.
pub fn differences(server: &Path, home: &Path) -> Step<Vec<String>> {
    let failed = |e| Stopped::at("mirror and server", e);
    let phone = opened(home).map_err(failed)?;
    let county = Connection::open(server.join("county.db")).map_err(failed)?;
    let mut here = rows(
        &phone,
        "SELECT kind, id, feed, epoch, rev, state FROM record WHERE doubt = 0 AND gone = 0",
    )
    .map_err(failed)?;
    let mut wrong = heads(&phone, &county).map_err(failed)?;
    for feed in feeds(&phone).map_err(failed)? {
        let sql = format!(
            "SELECT kind, id, feed, epoch, rev, bytes FROM state WHERE gone = 0 AND feed = '{feed}'"
        );
        for (key, theirs) in rows(&county, &sql).map_err(failed)? {
            if here.remove(&key).as_ref() != Some(&theirs) {
                wrong.push(format!(
                    "the mirror has not the server's {} {}",
                    key.0,
                    hex::encode(&key.1)
                ));
            }
        }
    }
    wrong.extend(here.keys().map(|(kind, id)| {
        format!(
            "the mirror has a {kind} {} that the server has not",
            hex::encode(id)
        )
    }));
    Ok(wrong)
}

/// The phone's cursor stands at the head of each of its feeds, over the same history.
fn heads(phone: &Connection, county: &Connection) -> rusqlite::Result<Vec<String>> {
    let text: String = phone.query_row("SELECT text FROM cursor WHERE one = 1", [], |row| {
        row.get(0)
    })?;
    let Some(cursor) = Cursor::decode(&text) else {
        return Ok(vec!["the cursor does not read".to_owned()]);
    };
    let mut wrong = Vec::new();
    for head in cursor.feeds {
        let theirs: Option<(i64, [u8; 32])> = county
            .query_row(
                "SELECT pos, history_hash FROM feed_head WHERE feed = ?1",
                [&head.feed],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let theirs = theirs.map_or((0, Digest::ZERO), |(pos, hash)| {
            (pos.unsigned_abs(), Digest(hash))
        });
        if theirs != (head.pos, head.history_hash) {
            let feed = &head.feed;
            wrong.push(format!(
                "the cursor stands at {} of {feed}, the server at {}, or over another history",
                head.pos, theirs.0
            ));
        }
    }
    Ok(wrong)
}

fn opened(home: &Path) -> rusqlite::Result<Connection> {
    let key = std::fs::read(home.join("key")).unwrap_or_default();
    let db = Connection::open(home.join("mirror.db"))?;
    db.execute_batch(&format!("PRAGMA key = \"x'{}'\";", hex::encode(key)))?;
    Ok(db)
}

fn feeds(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut query = db.prepare("SELECT feed FROM feed_pos ORDER BY feed")?;
    query.query_map([], |row| row.get(0))?.collect()
}

type Key = (String, Vec<u8>);

fn rows(db: &Connection, sql: &str) -> rusqlite::Result<BTreeMap<Key, Row>> {
    let mut query = db.prepare(sql)?;
    let rows = query.query_map([], |row| {
        Ok((
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
        ))
    })?;
    rows.map(|row: rusqlite::Result<Row>| row.map(|row| ((row.0.clone(), row.1.clone()), row)))
        .collect()
}

fn spoil(home: &Path, word: u64) -> rusqlite::Result<u64> {
    let db = opened(home)?;
    let feeds = feeds(&db)?;
    let all: Vec<Row> = rows(
        &db,
        "SELECT kind, id, feed, epoch, rev, state FROM record WHERE doubt = 0 AND gone = 0",
    )?
    .into_values()
    .collect();
    let mut dice = Chance::of(word);
    let mut spoilt = 0;
    for _ in 0..=dice.index(5) {
        let Some((kind, id, feed, _, rev, mut state)) = all.get(dice.index(all.len())).cloned()
        else {
            continue;
        };
        let record = params![kind, id];
        spoilt += match dice.index(4) {
            0 => db.execute("DELETE FROM record WHERE kind = ?1 AND id = ?2", record)?,
            1 => {
                let at = dice.index(state.len());
                if let Some(byte) = state.get_mut(at) {
                    *byte ^= 1 << dice.index(8);
                }
                let values = params![kind, id, state];
                db.execute(
                    "UPDATE record SET state = ?3 WHERE kind = ?1 AND id = ?2",
                    values,
                )?
            }
            2 => {
                let other = feeds.iter().find(|other| **other != feed);
                let values = params![kind, id, other.unwrap_or(&feed)];
                db.execute(
                    "UPDATE record SET feed = ?3 WHERE kind = ?1 AND id = ?2",
                    values,
                )?
            }
            _ => {
                let values = params![kind, id, rev + 1_000];
                db.execute(
                    "UPDATE record SET rev = ?3 WHERE kind = ?1 AND id = ?2",
                    values,
                )?
            }
        } as u64;
    }
    Ok(spoilt)
}
