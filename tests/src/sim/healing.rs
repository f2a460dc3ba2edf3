//! What only people and their machines can do to a county: put an older copy back, of the server or of a
//! phone; go on with a copied phone; enrol one more; and a byte that rots in a phone's own log.

use super::chance::Chance;
use super::clock::PhoneClock;
use super::image::{self, call, copy, duty, phone_name};
use super::world::{Slot, World};
use crate::market::{Step, Stopped};
use rusqlite::{Connection, params};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use xunji_device::runner::Took;
use xunji_device::sync::plan::Goal;
use xunji_domain::county::MAIN_STATION;
use xunji_protocol::envelope::Change;
use xunji_server::admin;
use xunji_server::clock::ServerClock;
use xunji_server::config::DataFolder;

/// Turns in which a fresh phone has read everything.
const TURNS: usize = 100;

/// A change that rotted.
#[derive(Clone, Debug)]
pub struct Rotted {
    /// Its body before.
    pub body: Vec<u8>,
    /// Place in its log.
    pub seq: i64,
}

impl World {
    /// The server's folder as a backup has it now.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn keep_server(&mut self) -> Step<PathBuf> {
        let kept = self.place("backup");
        copy(&self.server_home, &kept)?;
        Ok(kept)
    }

    /// An older folder is served again: by the command, or by other means and without a word.
    ///
    /// # Errors
    /// The folder cannot be served.
    pub fn put_server_back(&mut self, kept: &Path, by_command: bool) -> Step<()> {
        self.kills += 1;
        self.net.note("server put back");
        let next = self.place("server");
        self.net.serve(None);
        drop(self.server.take());
        if by_command {
            let offset = self.clock_offset();
            admin::restore(DataFolder::new(&next), Some(kept), offset)
                .map_err(|e| Stopped::at("restore", e))?;
        } else {
            copy(kept, &next)?;
        }
        self.serve(next)
    }

    /// One more phone: enrolled, filled, two inspectors on duty.
    ///
    /// # Errors
    /// The server did not take it.
    pub fn enrol(&mut self) -> Step<usize> {
        let number = self.enrol_unfilled()?;
        for _ in 0..TURNS {
            if self.turn(number, Goal::Pulled)? == Took::Reached {
                duty(self.phone(number)?)?;
                return Ok(number);
            }
        }
        Err(Stopped("the first filling did not end".to_owned()))
    }

    /// One more phone that has read nothing yet.
    ///
    /// # Errors
    /// The server did not take it.
    pub fn enrol_unfilled(&mut self) -> Step<usize> {
        let number = self.phones();
        let data = DataFolder::new(&self.server_home);
        let code = admin::enrol_code(data, MAIN_STATION, Some(self.clock_offset()))
            .map_err(|e| Stopped::at("enrol code", e))?;
        let text = |key: &str| code[key].as_str().unwrap_or_default().to_owned();
        let home = self.place(&phone_name(number));
        std::fs::create_dir_all(&home).map_err(|e| Stopped::at("phone", e))?;
        self.add(home)?;
        let code = format!("{}.{}", text("code"), text("root"));
        call(
            self.phone(number)?,
            json!({"cmd": "enrol", "server_url": "http://county.invalid", "code": code}),
        )?;
        Ok(number)
    }

    /// A second phone goes on with everything the first one has.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn clone_phone(&mut self, of: usize) -> Step<usize> {
        let number = self.phones();
        self.net.note(&format!("phone {of} copied"));
        let home = self.place(&phone_name(number));
        copy(&self.slot(of)?.home, &home)?;
        self.add(home)?;
        Ok(number)
    }

    /// A phone's folder as a backup has it now.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn keep_phone(&mut self, number: usize) -> Step<PathBuf> {
        let kept = self.place("kept");
        copy(&self.slot(number)?.home, &kept)?;
        Ok(kept)
    }

    /// An older copy of a phone is put back; what it had since is gone from it.
    ///
    /// # Errors
    /// It does not open.
    pub fn put_phone_back(&mut self, number: usize, kept: &Path) -> Step<()> {
        self.net.note(&format!("phone {number} put back"));
        self.reborn_from(number, kept, |_| Ok(()))
    }

    /// One byte of a change that is not sent yet rots; gives what it was. `None` where all are sent.
    ///
    /// # Errors
    /// Those of the phone's file.
    pub fn rot(&mut self, number: usize) -> Step<Option<Rotted>> {
        let (home, word) = (self.slot(number)?.home.clone(), self.chance.word());
        self.net.note(&format!("phone {number} rots"));
        let mut rotted = None;
        self.reborn_from(number, &home, |home| {
            rotted = rot_one(home, word).map_err(|e| Stopped::at("rot", e))?;
            Ok(())
        })?;
        Ok(rotted)
    }

    fn add(&mut self, home: PathBuf) -> Step<()> {
        let number = self.phones();
        let clock = PhoneClock::right(&self.truth, &format!("boot{number}"));
        let mut slot = Slot::at(home, clock);
        self.net.add_phone();
        self.open(number, &mut slot)?;
        self.push(slot);
        Ok(())
    }

    fn clock_offset(&self) -> i64 {
        self.truth.load(Ordering::Relaxed) - ServerClock::new(0, String::new()).now().0
    }

    fn serve(&mut self, home: PathBuf) -> Step<()> {
        let (app, router) = image::serve_dying(&home, &self.truth, &self.die_at, self.newest)?;
        (self.server, self.server_home) = (Some(app), home);
        self.net.serve(Some(router));
        Ok(())
    }
}

/// Hash, seq, body and envelope of a change.
type Waiting = (Vec<u8>, i64, Vec<u8>, Vec<u8>);

/// Flips a bit in the body or the envelope of one of the changes without a verdict.
fn rot_one(home: &Path, word: u64) -> rusqlite::Result<Option<Rotted>> {
    let key = std::fs::read(home.join("key")).unwrap_or_default();
    let db = Connection::open(home.join("local.db"))?;
    db.execute_batch(&format!("PRAGMA key = \"x'{}'\";", hex::encode(key)))?;
    let mut query = db.prepare(
        "SELECT c.hash, c.seq, c.body, c.envelope FROM change c
         LEFT JOIN verdict v ON v.hash = c.hash WHERE v.hash IS NULL ORDER BY c.log, c.seq",
    )?;
    let waiting = query.query_map([], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    let mut waiting: Vec<Waiting> = waiting.collect::<Result<_, _>>()?;
    // One that rots twice might be whole again.
    waiting.retain(|(hash, _, body, envelope)| {
        Change::read(envelope.clone(), Some(body.clone()))
            .is_ok_and(|change| change.hash.0.as_slice() == hash)
    });
    let mut dice = Chance::of(word);
    let Some((hash, seq, body, mut envelope)) = waiting.get(dice.index(waiting.len())).cloned()
    else {
        return Ok(None);
    };
    let mut bytes = body.clone();
    let (column, rotten) = match dice.one_in(2) {
        true => ("body", &mut bytes),
        false => ("envelope", &mut envelope),
    };
    let at = dice.index(rotten.len());
    if let Some(byte) = rotten.get_mut(at) {
        *byte ^= 1 << dice.below(8);
    }
    db.execute(
        &format!("UPDATE change SET {column} = ?2 WHERE hash = ?1"),
        params![hash, &*rotten],
    )?;
    Ok(Some(Rotted { body, seq }))
}
