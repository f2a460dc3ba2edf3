//! Phones and logs that this store does not know and that can prove themselves: a phone by the
//! certificate it was enrolled with, a log by the phone that shows it.

use super::columns::{id, to_json};
use super::enrolment::{NewLog, free_code, insert_log, is_taken};
use super::error::StoreError;
use super::store::Store;
use rusqlite::{Connection, OptionalExtension as _, params};
use xunji_domain::ids::{BureauId, DeviceId, StationId};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::log::LogHead;
use xunji_protocol::steps::enrol::Certificate;
use xunji_protocol::steps::hello::{MAX_LOGS, ShownLog, ToldLog};

/// How the logs of a phone were taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// What the store holds of each, in the order shown.
    Logs(Vec<ToldLog>),
    /// One of them is somebody else's, or stands under another key.
    Foreign,
    /// There are more of them than a phone may have.
    TooMany,
}

/// Takes in a phone that was enrolled with this certificate, already verified. One that is known stays as it
/// is: nothing that was decided about it is taken back.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn device(
    store: &Store,
    bureau: BureauId,
    certificate: Certificate,
    verbatim: String,
    now: Millis,
) -> Result<(), StoreError> {
    store.write(move |db| {
        db.execute(
            "INSERT INTO device (bureau, device, station, public_key, certificate, state, enrolled_at)
             VALUES (?1, ?2, ?3, ?4, ?5, 'active', ?6) ON CONFLICT (bureau, device) DO NOTHING",
            params![
                bureau.as_bytes(),
                certificate.device.as_bytes(),
                certificate.station.as_bytes(),
                to_json(&certificate.device_key)?,
                verbatim,
                now.0
            ],
        )?;
        Ok(())
    })
}

/// Takes in those logs of a phone that are not known yet and says what is held of each. A code that
/// another log of the station has by now is replaced.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn logs(
    store: &Store,
    bureau: BureauId,
    device: DeviceId,
    station: StationId,
    shown: Vec<ShownLog>,
) -> Result<Admitted, StoreError> {
    store.write(move |db| {
        let mut told = Vec::with_capacity(shown.len());
        for log in &shown {
            match row(db, bureau, log)? {
                Some(row) if row.device == Some(device) && row.key == to_json(&log.key)? => {}
                Some(_) => return Ok(Admitted::Foreign),
                None if count(db, bureau, device)? >= MAX_LOGS => return Ok(Admitted::TooMany),
                None => admit(db, bureau, device, station, log)?,
            }
            let row = row(db, bureau, log)?.ok_or(StoreError::Corrupt("log"))?;
            told.push(say(db, bureau, log, row)?);
        }
        Ok(Admitted::Logs(told))
    })
}

struct KnownLog {
    device: Option<DeviceId>,
    key: String,
    short_code: String,
    head: LogHead,
    branched: bool,
}

fn row(
    db: &Connection,
    bureau: BureauId,
    shown: &ShownLog,
) -> Result<Option<KnownLog>, StoreError> {
    let log = shown.head.log;
    let mut statement = db.prepare_cached(
        "SELECT device, public_key, short_code, head_seq, head_hash, branched FROM log WHERE bureau = ?1 AND log = ?2",
    )?;
    let row = statement.query_row(params![bureau.as_bytes(), log.as_bytes()], |row| {
        Ok(KnownLog {
            device: super::columns::optional_id(row, 0)?.map(DeviceId),
            key: row.get(1)?,
            short_code: row.get(2)?,
            head: LogHead {
                log,
                seq: super::columns::count(row, 3)?,
                hash: super::columns::digest(row, 4)?,
            },
            branched: row.get(5)?,
        })
    });
    Ok(row.optional()?)
}

fn count(db: &Connection, bureau: BureauId, device: DeviceId) -> Result<usize, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT log FROM log WHERE bureau = ?1 AND device = ?2")?;
    let rows = statement.query_map(params![bureau.as_bytes(), device.as_bytes()], |row| {
        id(row, 0)
    })?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.len())
}

fn admit(
    db: &Connection,
    bureau: BureauId,
    device: DeviceId,
    station: StationId,
    log: &ShownLog,
) -> Result<(), StoreError> {
    let wished = &log.short_code;
    let code = if wished.is_empty() || is_taken(db, bureau, station, wished)? {
        free_code(db, bureau, station)?
    } else {
        wished.clone()
    };
    let new = NewLog {
        log: log.head.log,
        key: &log.key,
        device,
        station,
    };
    insert_log(db, bureau, &new, &code)
}

fn say(
    db: &Connection,
    bureau: BureauId,
    shown: &ShownLog,
    row: KnownLog,
) -> Result<ToldLog, StoreError> {
    let on_line = shown.head.seq == 0 || shown.head.seq > row.head.seq || {
        let ours: Option<[u8; 32]> = db
            .prepare_cached(
                "SELECT hash FROM change WHERE bureau = ?1 AND log = ?2 AND main = 1 AND seq = ?3",
            )?
            .query_row(
                params![
                    bureau.as_bytes(),
                    row.head.log.as_bytes(),
                    super::columns::to_column(shown.head.seq)
                ],
                |row| row.get(0),
            )
            .optional()?;
        ours.map(Digest) == Some(shown.head.hash)
    };
    let held = shown.receipted.seq == 0
        || db
            .prepare_cached("SELECT 1 FROM change WHERE bureau = ?1 AND hash = ?2")?
            .exists(params![bureau.as_bytes(), shown.receipted.hash.0])?;
    Ok(ToldLog {
        head: row.head,
        on_line,
        held,
        branched: row.branched,
        short_code: row.short_code,
    })
}
