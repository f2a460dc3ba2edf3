//! The steps of the schema, in order. A step is never changed once released; a newer file than
//! this program knows is refused.

use super::error::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use xunji_protocol::guard::Guard;

/// Every step: its number is its place in this table, from 1.
const STEPS: &[&str] = &[
    include_str!("migrations/001_first.sql"),
    include_str!("migrations/002_files.sql"),
    include_str!("migrations/003_console.sql"),
    include_str!("migrations/004_review.sql"),
    include_str!("migrations/005_uploads.sql"),
    include_str!("migrations/006_epochs.sql"),
    include_str!("migrations/007_backups.sql"),
    include_str!("migrations/008_writers.sql"),
    include_str!("migrations/009_settled.sql"),
    include_str!("migrations/010_erased.sql"),
    include_str!("migrations/011_drafts.sql"),
    include_str!("migrations/012_escrow.sql"),
];

const IMMEDIATE: TransactionBehavior = TransactionBehavior::Immediate;

/// The last step: that of a file this program has served.
pub const NEWEST_STEP: usize = STEPS.len();

/// `XJSV`: marks our files, so that another program's database is not taken for one.
const APPLICATION_ID: i32 = 0x584A_5356;

/// Brings a file to the present step, each step in a transaction of its own.
///
/// # Errors
/// [`StoreError::Newer`] and [`StoreError::Foreign`] before anything is written.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    let found: i64 = connection.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    let application: i32 = connection.query_row("PRAGMA application_id", [], |r| r.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
    if application != APPLICATION_ID && tables > 0 {
        return Err(StoreError::Foreign);
    }
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (step, sql) in (1_i64..).zip(STEPS).filter(|(step, _)| *step > found) {
        let mut transaction = connection.transaction_with_behavior(IMMEDIATE)?;
        let now: i64 = transaction.query_row("PRAGMA user_version", [], |r| r.get(0))?;
        if now < step {
            transaction.execute_batch(sql)?;
            if !Guard::OneStep.stands() {
                transaction.commit()?;
                transaction = connection.transaction_with_behavior(IMMEDIATE)?;
            }
            transaction.pragma_update(None, "user_version", step)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        }
        transaction.commit()?;
    }
    Ok(())
}

/// Whether a file is a county's and at the present step; nothing is written.
///
/// # Errors
/// [`StoreError::Foreign`], [`StoreError::Newer`], [`StoreError::Older`].
pub(super) fn is_present(connection: &Connection) -> Result<(), StoreError> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    let found: i64 = connection.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    let application: i32 = connection.query_row("PRAGMA application_id", [], |r| r.get(0))?;
    if application != APPLICATION_ID {
        return Err(StoreError::Foreign);
    }
    match found.cmp(&known) {
        std::cmp::Ordering::Less => Err(StoreError::Older { found, known }),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(StoreError::Newer { found, known }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use rusqlite::params;

    /// A county as step 3 left it, with one visit whose content reads `content`.
    fn at_step_3(content: &str) -> Connection {
        let db = Connection::open_in_memory().unwrap();
        for sql in STEPS.get(..3).unwrap() {
            db.execute_batch(sql).unwrap();
        }
        db.pragma_update(None, "user_version", 3).unwrap();
        db.pragma_update(None, "application_id", APPLICATION_ID)
            .unwrap();
        db.execute(
            "INSERT INTO inspection (bureau, inspection, operator, station, grid, record_no, day, started_at, state,
               conclusion, version, signed_change, log, received_at, content)
             VALUES (x'01', x'02', x'03', x'04', x'05', 'LT-1', '2026-10-14', 0, 'signed', 'conforming', x'06',
               x'06', x'07', 0, ?1)",
            params![content.as_bytes()],
        )
        .unwrap();
        db
    }

    #[test]
    fn visits_that_stand_get_their_kind_and_length() {
        let reading = |wall: i64, boot: &str, since: i64| {
            format!(r#"{{"wall": {wall}, "boot": "{boot}", "boottime": {since}}}"#)
        };
        let cases = [
            (reading(0, "a", 0), reading(130_900, "a", 130_900), 130),
            // Set back by an hour: the time since boot counts.
            (
                reading(3_600_000, "a", 5),
                reading(600_000, "a", 600_005),
                600,
            ),
            // Restarted in between: only the wall clock is left.
            (reading(0, "a", 9_000_000), reading(60_000, "b", 5), 60),
            (reading(0, "a", 0), "null".to_owned(), 0),
        ];
        for (started, ended, seconds) in cases {
            let content = format!(
                r#"{{"operator": {{"kind": "stall"}}, "started_at": {started}, "ended_at": {ended}}}"#
            );
            let mut db = at_step_3(&content);
            migrate(&mut db).unwrap();
            let found: (String, i64) = db
                .query_row("SELECT kind, seconds FROM inspection", [], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .unwrap();
            assert_eq!(found, ("stall".to_owned(), seconds), "{content}");
        }
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let mut db = at_step_3("{}");
        db.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(
            migrate(&mut db),
            Err(StoreError::Newer { found: 99, .. })
        ));
    }
}
