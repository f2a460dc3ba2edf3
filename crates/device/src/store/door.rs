//! One door per file: a single writer behind a mutex, readers beside it, transactions as closures.
//! A [`Write`] can do what a [`Read`] can; a reader cannot write, by type and by pragma.

use super::migrate::{Step, migrate};
use super::{StoreError, quarantine, room};
use crate::keystore::MasterKey;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::fmt::Write as _;
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use xunji_protocol::guard::Guard;
use zeroize::Zeroizing;

/// What distinguishes the two files.
pub trait FileOf: Send + Sync + 'static {
    /// File name.
    const NAME: &'static str;
    /// `PRAGMA application_id`.
    const APPLICATION_ID: i32;
    /// `PRAGMA synchronous`.
    const SYNCHRONOUS: &'static str;
    /// The steps of the schema, in order.
    const STEPS: &'static [Step];
}

fn synchronous<F: FileOf>() -> &'static str {
    if Guard::LocalSync.stands() {
        F::SYNCHRONOUS
    } else {
        "OFF"
    }
}

/// An open file of the store.
pub struct Door<F> {
    path: PathBuf,
    key: MasterKey,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    writes: AtomicU64,
    file: PhantomData<F>,
}

/// A read transaction: one consistent state of the file.
pub struct Read<'c, F> {
    pub(in crate::store) sql: &'c Connection,
    file: PhantomData<F>,
}

/// A write transaction. It is durable when the closure's call has returned.
pub struct Write<'c, F> {
    read: Read<'c, F>,
}

impl<'c, F> Deref for Write<'c, F> {
    type Target = Read<'c, F>;
    fn deref(&self) -> &Read<'c, F> {
        &self.read
    }
}

impl<F: FileOf> Door<F> {
    /// Opens the file in a folder, makes it where it does not exist, and brings its schema up. After an
    /// unclean end the whole file is checked before anybody reads it.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the caller is to move it aside; [`StoreError::Newer`] when a newer
    /// program wrote it; the file is not touched in either case.
    pub fn open(folder: &Path, key: &MasterKey) -> Result<Self, StoreError> {
        let path = folder.join(F::NAME);
        // SQLite removes the WAL at a clean end; a mark stays when a run met damage.
        let doubtful =
            path.exists() && (with_suffix(&path, "-wal").exists() || quarantine::is_doubted(&path));
        let mut writer = connect(
            &path,
            key,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )?;
        if doubtful {
            quick_check(&writer)?;
        }
        configure::<F>(&writer)?;
        migrate(&mut writer, F::NAME, F::APPLICATION_ID, F::STEPS)?;
        Ok(Self {
            path,
            key: key.clone(),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            writes: AtomicU64::new(0),
            file: PhantomData,
        })
    }

    /// Runs a write transaction; every error undoes all of it.
    ///
    /// # Errors
    /// Those of the closure and of the commit.
    pub fn write<T, E: From<StoreError>>(
        &self,
        act: impl FnOnce(&Write<'_, F>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = lock(&self.writer);
        let tx = writer
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|e| E::from(self.met(e)))?;
        let done = act(&Write {
            read: Read {
                sql: &tx,
                file: PhantomData,
            },
        });
        if is_spoilt(&tx) {
            drop(tx);
            if let Ok(fresh) = self.writer_anew() {
                *writer = fresh;
            }
            return Err(E::from(self.spoilt()));
        }
        let done = done?;
        tx.commit().map_err(|e| E::from(self.met(e)))?;
        self.writes.fetch_add(1, Ordering::Release);
        Ok(done)
    }

    /// Runs a read transaction.
    ///
    /// # Errors
    /// Those of the closure and of the file.
    pub fn read<T, E: From<StoreError>>(
        &self,
        act: impl FnOnce(&Read<'_, F>) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = lock(&self.readers).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => self.reader().map_err(E::from)?,
        };
        let done = {
            let tx = Transaction::new_unchecked(&reader, TransactionBehavior::Deferred)
                .map_err(|e| E::from(self.met(e)))?;
            act(&Read {
                sql: &tx,
                file: PhantomData,
            })
        };
        if is_spoilt(&reader) {
            return Err(E::from(self.spoilt()));
        }
        lock(&self.readers).push(reader);
        done
    }

