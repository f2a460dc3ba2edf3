//! A page of a phone's own database that has rotted while nobody looked.

use super::chance::Chance;
use super::image::{copy, open_phone};
use super::world::World;
use crate::market::{Step, Stopped};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;

const PAGE: usize = 4096;
/// Draws of a page before a trial is given up.
const DRAWS: usize = 50;

/// A change that does not read any more.
pub struct Unread {
    /// Its body, as it was.
    pub body: Vec<u8>,
    /// The server had answered that it holds it.
    pub received: bool,
}

type Bodies = BTreeMap<Vec<u8>, Unread>;

impl World {
    /// A phone is found with a flipped bit in some page of `local.db` and starts. Gives the changes that do not
    /// read any more. A page without which nothing reads is drawn again: such a phone stands still
    /// and asks for a person.
    ///
    /// # Errors
    /// The phone does not go on with any page.
    pub fn rot_page(&mut self, number: usize) -> Step<Vec<Unread>> {
        let (home, word) = (self.slot(number)?.home.clone(), self.chance.word());
        let clock = self.slot(number)?.clock.clone();
        self.net.note(&format!("a page of phone {number} rots"));
        let mut dice = Chance::of(word);
        let mut before = Bodies::new();
        self.reborn_from(number, &home, |home| {
            before = bodies(home).map_err(|e| Stopped::at("rot", e))?;
            for _ in 0..DRAWS {
                let whole = read(home)?;
                flip(home, &whole, &mut dice)?;
                let tried = home.with_extension("tried");
                copy(home, &tried)?;
                let goes_on = open_phone(&tried, clock.clone(), word)?.local().is_ok();
                std::fs::remove_dir_all(&tried).map_err(|e| Stopped::at("rot", e))?;
                if goes_on {
                    return Ok(());
                }
                std::fs::write(home.join("local.db"), whole).map_err(|e| Stopped::at("rot", e))?;
            }
            Err(Stopped("a phone that goes on with no page".to_owned()))
        })?;
        let after = bodies(&self.slot(number)?.home).map_err(|e| Stopped::at("rot", e))?;
        let gone = |hash: &Vec<u8>| after.get(hash).is_none_or(|now| now.body.is_empty());
        before.retain(|hash, then| !then.body.is_empty() && gone(hash));
        Ok(before.into_values().collect())
    }
}

/// Every change, by hash; with the last look at it the WAL is written back.
fn bodies(home: &Path) -> rusqlite::Result<Bodies> {
    let key = std::fs::read(home.join("key")).unwrap_or_default();
    let db = Connection::open(home.join("local.db"))?;
    db.execute_batch(&format!("PRAGMA key = \"x'{}'\";", hex::encode(key)))?;
    let mut query = db.prepare(
        "SELECT c.hash, c.body, v.hash IS NOT NULL FROM change c LEFT JOIN verdict v ON v.hash = c.hash",
    )?;
    let rows = query.query_map([], |row| {
        let unread = Unread {
            body: row.get(1)?,
            received: row.get(2)?,
        };
        Ok((row.get(0)?, unread))
    })?;
    rows.collect()
}

fn read(home: &Path) -> Step<Vec<u8>> {
    std::fs::read(home.join("local.db")).map_err(|e| Stopped::at("rot", e))
}

fn flip(home: &Path, whole: &[u8], dice: &mut Chance) -> Step<()> {
    let mut bytes = whole.to_vec();
    let pages = bytes.len() / PAGE;
    let at = (1 + dice.index(pages.saturating_sub(1))) * PAGE + dice.index(PAGE);
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << dice.below(8);
    }
    let written = std::fs::write(home.join("local.db"), bytes)
        .and_then(|()| std::fs::write(home.join("local.db.doubt"), b""));
    written.map_err(|e| Stopped::at("rot", e))
}
