//! Devices: one-time codes, enrolment, logs with their short codes, tokens.

use super::columns::{count, id, json, optional_id, to_json};
use super::error::StoreError;
use super::store::Store;
use super::{epochs, load};
use rusqlite::{Connection, OptionalExtension as _, params};
use xunji_domain::ids::{BureauId, DeviceId, LogId, StationId};
use xunji_domain::org::Station;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::PublicKey;
use xunji_protocol::state::STATION;
use xunji_protocol::steps::enrol::EnrolRequest;

/// A phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Id.
    pub device: DeviceId,
    /// Station it works for.
    pub station: StationId,
    /// Key that signs hello.
    pub key: PublicKey,
    /// Not revoked.
    pub active: bool,
}

/// How an enrolment ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enrolled {
    /// The answer's exact bytes.
    Answer(Vec<u8>),
    /// The code is wrong, used or too old.
    BadCode,
    /// Device or log are known with other keys.
    Taken,
}

/// What an answer is made of, beside what the request says.
pub struct Given {
    /// The station of the code.
    pub station: Station,
    /// The log's short code.
    pub short_code: String,
}

/// Makes certificate and answer bytes.
pub type MakeAnswer = dyn Fn(&Given) -> Result<(String, Vec<u8>), StoreError> + Send;

/// Stations by name or code.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn station(
    store: &Store,
    bureau: BureauId,
    name_or_code: String,
) -> Result<Option<StationId>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT station FROM station WHERE bureau = ?1 AND (name = ?2 OR code = ?2)",
        )?;
        let found = statement.query_row(params![bureau.as_bytes(), name_or_code], |row| {
            Ok(StationId(id(row, 0)?))
        });
        Ok(found.optional()?)
    })
}

/// Keeps a one-time code by its digest.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn add_code(
    store: &Store,
    bureau: BureauId,
    code: Digest,
    station: StationId,
    expires_at: Millis,
) -> Result<(), StoreError> {
    store.write(move |db| {
        db.execute(
            "INSERT INTO enrol_code (bureau, code, station, expires_at) VALUES (?1, ?2, ?3, ?4)",
            params![bureau.as_bytes(), code.0, station.as_bytes(), expires_at.0],
        )?;
        Ok(())
    })
}

/// Enrols a device in one transaction. The same request with the same code gets the same bytes
/// again: its answer may have been lost on the way.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn enrol(
    store: &Store,
    bureau: BureauId,
    code: Digest,
    request: EnrolRequest,
    now: Millis,
    make: Box<MakeAnswer>,
) -> Result<Enrolled, StoreError> {
    store.write(move |db| {
        let asked = Digest::of(to_json(&request)?.as_bytes());
        let mut statement = db.prepare_cached(
            "SELECT station, expires_at, request, answer FROM enrol_code WHERE bureau = ?1 AND code = ?2",
        )?;
        let row = statement.query_row(params![bureau.as_bytes(), code.0], |row| {
            let used = row.get::<_, Option<[u8; 32]>>(2)?;
            Ok((StationId(id(row, 0)?), row.get::<_, i64>(1)?, used, row.get::<_, Option<Vec<u8>>>(3)?))
        });
        match row.optional()? {
            Some((_, _, Some(used), Some(answer))) if used == asked.0 => Ok(Enrolled::Answer(answer)),
            Some((station, expires_at, None, _)) if now.0 < expires_at => {
                let Some(short_code) = admit(db, bureau, station, &request)? else {
                    return Ok(Enrolled::Taken);
                };
                let station = load::state(db, bureau, STATION, station.0)?.1.ok_or(StoreError::Corrupt("station"))?;
                let (certificate, answer) = make(&Given { station, short_code })?;
                keep(db, bureau, code, asked, &request, now, &certificate, &answer)?;
                Ok(Enrolled::Answer(answer))
            }
            _ => Ok(Enrolled::BadCode),
        }
    })
}