    /// Makes room for the last saves on a full disk, where it is not there yet.
    ///
    /// # Errors
    /// [`StoreError::Full`] when the disk is full already; the file is as usable as before.
    pub fn keep_room(&self) -> Result<(), StoreError> {
        room::keep(&lock(&self.writer), &with_suffix(&self.path, "-wal"))
    }

    /// How often this process has written the file: what was derived from it is stale once this differs.
    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::Acquire)
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Limits the file's size in pages, to meet a full disk in tests.
    ///
    /// # Errors
    /// Those of SQLite.
    #[doc(hidden)]
    pub fn limit_pages(&self, pages: u32) -> Result<(), StoreError> {
        lock(&self.writer).execute_batch(&format!("PRAGMA max_page_count = {pages}"))?;
        Ok(())
    }

    /// A page did not read. What the connection gives after that are zeros, and no error: it is not used again.
    fn spoilt(&self) -> StoreError {
        quarantine::doubt(&self.path);
        StoreError::Corrupt("a page does not read".to_owned())
    }

    fn writer_anew(&self) -> Result<Connection, StoreError> {
        let writer = connect(&self.path, &self.key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        configure::<F>(&writer)?;
        Ok(writer)
    }

    fn reader(&self) -> Result<Connection, StoreError> {
        let reader = connect(&self.path, &self.key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        reader.execute_batch("PRAGMA query_only = ON; PRAGMA foreign_keys = ON;")?;
        Ok(reader)
    }

    /// Maps an error and leaves a mark where it was damage, so that the next start checks the file.
    fn met(&self, error: rusqlite::Error) -> StoreError {
        let error = StoreError::from(error);
        if matches!(error, StoreError::Corrupt(_)) {
            quarantine::doubt(&self.path);
        }
        error
    }
}

pub(in crate::store) fn connect(
    path: &Path,
    key: &MasterKey,
    flags: OpenFlags,
) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let mut pragma = Zeroizing::new(String::from("PRAGMA key = \"x'"));
    for byte in key.iter() {
        let _ = write!(pragma, "{byte:02x}");
    }
    pragma.push_str("'\"");
    connection.execute_batch(&pragma)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    // The first read of a page shows whether the key fits and the file is a database at all.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    Ok(connection)
}

/// On Apple's systems a plain fsync leaves bytes in the drive; elsewhere the two words mean nothing.
fn configure<F: FileOf>(writer: &Connection) -> Result<(), StoreError> {
    Ok(writer.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {}; PRAGMA foreign_keys = ON;
         PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;",
        synchronous::<F>()
    ))?)
}

/// Whether a page that was asked for on this connection was not what had been written.
pub(in crate::store) fn is_spoilt(connection: &Connection) -> bool {
    let status = connection.query_row("PRAGMA cipher_status", [], |row| row.get::<_, String>(0));
    status.is_ok_and(|status| status == "0")
}

/// Whether one of the two files in a folder opens with a key. Nothing is written.
pub fn opens(folder: &Path, key: &MasterKey) -> bool {
    use super::local::LocalFile;
    use super::mirror::MirrorFile;
    [LocalFile::NAME, MirrorFile::NAME].iter().any(|name| {
        let path = folder.join(name);
        path.exists() && connect(&path, key, OpenFlags::SQLITE_OPEN_READ_ONLY).is_ok()
    })
}

fn quick_check(connection: &Connection) -> Result<(), StoreError> {
    let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if said == "ok" {
        Ok(())
    } else {
        Err(StoreError::Corrupt(said))
    }
}

/// A panicking closure has been rolled back by the transaction's drop, so the connection is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(in crate::store) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
