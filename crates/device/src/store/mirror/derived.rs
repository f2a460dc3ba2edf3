//! What is derived from the states is made again by every other program: a state that an older one could not read
//! stands without keys until then, and nothing is downloaded for it.

use super::{Mirror, Read, Write, inspections, operators};
use crate::store::StoreError;
use crate::store::row::id_at;
use rusqlite::OptionalExtension as _;

/// Makes the keys of every state again where another program than `by` made them; whether it did.
///
/// # Errors
/// Those of the file.
pub fn keep_up(mirror: &Mirror, by: &str) -> Result<bool, StoreError> {
    if mirror.read(made_by)?.as_deref() == Some(by) {
        return Ok(false);
    }
    mirror.write(|write| anew(write, by))?;
    Ok(true)
}

fn made_by(read: &Read<'_>) -> Result<Option<String>, StoreError> {
    Ok(read
        .sql
        .query_row("SELECT by FROM derived WHERE one = 1", [], |row| row.get(0))
        .optional()?)
}

fn anew(write: &Write<'_>, by: &str) -> Result<(), StoreError> {
    write
        .sql
        .execute_batch("DELETE FROM operator_key; DELETE FROM inspection_key;")?;
    let mut query = write.sql.prepare("SELECT kind, id, state FROM record")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (kind, id): (String, _) = (row.get(0)?, id_at(row, 1)?);
        let state = row
            .get_ref(2)?
            .as_blob()
            .map_err(|_| StoreError::Value("record.state"))?;
        operators::derive(write, &kind, id, state)?;
        inspections::derive(write, &kind, id, state)?;
    }
    write.sql.execute(
        "INSERT INTO derived (one, by) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET by = excluded.by",
        [by],
    )?;
    Ok(())
}
