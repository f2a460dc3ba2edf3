//! Phones: the certificate is the bureau's word for device, key and station; what was given at
//! enrolment is kept verbatim and names the log's short code.

use super::{Against, Found, Kind, each, never};
use crate::storage::columns::{id, to_json};
use crate::storage::error::StoreError;
use rusqlite::{Connection, params};
use uuid::Uuid;
use xunji_domain::ids::{DeviceId, StationId};
use xunji_protocol::keys::{SignedStatement, public_key};
use xunji_protocol::steps::enrol::{CERTIFICATE_CONTEXT, Certificate, EnrolAnswer};

pub(super) fn check(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
) -> Result<(), StoreError> {
    certificates(db, against, found)?;
    given(db, against, found)?;
    never(
        db,
        found,
        against.keys.bureau.as_bytes(),
        &[
            (
                Kind::Device,
                "no such phone, though a log names it",
                "SELECT hex(l.device) FROM log l LEFT JOIN device d ON d.bureau = l.bureau AND d.device = l.device
                 WHERE l.bureau = ?1 AND l.owner = 'device' AND d.device IS NULL",
            ),
            (
                Kind::Device,
                "is enrolled and has no log",
                "SELECT hex(d.device) FROM device d LEFT JOIN log l ON l.bureau = d.bureau AND l.device = d.device
                 WHERE d.bureau = ?1 AND l.log IS NULL",
            ),
        ],
    )
}

struct Phone {
    device: Uuid,
    station: Uuid,
    key: String,
    certificate: String,
}

fn certificates(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
) -> Result<(), StoreError> {
    let root = [public_key(&against.keys.root)];
    let bureau = against.keys.bureau;
    each(
        db,
        found,
        (
            Kind::Device,
            "SELECT device, station, public_key, certificate FROM device WHERE bureau = ?1 ORDER BY device",
        ),
        params![bureau.as_bytes()],
        |row| {
            Ok(Phone {
                device: id(row, 0)?,
                station: id(row, 1)?,
                key: row.get(2)?,
                certificate: row.get(3)?,
            })
        },
        |found, phone| {
            let opened =
                SignedStatement(phone.certificate).open::<Certificate>(&root, CERTIFICATE_CONTEXT);
            let holds = opened.is_ok_and(|said| {
                said.bureau == bureau
                    && said.device == DeviceId(phone.device)
                    && said.station == StationId(phone.station)
                    && to_json(&said.device_key).is_ok_and(|key| key == phone.key)
            });
            found.must(
                holds,
                Kind::Device,
                || phone.device.to_string(),
                "its certificate is not the bureau's, or says other than its row",
            );
        },
    )
}

/// Every answer to an enrolment still has its log, with the station and short code that were given.
fn given(db: &Connection, against: &Against<'_>, found: &mut Found) -> Result<(), StoreError> {
    let bureau = against.keys.bureau;
    let mut logs = db.prepare_cached(
        "SELECT 1 FROM log WHERE bureau = ?1 AND device = ?2 AND station = ?3 AND short_code = ?4",
    )?;
    each(
        db,
        found,
        (
            Kind::Device,
            "SELECT device, answer FROM enrol_code WHERE bureau = ?1 AND answer IS NOT NULL",
        ),
        params![bureau.as_bytes()],
        |row| Ok((id(row, 0)?, row.get::<_, Vec<u8>>(1)?)),
        |found, (device, answer)| {
            let holds = serde_json::from_slice::<EnrolAnswer>(&answer).is_ok_and(|said| {
                let key = params![
                    bureau.as_bytes(),
                    device.as_bytes(),
                    said.station.as_bytes(),
                    said.short_code
                ];
                logs.exists(key).unwrap_or(false)
            });
            found.must(
                holds,
                Kind::Device,
                || device.to_string(),
                "no log of it has the station and short code it was given",
            );
        },
    )
}
