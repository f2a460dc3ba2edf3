//! Keeps SQLite's log short. Its pages are brought into the database by themselves, but the log begins anew only when no
//! reader stands in it, and at a county's busiest hour somebody always reads: measured, 35,000 commits beside seven readers
//! left a log of 2.9 GB, through which every read had to look, at eleven commits a second.

use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes from which on the log is brought in and cut: some 800 commits of a record.
pub(super) const LONGEST: u64 = 64 << 20;
/// How long the writer waits for the readers that stand in the log; those that come read the database itself. Longer reads,
/// a backup or a report, let it grow on and are waited for again later.
const PATIENCE: Duration = Duration::from_millis(250);

/// Looks after the log of one database, from its writer's side.
pub(super) struct LogSize {
    log: PathBuf,
    longest: u64,
    /// When to try: at `longest`, and after an attempt in vain at a quarter of it more.
    at: u64,
    busy: Duration,
}

impl LogSize {
    /// For the database at a path whose writer otherwise waits `busy`.
    pub(super) fn of(database: &Path, longest: u64, busy: Duration) -> Self {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        Self {
            log: log.into(),
            longest,
            at: longest,
            busy,
        }
    }

    /// After a write: brings a log that has become long into the database and cuts it.
    pub(super) fn tend(&mut self, writer: &Connection) {
        let Ok(size) = self.log.metadata().map(|log| log.len()) else {
            return;
        };
        if size < self.at {
            return;
        }
        match self.cut(writer) {
            Ok(true) => self.at = self.longest,
            Ok(false) => {
                self.at = size + self.longest / 4;
                tracing::info!(size, "readers stand in the database's log; it grows on");
            }
            Err(error) => {
                self.at = size + self.longest / 4;
                tracing::warn!(%error, size, "the database's log was not cut");
            }
        }
    }

    fn cut(&self, writer: &Connection) -> rusqlite::Result<bool> {
        writer.busy_timeout(PATIENCE)?;
        let busy = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
            row.get::<_, i64>(0)
        });
        writer.busy_timeout(self.busy)?;
        Ok(busy? == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::LogSize;
    use rusqlite::Connection;
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    const LONGEST: u64 = 1 << 20;

    fn open(path: &Path) -> Connection {
        let connection = Connection::open(path).unwrap();
        connection.busy_timeout(Duration::from_secs(10)).unwrap();
        connection
            .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS t (x BLOB)")
            .unwrap();
        connection
    }

    fn size(database: &Path) -> u64 {
        let log = format!("{}-wal", database.display());
        std::fs::metadata(log).map_or(0, |log| log.len())
    }

    /// Somebody reads at every moment; nobody reads for long.
    fn read_on(database: &Path, ended: &AtomicBool) {
        let mut reader = open(database);
        while !ended.load(Ordering::Relaxed) {
            let reading = reader.transaction().unwrap();
            let _: i64 = reading
                .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
                .unwrap();
            std::thread::sleep(Duration::from_millis(8));
        }
    }

    /// The longest that the log became while `writes` pieces of 64 KiB were written.
    fn longest_of(writes: usize, mut after: impl FnMut(&Connection, &Path)) -> u64 {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("t.db");
        let writer = open(&database);
        let ended = AtomicBool::new(false);
        let mut longest = 0;
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| read_on(&database, &ended));
            }
            for _ in 0..writes {
                writer
                    .execute("INSERT INTO t VALUES (zeroblob(65536))", [])
                    .unwrap();
                after(&writer, &database);
                longest = longest.max(size(&database));
                std::thread::sleep(Duration::from_millis(2));
            }
            ended.store(true, Ordering::Relaxed);
        });
        longest
    }

    #[test]
    fn a_log_stays_short_though_somebody_always_reads() {
        let mut log: Option<LogSize> = None;
        let longest = longest_of(120, |writer, database| {
            log.get_or_insert_with(|| LogSize::of(database, LONGEST, Duration::from_secs(10)))
                .tend(writer);
        });
        assert!(longest < 2 * LONGEST, "{longest} bytes");
        // What it is for: without it the readers keep the log for ever.
        let untended = longest_of(120, |_, _| ());
        assert!(untended > 5 * LONGEST, "{untended} bytes untended");
    }

    #[test]
    fn a_long_reader_is_not_waited_for_and_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("t.db");
        let (writer, mut reader) = (open(&database), open(&database));
        let mut log = LogSize::of(&database, LONGEST, Duration::from_secs(10));
        let write = "INSERT INTO t VALUES (zeroblob(65536))";
        writer.execute(write, []).unwrap();
        let reading = reader.transaction().unwrap();
        let rows = |db: &Connection| -> i64 {
            db.query_row("SELECT count(*) FROM t", [], |row| row.get(0))
                .unwrap()
        };
        assert_eq!(rows(&reading), 1);
        for _ in 0..30 {
            writer.execute(write, []).unwrap();
            log.tend(&writer);
        }
        assert!(size(&database) > LONGEST);
        assert_eq!(rows(&reading), 1, "a moment is a moment");
        drop(reading);
        // Not at once, but with the next quarter that it grows.
        for _ in 0..8 {
            writer.execute(write, []).unwrap();
            log.tend(&writer);
        }
        assert!(size(&database) < LONGEST);
        assert_eq!(rows(&writer), 39);
    }
}
