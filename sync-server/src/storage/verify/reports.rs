//! Day reports: the data is the one that was hashed and printed, the columns say what it says, the
//! records are those that stand, the pictures are stored.

use super::{Against, Found, Kind, each, never};
use crate::storage::columns::{digest, id, to_json};
use crate::storage::error::StoreError;
use chrono::{Datelike as _, NaiveDate};
use rusqlite::{Connection, Row, params};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;
use xunji_protocol::digest::Digest;

const NEVER: &[(Kind, &str, &str)] = &[
    (
        Kind::Report,
        "holds a version of a record that the record never had",
        "SELECT r.day || ' v' || r.version FROM report_record k
         LEFT JOIN report r ON r.bureau = k.bureau AND r.report = k.report
         WHERE k.bureau = ?1 AND (r.report IS NULL OR NOT EXISTS
           (SELECT 1 FROM inspection_event e WHERE e.bureau = k.bureau AND e.inspection = k.inspection AND e.change = k.version))",
    ),
    (
        Kind::Report,
        "a version before it is not here",
        "SELECT r.day || ' v' || r.version FROM report r WHERE r.bureau = ?1 AND r.version > 1 AND NOT EXISTS
           (SELECT 1 FROM report x WHERE x.bureau = r.bureau AND x.station = r.station AND x.day = r.day AND x.version = r.version - 1)",
    ),
];

struct Made {
    report: Uuid,
    day: String,
    version: i64,
    serial: i64,
    created_at: i64,
    late: i64,
    data_hash: Digest,
    data: Vec<u8>,
    pictures: String,
    station: Option<String>,
    author: bool,
    records: i64,
    erased: bool,
}

pub(super) fn check(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
) -> Result<(), StoreError> {
    let bureau = against.keys.bureau;
    each(
        db,
        found,
        (
            Kind::Report,
            "SELECT r.report, r.day, r.version, r.serial, r.created_at, r.late, r.data_hash, r.data, r.pictures,
               (SELECT s.name FROM station s WHERE s.bureau = r.bureau AND s.station = r.station),
               EXISTS (SELECT 1 FROM person p WHERE p.bureau = r.bureau AND p.person = r.created_by),
               (SELECT count(*) FROM report_record k WHERE k.bureau = r.bureau AND k.report = r.report),
               EXISTS (SELECT 1 FROM erased e WHERE e.bureau = r.bureau AND e.what = 'file' AND e.digest = r.pdf)
             FROM report r WHERE r.bureau = ?1 ORDER BY r.day, r.version",
        ),
        params![bureau.as_bytes()],
        read,
        |found, made| {
            let place = || format!("{} v{}", made.day, made.version);
            if made.data.is_empty() {
                let what = "is empty, and was not erased";
                found.must(made.erased, Kind::Report, place, what);
                return;
            }
            let what = flaw(&made).or_else(|| match pictures(db, bureau.as_bytes(), &made) {
                Ok(true) => None,
                Ok(false) => Some("names a picture that is not stored"),
                Err(_) => Some("its pictures do not read"),
            });
            if let Some(what) = what {
                found.flaw(Kind::Report, place(), what);
            }
        },
    )?;
    never(db, found, bureau.as_bytes(), NEVER)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Made> {
    Ok(Made {
        report: id(row, 0)?,
        day: row.get(1)?,
        version: row.get(2)?,
        serial: row.get(3)?,
        created_at: row.get(4)?,
        late: row.get(5)?,
        data_hash: digest(row, 6)?,
        data: row.get(7)?,
        pictures: row.get(8)?,
        station: row.get(9)?,
        author: row.get(10)?,
        records: row.get(11)?,
        erased: row.get(12)?,
    })
}

fn flaw(made: &Made) -> Option<&'static str> {
    if Digest::of(&made.data) != made.data_hash {
        return Some("the data does not hash to what is printed on it");
    }
    let Ok(data) = serde_json::from_slice::<Value>(&made.data) else {
        return Some("the data does not read");
    };
    let number = format!("{:03}-{}", made.serial, made.version);
    let printed = made.day.parse::<NaiveDate>().ok();
    let printed = printed.map(|day| format!("{}年{}月{}日", day.year(), day.month(), day.day()));
    let head = |key: &str| data.pointer(&format!("/head/{key}"));
    let text = |key: &str| head(key).and_then(Value::as_str);
    let count = |key: &str| head(key).and_then(Value::as_i64);
    let same = text("station") == made.station.as_deref()
        && text("date_text") == printed.as_deref()
        && text("number").is_some_and(|own| own.ends_with(&number))
        && count("version") == Some(made.version)
        && count("late_count") == Some(made.late)
        && count("received") == Some(made.records);
    if !same || !made.author {
        return Some("the columns say other than the data");
    }
    // The id was made in the moment of the report.
    let made_at = made.report.get_timestamp().map(|at| {
        let (seconds, nanos) = at.to_unix();
        seconds.cast_signed() * 1_000 + i64::from(nanos / 1_000_000)
    });
    (made_at != Some(made.created_at)).then_some("was made at another time than its id says")
}

fn pictures(db: &Connection, bureau: &[u8], made: &Made) -> Result<bool, StoreError> {
    let named: BTreeMap<String, Digest> =
        serde_json::from_str(&made.pictures).map_err(|_| StoreError::Corrupt("pictures"))?;
    let mut known = db.prepare_cached(
        "SELECT 1 FROM file f WHERE f.bureau = ?1 AND f.sha256 = ?3
           AND (f.sha256 = unhex(?2) OR f.original = unhex(?2))
           AND EXISTS (SELECT 1 FROM photo_ref p WHERE p.bureau = f.bureau AND p.sha256 = ?2)
         UNION ALL SELECT 1 FROM erased e WHERE e.bureau = ?1 AND e.what = 'file' AND e.digest = ?3",
    )?;
    for (original, file) in &named {
        if !known.exists(params![bureau, original, file.0])? {
            return Ok(false);
        }
    }
    Ok(to_json(&named)? == made.pictures)
}
