//! The last running number of a day, for record numbers.

use super::Write;
use crate::store::StoreError;
use chrono::NaiveDate;

/// The next number of a day, from 1; a number once given is never given again, also when its draft is
/// never signed.
///
/// # Errors
/// Those of the file.
pub fn next(write: &Write<'_>, day: NaiveDate) -> Result<u32, StoreError> {
    let nn = write.sql.query_row(
        "INSERT INTO number (day, nn) VALUES (?1, 1) ON CONFLICT (day) DO UPDATE SET nn = nn + 1 RETURNING nn",
        [day.to_string()],
        |row| row.get(0),
    )?;
    Ok(nn)
}
