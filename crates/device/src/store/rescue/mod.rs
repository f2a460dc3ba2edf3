//! A damaged `local.db` was moved aside: what still reads of it goes into a new one, with which the phone goes
//! on. Only copies are read, so that the damaged file stays as it was found. Pages are authenticated: what
//! reads is what was written. Where more is lost than the phone can name, nothing is made, and a person decides.

mod ghosts;
mod rows;
mod source;

use super::door::{FileOf as _, connect, with_suffix};
use super::local::LocalFile;
use super::migrate::{Step, migrate};
use super::{StoreError, quarantine};
use crate::keystore::MasterKey;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use source::Source;
use std::path::{Path, PathBuf};
use xunji_protocol::guard::Guard;

/// Folder in which the new file is made; what a kill left there is made again.
const WORK: &str = "rescue";
/// Setting that is left in a rescued file until a new log was opened because of it.
pub(crate) const DUE: &str = "rescued";

/// Makes a new `local.db` of what reads of the one that was moved aside last; whether there is one now.
///
/// # Errors
/// Those of the disk. Nothing was made then, and the next start tries again.
pub(crate) fn rescue(folder: &Path, key: &MasterKey) -> Result<bool, StoreError> {
    let moved = quarantine::last_of(folder, LocalFile::NAME);
    let Some(moved) = moved.filter(|_| Guard::Rescue.stands()) else {
        return Ok(false);
    };
    let work = folder.join(WORK);
    let _ = std::fs::remove_dir_all(&work);
    std::fs::create_dir_all(&work)?;
    let made = made(&moved, &work, key);
    if let Ok(Some(made)) = &made {
        std::fs::rename(made, folder.join(LocalFile::NAME))?;
        std::fs::File::open(folder)?.sync_all()?;
    }
    let _ = std::fs::remove_dir_all(&work);
    Ok(made?.is_some())
}

/// The new file, closed and synced; `None` where too little reads.
fn made(moved: &Path, work: &Path, key: &MasterKey) -> Result<Option<PathBuf>, StoreError> {
    let copy = work.join("damaged.db");
    for suffix in ["", "-wal"] {
        let from = with_suffix(moved, suffix);
        if from.exists() {
            std::fs::copy(from, with_suffix(&copy, suffix))?;
        }
    }
    let Some(mut from) = readable(Source::open(copy, key))? else {
        return Ok(None);
    };
    let Some(step) = readable(step_of(&from.sql))?.flatten() else {
        return Ok(None);
    };
    let path = work.join(LocalFile::NAME);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut to = connect(&path, key, flags)?;
    to.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;")?;
    bring_to(&mut to, LocalFile::STEPS.get(..step).unwrap_or_default())?;
    if !filled(&mut from, &to)? {
        return Ok(None);
    }
    bring_to(&mut to, LocalFile::STEPS)?;
    to.close().map_err(|(_, error)| error)?;
    Ok(Some(path))
}

/// Everything in one transaction. Whether the phone can go on with it.
fn filled(from: &mut Source, to: &Connection) -> Result<bool, StoreError> {
    to.execute_batch("BEGIN IMMEDIATE")?;
    let Some(copied) = rows::copy_all(from, to)? else {
        return Ok(false);
    };
    let Some(ghosts) = ghosts::put(from, to)? else {
        return Ok(false);
    };
    to.execute(
        "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        params![DUE, ghosts.to_string()],
    )?;
    to.execute_batch("COMMIT")?;
    tracing::warn!(copied, ghosts, "a damaged file was read into a new one");
    Ok(true)
}

/// How many steps the damaged file has, when this program knows them.
fn step_of(from: &Connection) -> Result<Option<usize>, StoreError> {
    let found: i64 = from.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let found = usize::try_from(found).unwrap_or(0);
    let device = from
        .query_row("SELECT 1 FROM device", [], |_| Ok(()))
        .optional()?;
    Ok((found > 0 && found <= LocalFile::STEPS.len() && device.is_some()).then_some(found))
}

fn bring_to(to: &mut Connection, steps: &[Step]) -> Result<(), StoreError> {
    migrate(to, LocalFile::NAME, LocalFile::APPLICATION_ID, steps)
}

/// `None` where it is the damage that answers.
fn readable<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(StoreError::Corrupt(_) | StoreError::Sql(_)) => Ok(None),
        Err(other) => Err(other),
    }
}