/// Takes device and log in and gives the log its short code; `None` when their ids are taken.
fn admit(
    db: &Connection,
    bureau: BureauId,
    station: StationId,
    request: &EnrolRequest,
) -> Result<Option<String>, StoreError> {
    if device(db, bureau, request.device)?
        .is_some_and(|known| known.key != request.device_key || !known.active)
    {
        return Ok(None);
    }
    let mut statement = db.prepare_cached(
        "SELECT device, station, public_key, short_code FROM log WHERE bureau = ?1 AND log = ?2",
    )?;
    let known = statement.query_row(params![bureau.as_bytes(), request.log.as_bytes()], |row| {
        let owner = (optional_id(row, 0)?, optional_id(row, 1)?);
        Ok((owner, json::<PublicKey>(row, 2)?, row.get::<_, String>(3)?))
    });
    if let Some((owner, key, short_code)) = known.optional()? {
        let same = owner == (Some(request.device.0), Some(station.0)) && key == request.log_key;
        return Ok(same.then_some(short_code));
    }
    let short_code = free_code(db, bureau, station)?;
    let log = NewLog {
        log: request.log,
        key: &request.log_key,
        device: request.device,
        station,
    };
    insert_log(db, bureau, &log, &short_code)?;
    Ok(Some(short_code))
}

/// A phone's log on its way into the store.
pub(super) struct NewLog<'a> {
    /// Its id.
    pub log: LogId,
    /// Its key.
    pub key: &'a PublicKey,
    /// Whose it is.
    pub device: DeviceId,
    /// The phone's station.
    pub station: StationId,
}

/// Keeps a log under a code that no other log of its station has.
pub(super) fn insert_log(
    db: &Connection,
    bureau: BureauId,
    log: &NewLog<'_>,
    short_code: &str,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO log (bureau, log, owner, device, station, public_key, short_code, head_hash)
         VALUES (?1, ?2, 'device', ?3, ?4, ?5, ?6, ?7)",
        params![
            bureau.as_bytes(),
            log.log.as_bytes(),
            log.device.as_bytes(),
            log.station.as_bytes(),
            to_json(log.key)?,
            short_code,
            Digest::ZERO.0
        ],
    )?;
    Ok(())
}

/// The next code of a station that was never given, as far as can be known: each epoch skips some, because
/// the time that was lost may have given them.
pub(super) fn free_code(
    db: &Connection,
    bureau: BureauId,
    station: StationId,
) -> Result<String, StoreError> {
    let given = db
        .prepare_cached("SELECT count(*) FROM log WHERE bureau = ?1 AND station = ?2")?
        .query_row(params![bureau.as_bytes(), station.as_bytes()], |row| {
            count(row, 0)
        })?;
    let skipped = epochs::opened(db, bureau)? * epochs::CODES_SKIPPED;
    let first = u32::try_from(given + skipped).unwrap_or(u32::MAX);
    for n in first..=u32::MAX {
        let Some(code) = short_code(n) else {
            break;
        };
        if !is_taken(db, bureau, station, &code)? {
            return Ok(code);
        }
    }
    Err(StoreError::Corrupt("short code"))
}

/// Whether a log of the station has this code.
pub(super) fn is_taken(
    db: &Connection,
    bureau: BureauId,
    station: StationId,
    code: &str,
) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached("SELECT 1 FROM log WHERE bureau = ?1 AND station = ?2 AND short_code = ?3")?
        .exists(params![bureau.as_bytes(), station.as_bytes(), code])?)
}

#[allow(clippy::too_many_arguments, reason = "the columns of two rows")]
fn keep(
    db: &Connection,
    bureau: BureauId,
    code: Digest,
    asked: Digest,
    request: &EnrolRequest,
    now: Millis,
    certificate: &str,
    answer: &[u8],
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO device (bureau, device, station, public_key, certificate, state, enrolled_at)
         SELECT ?1, ?2, station, ?3, ?4, 'active', ?5 FROM enrol_code WHERE bureau = ?1 AND code = ?6
         ON CONFLICT (bureau, device) DO UPDATE SET station = excluded.station, certificate = excluded.certificate",
        params![
            bureau.as_bytes(),
            request.device.as_bytes(),
            to_json(&request.device_key)?,
            certificate,
            now.0,
            code.0
        ],
    )?;
    db.execute(
        "UPDATE enrol_code SET device = ?3, request = ?4, answer = ?5 WHERE bureau = ?1 AND code = ?2",
        params![bureau.as_bytes(), code.0, request.device.as_bytes(), asked.0, answer],
    )?;
    Ok(())
}

