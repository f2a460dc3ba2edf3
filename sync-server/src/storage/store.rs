//! The door: one writer thread, and read connections beside it. Everything blocks; callers inside
//! async code go through [`crate::app::App::blocking`].

use super::error::StoreError;
use super::log_size::{LONGEST, LogSize};
use super::migrate::migrate;
pub(super) use super::watch::CommitPoint;
use super::watch::{Stop, Watch};
use crate::live::Live;
use rusqlite::{Connection, DropBehavior, OpenFlags, Transaction, TransactionBehavior};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use xunji_protocol::guard::Guard;

/// How long to wait for another process (an `admin` command) that writes.
pub(super) const BUSY: Duration = Duration::from_secs(10);
/// Read connections that are kept open.
const IDLE_READERS: usize = 8;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A store of one or several counties. Clones share the writer.
#[derive(Clone)]
pub struct Store {
    writer: Sender<Job>,
    readers: Arc<Readers>,
    watch: Watch,
    live: Option<Live>,
}

/// Where reads run.
enum Readers {
    /// Connections of their own: they never wait for the writer.
    File {
        path: PathBuf,
        idle: Mutex<Vec<Connection>>,
    },
    /// A store in memory has one connection, the writer's.
    Writer,
}

impl Store {
    /// Opens or makes the database file and brings it to the present step.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Foreign`] leave the file as it is.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        migrate(&mut connection)?;
        let mode: String = connection.query_row("PRAGMA journal_mode=WAL", [], |r| r.get(0))?;
        if mode != "wal" {
            return Err(StoreError::Corrupt("journal mode"));
        }
        let readers = Readers::File {
            path: path.to_owned(),
            idle: Mutex::default(),
        };
        let log = LogSize::of(path, LONGEST, BUSY);
        Self::start(connection, readers, Some(log))
    }

    /// A store in memory: for tests.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        migrate(&mut connection)?;
        Self::start(connection, Readers::Writer, None)
    }

    /// The same store, whose commits are watched: for the conformance suite.
    #[must_use]
    pub fn watched(&self, stop: Arc<Stop>) -> Self {
        Self {
            watch: Watch(Some(stop)),
            ..self.clone()
        }
    }

    /// The same store, whose commits of plans and files are announced.
    #[must_use]
    pub fn announcing(&self, live: Live) -> Self {
        Self {
            live: Some(live),
            ..self.clone()
        }
    }

    /// Announces that something is durable.
    pub(super) fn announce(&self) {
        if let Some(live) = &self.live {
            live.changed();
        }
    }

    pub(super) fn watch(&self) -> Watch {
        self.watch.clone()
    }

    fn start(
        connection: Connection,
        readers: Readers,
        mut log: Option<LogSize>,
    ) -> Result<Self, StoreError> {
        // FULL: a receipt given after COMMIT holds through a power cut, not only through a kill.
        let synchronous = if Guard::CountySync.stands() {
            "FULL"
        } else {
            "OFF"
        };
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let (writer, jobs) = channel::<Job>();
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                let mut connection = connection;
                for job in jobs {
                    // A panic rolls its transaction back and is that caller's alone.
                    let _ = catch_unwind(AssertUnwindSafe(|| job(&mut connection)));
                    if let Some(log) = &mut log {
                        log.tend(&connection);
                    }
                }
            })
            .map_err(|_| StoreError::Closed)?;
        Ok(Self {
            writer,
            readers: Arc::new(readers),
            watch: Watch::default(),
            live: None,
        })
    }

    /// Runs `work` in one IMMEDIATE transaction on the writer thread and answers after COMMIT.
    /// An error rolls everything back.
    ///
    /// # Errors
    /// What `work` says, and [`StoreError::Closed`] when the writer has ended.
    pub(crate) fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.on_writer(move |connection| {
            let transaction = begin(connection)?;
            let value = work(&transaction)?;
            commit(transaction)?;
            Ok(value)
        })
    }

    /// As [`Store::write`], but `None` rolls back: what was read is no longer so.
    pub(super) fn write_unless_stale<T, F>(&self, work: F) -> Result<Option<T>, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<Option<T>, StoreError> + Send + 'static,
    {
        self.on_writer(move |connection| {
            let transaction = begin(connection)?;
            let value = work(&transaction)?;
            match value {
                Some(_) => commit(transaction)?,
                None => roll_back(transaction)?,
            }
            Ok(value)
        })
    }

    /// Runs `work` in one read transaction: all it sees is of one moment.
    ///
    /// # Errors
    /// What `work` says.
    pub(crate) fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let Readers::File { path, idle } = &*self.readers else {
            return self.on_writer(move |connection| {
                let transaction = connection.transaction()?;
                work(&transaction)
            });
        };
        let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match kept {
            Some(connection) => connection,
            None => open_reader(path)?,
        };
        let value = {
            let transaction = connection.transaction()?;
            work(&transaction)?
        };
        let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_READERS {
            idle.push(connection);
        }
        Ok(value)
    }

    /// Runs `work` on the writer's connection, outside any transaction.
    pub(super) fn on_connection<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.on_writer(work)
    }

    fn on_writer<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, answered) = channel();
        let job: Job = Box::new(move |connection| {
            // Nobody listens any more when the caller is gone; the write counts all the same.
            let _ = answer.send(work(connection));
        });
        self.writer.send(job).map_err(|_| StoreError::Closed)?;
        answered.recv().map_err(|_| StoreError::Closed)?
    }
}

fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !Guard::OnePlan.stands() {
        // Every statement is then a transaction of its own.
        transaction.execute_batch("COMMIT")?;
        transaction.set_drop_behavior(DropBehavior::Ignore);
    }
    Ok(transaction)
}

fn commit(transaction: Transaction<'_>) -> rusqlite::Result<()> {
    match Guard::OnePlan.stands() {
        true => transaction.commit(),
        false => Ok(()),
    }
}

fn roll_back(transaction: Transaction<'_>) -> rusqlite::Result<()> {
    match Guard::OnePlan.stands() {
        true => transaction.rollback(),
        false => Ok(()),
    }
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}
