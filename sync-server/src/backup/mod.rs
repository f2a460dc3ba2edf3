//! `backup`: a copy of a running or stopped county, whole or not there at all.
//!
//! ```text
//! DIR.partial/unfinished    held and locked while the copy is made; nothing with it is a backup
//! DIR/county.db             the database as it stood at one moment
//! DIR/keys.json             the county's keys, 0600
//! DIR/blobs/ab/ab12…        the files that this database names
//! DIR/backup.json           written last, after every byte of the copy was read again
//! ```
//!
//! The database comes first and the files after it: a file that came in between is one too many, never
//! one too few. Only the last step, a rename, gives the folder its name.

mod copy;
mod manifest;

pub use manifest::{MANIFEST, Manifest, UNFINISHED};

use crate::app::{App, OpenError};
use crate::config::DataFolder;
use crate::random;
use crate::storage::backups::{self, Ended};
use crate::storage::verify::Found;
use crate::storage::{StoreError, meta};
use crate::verify::{self, CannotVerify};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The county.
    pub data: DataFolder,
    /// Where the copy will lie; nothing lies there yet.
    pub to: PathBuf,
    /// The administrator says that the copy lies on, or is carried to, another machine or disk.
    pub away: bool,
}

/// What was made.
#[derive(Debug)]
pub struct Made {
    /// What looking through the copy showed.
    pub found: Found,
    /// Everything receipted up to this server time is in it.
    pub through: Millis,
    /// It does not lie on the county's own disk: phones are told of it.
    pub away: bool,
    /// Files it holds.
    pub files: u64,
    /// Of these, names of the same bytes on the same disk.
    pub linked: u64,
    /// Bytes of files and database.
    pub bytes: u64,
}

/// Why no backup was made. Nothing of the county was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The county.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The copy could not be looked through.
    #[error(transparent)]
    Verify(#[from] CannotVerify),
    /// Something lies where the copy should.
    #[error("{} is there already; nothing was overwritten, choose another name", .0.display())]
    Taken(PathBuf),
    /// Another backup is being made.
    #[error("another backup is just being made at {}", .0.display())]
    Busy(PathBuf),
    /// No name of a folder.
    #[error("{} does not name a folder that can be made", .0.display())]
    NoName(PathBuf),
    /// The disk.
    #[error("{}: {error}; there is no backup at this place", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

/// Makes the copy, reads every byte of it again, and gives it its name.
///
/// # Errors
/// [`BackupError`]; what was begun lies in `DIR.partial` and is no backup. The next try begins anew.
pub fn make(asked: &Asked, say: &dyn Fn(&str, u64)) -> Result<Made, BackupError> {
    let app = App::open(asked.data.clone(), 0)?;
    of(&app, asked, say)
}

/// [`make`] for a county that is open already.
///
/// # Errors
/// As [`make`].
pub fn of(app: &App, asked: &Asked, say: &dyn Fn(&str, u64)) -> Result<Made, BackupError> {
    let now = || served_now(app);
    let partial = partial_name(&asked.to)?;
    let _lock = begin(&asked.to, &partial)?;
    let id = random::id(now()?).map_err(|e| at(&partial, e))?;
    let begun_at = now()?;
    // What is receipted in this very millisecond may come after the copy.
    let reach = Millis(begun_at.0 - 1);
    backups::begin(&app.store, app.bureau, id, begun_at, reach)?;
    let copy = DataFolder::new(&partial);
    backups::snapshot(&asked.data.database(), &copy.database())?;
    copy::settle(&copy.database()).map_err(|e| at(&copy.database(), e))?;
    let named = backups::named(&copy.database(), app.bureau)?;
    let copied = copy::files(&asked.data.blobs(), &copy.blobs(), &named, say)
        .map_err(|e| at(&copy.blobs(), e))?;
    copy::private(&asked.data.keys(), &copy.keys()).map_err(|e| at(&copy.keys(), e))?;
    let found = verify::look(&copy, say)?;
    let away = asked.away || !copy::same_disk(asked.data.path(), &partial);
    let bytes = copied.bytes + size(&copy.database())?;
    let manifest = Manifest {
        bureau: app.bureau,
        identity: app.keys.identity.clone(),
        epoch: app.epoch(),
        made_at: begun_at,
        through: reach,
        database: hash(&copy.database())?,
        files: copied.files,
        bytes,
        whole: found.is_whole(),
    };
    finish(&partial, &asked.to, &manifest)?;
    let ended = Ended {
        at: now()?,
        whole: found.is_whole(),
        away,
        files: copied.files,
        bytes,
    };
    let through = backups::end(&app.store, app.bureau, id, ended)?;
    Ok(Made {
        found,
        through,
        away,
        files: copied.files,
        linked: copied.linked,
        bytes,
    })
}

/// The time of the process that serves this county: receipts carry it.
fn served_now(app: &App) -> Result<Millis, StoreError> {
    let offset = meta::get(&app.store, app.bureau, meta::CLOCK_OFFSET)?;
    let offset = offset.and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(Millis(app.clock.now().0.saturating_add(offset)))
}

fn at(path: &Path, error: io::Error) -> BackupError {
    BackupError::Io {
        path: path.to_owned(),
        error,
    }
}

fn partial_name(to: &Path) -> Result<PathBuf, BackupError> {
    let name = to.file_name().ok_or(BackupError::NoName(to.to_owned()))?;
    let mut name = name.to_owned();
    name.push(".partial");
    Ok(to.with_file_name(name))
}

/// An empty folder beside the place of the backup, marked and locked.
fn begin(to: &Path, partial: &Path) -> Result<File, BackupError> {
    let empty = fs::read_dir(to).is_ok_and(|mut inside| inside.next().is_none());
    if !empty && to.symlink_metadata().is_ok() {
        return Err(BackupError::Taken(to.to_owned()));
    }
    DataFolder::new(partial)
        .create()
        .map_err(|e| at(partial, e))?;
    let mark = partial.join(UNFINISHED);
    let held = File::create(&mark).map_err(|e| at(&mark, e))?;
    match held.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(BackupError::Busy(partial.to_owned())),
        Err(TryLockError::Error(e)) => return Err(at(&mark, e)),
    }
    held.sync_all().map_err(|e| at(&mark, e))?;
    copy::empty(partial, UNFINISHED).map_err(|e| at(partial, e))?;
    Ok(held)
}

/// From here on it is a backup: what it says of itself, then its name.
fn finish(partial: &Path, to: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let parent = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let done = manifest
        .write(partial)
        .and_then(|()| fs::remove_file(partial.join(UNFINISHED)))
        .and_then(|()| copy::settle(partial))
        .and_then(|()| fs::rename(partial, to))
        .and_then(|()| copy::settle(parent));
    done.map_err(|e| at(to, e))
}

fn size(path: &Path) -> Result<u64, BackupError> {
    Ok(fs::metadata(path).map_err(|e| at(path, e))?.len())
}

fn hash(path: &Path) -> Result<Digest, BackupError> {
    let file = File::open(path).map_err(|e| at(path, e))?;
    crate::blobs::hash(file).map_err(|e| at(path, e))
}
