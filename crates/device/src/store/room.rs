//! Room for the last saves: on a full phone the visit in work must still be kept. Pages lie free inside the
//! file and its WAL is as long as it gets between two checkpoints, so that a commit writes over what is this
//! file's already. Beside it lies a file of nothing, given up when even opening meets a full disk.

use super::StoreError;
use crate::clock::Entropy;
use rusqlite::Connection;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use xunji_protocol::guard::Guard;

/// Bytes of a page, SQLCipher's own.
const PAGE: i64 = 4096;
/// Bytes of free pages that the file is to have: some thousand taps, or a dozen of the heaviest records.
const FREE: i64 = 6 << 20;
/// Length of a WAL that holds a thousand pages, where SQLite checkpoints by itself, and one large commit more.
const WAL: u64 = 5 << 20;
/// What is written to make a WAL that long: what stays in the page cache never reaches it.
const FILL: i64 = 9 << 20;
/// Name of the file of nothing.
const SPARE: &str = "spare";
/// Its size: a WAL and its index.
const SPARE_SIZE: usize = 6 << 20;

/// Makes the room where it is not there. Costs nothing where it is.
///
/// # Errors
/// [`StoreError::Full`] when there is no room to be had; the file is as usable as before.
pub(super) fn keep(sql: &Connection, wal: &Path) -> Result<(), StoreError> {
    if !Guard::Room.stands() {
        return Ok(());
    }
    // A kill between two of the steps below leaves the table.
    sql.execute_batch("DROP TABLE IF EXISTS room")?;
    if free(sql)? < FREE / 2 {
        grow_file(sql)
    } else if fs::metadata(wal).map_or(0, |wal| wal.len()) < WAL {
        grow_wal(sql)
    } else {
        Ok(())
    }
}

fn free(sql: &Connection) -> Result<i64, StoreError> {
    let pages: i64 = sql.query_row("PRAGMA freelist_count", [], |row| row.get(0))?;
    Ok(pages * PAGE)
}

/// Two commits: pages that are freed by the commit that took them are never written. The WAL of the first
/// one is as long as both need.
fn grow_file(sql: &Connection) -> Result<(), StoreError> {
    sql.execute_batch(&format!(
        "BEGIN IMMEDIATE; CREATE TABLE room (filler BLOB); INSERT INTO room VALUES (zeroblob({FREE})); COMMIT;
         DROP TABLE room;"
    ))
    .or_else(|error| undone(sql, error))
}

/// Pages of a transaction that outgrows the cache go into the WAL, and stay its when they are taken back.
fn grow_wal(sql: &Connection) -> Result<(), StoreError> {
    sql.execute_batch(&format!(
        "BEGIN IMMEDIATE; CREATE TABLE room (filler BLOB); INSERT INTO room VALUES (zeroblob({FILL})); ROLLBACK;"
    ))
    .or_else(|error| undone(sql, error))
}

fn undone(sql: &Connection, error: rusqlite::Error) -> Result<(), StoreError> {
    if !sql.is_autocommit() {
        sql.execute_batch("ROLLBACK")?;
    }
    Err(error.into())
}

/// Lays the file of nothing into a folder where it is not there. Random bytes: a file system may keep
/// zeros in no room at all.
///
/// # Errors
/// The disk has no room for it.
pub(crate) fn lay_spare(folder: &Path, entropy: &dyn Entropy) -> Result<(), StoreError> {
    let path = folder.join(SPARE);
    if !Guard::Room.stands() || path.exists() {
        return Ok(());
    }
    let mut bytes = vec![0; SPARE_SIZE];
    entropy
        .fill(&mut bytes)
        .map_err(|error| StoreError::Io(std::io::Error::other(error)))?;
    let half = folder.join(format!("{SPARE}.half"));
    let laid = File::create(&half)
        .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&half, &path));
    if laid.is_err() {
        let _ = fs::remove_file(&half);
    }
    Ok(laid?)
}

/// Gives the file of nothing up; whether there was one.
pub(crate) fn give_spare(folder: &Path) -> bool {
    fs::remove_file(folder.join(SPARE)).is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::clock::SystemEntropy;
    use crate::keystore::MasterKey;
    use crate::store::local::Local;

    fn sizes(folder: &Path) -> (u64, u64) {
        let size = |name| fs::metadata(folder.join(name)).map_or(0, |file| file.len());
        (size("local.db"), size("local.db-wal"))
    }

    #[test]
    fn neither_file_nor_wal_grows_by_what_is_saved_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let key = MasterKey::from([7; 32]);
        for start in ["first", "after a clean end", "again"] {
            let local = Local::open(folder.path(), &key).unwrap();
            local.keep_room().unwrap();
            let before = sizes(folder.path());
            assert!(before.1 >= WAL, "{start}: the WAL has {} bytes", before.1);
            for n in 0..200 {
                let text = "满".repeat(500);
                local
                    .write(|w| crate::store::local::settings::set(w, &format!("{start}{n}"), &text))
                    .unwrap();
            }
            assert_eq!(sizes(folder.path()), before, "{start}");
        }
    }

    #[test]
    fn the_file_of_nothing_is_laid_once_and_given_up_once() {
        let folder = tempfile::tempdir().unwrap();
        lay_spare(folder.path(), &SystemEntropy).unwrap();
        lay_spare(folder.path(), &SystemEntropy).unwrap();
        assert!(give_spare(folder.path()));
        assert!(!give_spare(folder.path()));
    }
}
