//! Who this phone is: its key, its server, its enrolment.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{from_json, id_at, to_json};
use rusqlite::{OptionalExtension as _, params};
use xunji_domain::ids::DeviceId;
use xunji_protocol::steps::enrol::EnrolAnswer;
use zeroize::Zeroizing;

/// The one row.
#[derive(Clone, Debug)]
pub struct DeviceRow {
    /// Id, across all logs.
    pub device: DeviceId,
    /// Ed25519 seed of the device key.
    pub seed: Zeroizing<[u8; 32]>,
    /// Where the server is; empty before the first attempt to enrol.
    pub server_url: String,
    /// What the server answered; `None` before enrolment.
    pub enrolled: Option<EnrolAnswer>,
}

/// The row; `None` on a phone that never tried to enrol.
///
/// # Errors
/// Those of the file.
pub fn get(read: &Read<'_>) -> Result<Option<DeviceRow>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT device, device_seed, server_url, enrolled FROM device")?;
    let row = query
        .query_row([], |row| {
            Ok((
                id_at(row, 0)?,
                row.get(1)?,
                row.get(2)?,
                row.get::<_, String>(3)?,
            ))
        })
        .optional()?;
    let Some((device, seed, server_url, enrolled)) = row else {
        return Ok(None);
    };
    Ok(Some(DeviceRow {
        device: DeviceId(device),
        seed: Zeroizing::new(seed),
        server_url,
        enrolled: enrolled_of(&enrolled)?,
    }))
}

/// What the column of that name holds.
pub(in crate::store) fn enrolled_of(text: &str) -> Result<Option<EnrolAnswer>, StoreError> {
    match text {
        "" => Ok(None),
        text => from_json("device.enrolled", text).map(Some),
    }
}

/// Keeps the row.
///
/// # Errors
/// Those of the file.
pub fn put(write: &Write<'_>, row: &DeviceRow) -> Result<(), StoreError> {
    let enrolled = match &row.enrolled {
        None => String::new(),
        Some(answer) => to_json("device.enrolled", answer)?,
    };
    write.sql.execute(
        "INSERT INTO device (one, device, device_seed, server_url, enrolled) VALUES (1, ?1, ?2, ?3, ?4)
         ON CONFLICT (one) DO UPDATE SET device = excluded.device, device_seed = excluded.device_seed,
             server_url = excluded.server_url, enrolled = excluded.enrolled",
        params![row.device.as_bytes(), row.seed.as_slice(), row.server_url, enrolled],
    )?;
    Ok(())
}
