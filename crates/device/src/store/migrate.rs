//! The schema as a table of steps. A step's number is its place; its checksum is kept, so that a step
//! that was changed after release is noticed. Everything happens in one transaction.

use super::StoreError;
use rusqlite::{Connection, TransactionBehavior, params};
use xunji_protocol::digest::Digest;
use xunji_protocol::guard::Guard;

/// One step of a schema.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Name, for people.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

/// Brings a file from whatever step it has to the last one.
///
/// # Errors
/// [`StoreError::Newer`] for a file of a newer program, [`StoreError::OtherHistory`] for a gap or a
/// changed step; the file stays as it was.
pub(in crate::store) fn migrate(
    connection: &mut Connection,
    file: &'static str,
    application_id: i32,
    steps: &[Step],
) -> Result<(), StoreError> {
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(StoreError::Newer { file, found, known });
    }
    let id: i32 = tx.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if found > 0 && id != application_id {
        return Err(StoreError::OtherHistory { file, step: 0 });
    }
    tx.execute_batch(
        "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT",
    )?;
    for (number, step) in (1_u32..).zip(steps) {
        let checksum = Digest::of(step.sql.as_bytes()).to_hex();
        if number <= found {
            check_kept(&tx, file, number, &checksum)?;
        } else {
            tx.execute_batch(step.sql)?;
            tx.execute(
                "INSERT INTO migration (number, name, checksum) VALUES (?1, ?2, ?3)",
                params![number, step.name, checksum],
            )?;
        }
    }
    let tx = if Guard::OneStep.stands() {
        tx
    } else {
        tx.commit()?;
        connection.transaction_with_behavior(TransactionBehavior::Immediate)?
    };
    if found < known {
        tx.pragma_update(None, "application_id", application_id)?;
        tx.pragma_update(None, "user_version", known)?;
    }
    tx.commit()?;
    Ok(())
}

fn check_kept(
    connection: &Connection,
    file: &'static str,
    step: u32,
    checksum: &str,
) -> Result<(), StoreError> {
    let mut query = connection.prepare("SELECT checksum FROM migration WHERE number = ?1")?;
    let kept: Vec<String> = query
        .query_map([step], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if kept.first().is_some_and(|k| k == checksum) {
        return Ok(());
    }
    Err(StoreError::OtherHistory { file, step })
}