/// The n-th short code of a station, from 0: 01 … 99, then A0 … ZZ, then A00 … ZZZ.
fn short_code(given: u32) -> Option<String> {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const PAIRS: u32 = 26 * 36;
    let digit = |n: u32| {
        usize::try_from(n)
            .ok()
            .and_then(|n| DIGITS.get(n))
            .map(|b| char::from(*b))
    };
    if given < 99 {
        return Some(format!("{:02}", given + 1));
    }
    let n = given - 99;
    if n < PAIRS {
        return Some(format!("{}{}", digit(n / 36 + 10)?, digit(n % 36)?));
    }
    let n = n - PAIRS;
    let (high, middle, low) = (n / (36 * 36) + 10, n / 36 % 36, n % 36);
    Some(format!("{}{}{}", digit(high)?, digit(middle)?, digit(low)?))
}

/// Opens the bureau's own log; a second call changes nothing.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn open_bureau_log(
    store: &Store,
    bureau: BureauId,
    log: LogId,
    key: PublicKey,
) -> Result<(), StoreError> {
    store.write(move |db| {
        db.execute(
            "INSERT INTO log (bureau, log, owner, public_key, short_code, head_hash) VALUES (?1, ?2, 'bureau', ?3, '', ?4)
             ON CONFLICT (bureau, log) DO NOTHING",
            params![bureau.as_bytes(), log.as_bytes(), to_json(&key)?, Digest::ZERO.0],
        )?;
        Ok(())
    })
}

/// One device.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn find_device(
    store: &Store,
    bureau: BureauId,
    wanted: DeviceId,
) -> Result<Option<Device>, StoreError> {
    store.read(move |db| device(db, bureau, wanted))
}

fn device(
    db: &Connection,
    bureau: BureauId,
    wanted: DeviceId,
) -> Result<Option<Device>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT station, public_key, state FROM device WHERE bureau = ?1 AND device = ?2",
    )?;
    let row = statement.query_row(params![bureau.as_bytes(), wanted.as_bytes()], |row| {
        let state: String = row.get(2)?;
        Ok(Device {
            device: wanted,
            station: StationId(id(row, 0)?),
            key: json(row, 1)?,
            active: state == "active",
        })
    });
    Ok(row.optional()?)
}

/// The logs of a device, oldest code first.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn logs(store: &Store, bureau: BureauId, device: DeviceId) -> Result<Vec<LogId>, StoreError> {
    store.read(move |db| {
        let mut statement = db
            .prepare_cached("SELECT log FROM log WHERE bureau = ?1 AND device = ?2 ORDER BY log")?;
        let rows = statement.query_map(params![bureau.as_bytes(), device.as_bytes()], |row| {
            Ok(LogId(id(row, 0)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// Keeps a token by its digest, forgets those that ended, notes that the device was here.
///
/// # Errors
/// [`StoreError`] of the write.
pub fn add_token(
    store: &Store,
    bureau: BureauId,
    token: Digest,
    device: DeviceId,
    now: Millis,
    until: Millis,
) -> Result<(), StoreError> {
    store.write(move |db| {
        db.execute(
            "DELETE FROM token WHERE bureau = ?1 AND until <= ?2",
            params![bureau.as_bytes(), now.0],
        )?;
        db.execute(
            "INSERT INTO token (bureau, token, device, until) VALUES (?1, ?2, ?3, ?4)",
            params![bureau.as_bytes(), token.0, device.as_bytes(), until.0],
        )?;
        db.execute(
            "UPDATE device SET seen_at = ?3 WHERE bureau = ?1 AND device = ?2",
            params![bureau.as_bytes(), device.as_bytes(), now.0],
        )?;
        Ok(())
    })
}

/// The device that holds a token, while it is valid.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn by_token(
    store: &Store,
    bureau: BureauId,
    token: Digest,
    now: Millis,
) -> Result<Option<Device>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT device FROM token WHERE bureau = ?1 AND token = ?2 AND until > ?3",
        )?;
        let holder = statement
            .query_row(params![bureau.as_bytes(), token.0, now.0], |row| {
                Ok(DeviceId(id(row, 0)?))
            })
            .optional()?;
        holder.map_or(Ok(None), |holder| device(db, bureau, holder))
    })
}

/// The public key and device of a log, for checking what is pushed to it.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn log(
    store: &Store,
    bureau: BureauId,
    log: LogId,
) -> Result<Option<crate::decide::LogRow>, StoreError> {
    store.read(move |db| load::log_row(db, bureau, log))
}
