//! The steps of the schema, in order. A step is never changed once released; a newer file than
//! this program knows is refused.

use super::error::StoreError;
use rusqlite::Connection;

/// Every step: its number is its place in this table, from 1.
const STEPS: &[&str] = &[
    include_str!("migrations/001_first.sql"),
    include_str!("migrations/002_files.sql"),
    include_str!("migrations/003_console.sql"),
    include_str!("migrations/004_review.sql"),
];

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
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let now: i64 = transaction.query_row("PRAGMA user_version", [], |r| r.get(0))?;
        if now < step {
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", step)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        }
        transaction.commit()?;
    }
    Ok(())
}
