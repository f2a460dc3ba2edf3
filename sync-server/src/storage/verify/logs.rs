//! Logs: the key, the line without gaps, the head as its last change.

use super::changes::{self, Walked};
use super::{Against, Found, Kind, each, heads, never};
use crate::storage::columns::{count, digest, flag, id, optional_id, to_json};
use crate::storage::error::StoreError;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;
use xunji_domain::ids::LogId;
use xunji_protocol::keys::PublicKey;
use xunji_protocol::log::LogHead;

/// One log as its row says it.
pub(super) struct Line {
    pub(super) log: LogId,
    pub(super) of_device: bool,
    pub(super) key: Option<PublicKey>,
    device: Option<Uuid>,
    station: Option<Uuid>,
    key_text: String,
    pub(super) head: LogHead,
    branched: bool,
}

pub(super) fn check(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
) -> Result<(), StoreError> {
    let bureau = against.keys.bureau;
    let mut lines = Vec::new();
    each(
        db,
        found,
        (
            Kind::Log,
            "SELECT log, owner, device, station, public_key, head_seq, head_hash, branched FROM log
             WHERE bureau = ?1 ORDER BY log",
        ),
        params![bureau.as_bytes()],
        read,
        |_, line| lines.push(line),
    )?;
    found.must(
        lines.iter().any(|line| is_own(line, against)),
        Kind::Log,
        || against.keys.log.to_string(),
        "the bureau's own log is not here under its key",
    );
    for line in &lines {
        one(db, against, found, line)?;
    }
    never(db, found, bureau.as_bytes(), NEVER)
}

const NEVER: &[(Kind, &str, &str)] = &[
    (
        Kind::Change,
        "belongs to no log",
        "SELECT hex(c.hash) FROM change c LEFT JOIN log l ON l.bureau = c.bureau AND l.log = c.log
         WHERE c.bureau = ?1 AND l.log IS NULL",
    ),
    (
        Kind::Head,
        "belongs to no log",
        "SELECT hex(h.hash) FROM head_signature h LEFT JOIN log l ON l.bureau = h.bureau AND l.log = h.log
         WHERE h.bureau = ?1 AND l.log IS NULL",
    ),
    (
        Kind::Receipt,
        "belongs to no phone's log",
        "SELECT hex(r.log) || ' up to ' || r.up_to_seq FROM receipt r
         LEFT JOIN log l ON l.bureau = r.bureau AND l.log = r.log AND l.owner = 'device'
         WHERE r.bureau = ?1 AND l.log IS NULL",
    ),
    (
        Kind::Change,
        "came as a file, and no file of that digest is registered",
        "SELECT hex(c.hash) FROM change c WHERE c.bureau = ?1 AND c.as_file = 1 AND c.body IS NOT NULL AND NOT EXISTS
           (SELECT 1 FROM file f WHERE f.bureau = c.bureau AND f.sha256 = c.body_digest AND f.kind = 'body')",
    ),
    (
        Kind::Change,
        "is said to have come with its segment, and its body came as a file",
        "SELECT hex(c.hash) FROM change c WHERE c.bureau = ?1 AND c.as_file = 0 AND EXISTS
           (SELECT 1 FROM file f WHERE f.bureau = c.bureau AND f.sha256 = c.body_digest AND f.kind = 'body')",
    ),
];

fn read(row: &Row<'_>) -> rusqlite::Result<Line> {
    let log = LogId(id(row, 0)?);
    let key_text: String = row.get(4)?;
    Ok(Line {
        log,
        of_device: row.get::<_, String>(1)? == "device",
        device: optional_id(row, 2)?,
        station: optional_id(row, 3)?,
        key: serde_json::from_str(&key_text).ok(),
        key_text,
        head: LogHead {
            log,
            seq: count(row, 5)?,
            hash: digest(row, 6)?,
        },
        branched: flag(row, 7)?,
    })
}

fn is_own(line: &Line, against: &Against<'_>) -> bool {
    line.log == against.keys.log
        && !line.of_device
        && line.key == Some(against.keys.bureau_log_key())
}

fn one(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
    line: &Line,
) -> Result<(), StoreError> {
    let place = || line.log.to_string();
    let key_reads = line
        .key
        .as_ref()
        .is_some_and(|key| key.is_usable() && to_json(key).is_ok_and(|text| text == line.key_text));
    found.must(key_reads, Kind::Log, place, "its key does not read");
    let owned = line.device.is_some() == line.of_device && line.station.is_some() == line.of_device;
    found.must(
        owned,
        Kind::Log,
        place,
        "owner, phone and station do not fit together",
    );
    let walked = changes::walk(db, against, found, line)?;
    found.must(
        line.head == walked.head,
        Kind::Log,
        place,
        &format!(
            "its row says seq {} is the last, its line ends at {}",
            line.head.seq, walked.head.seq
        ),
    );
    found.must(
        line.branched != walked.branches.is_empty(),
        Kind::Log,
        place,
        "its row is wrong about branches",
    );
    heads::check(db, against, found, (line, &walked))
}

impl Line {
    /// Log and seq, for people.
    pub(super) fn place(&self, seq: u64) -> String {
        format!("log {} seq {seq}", self.log)
    }
}

/// What a line's signatures have to carry.
pub(super) type Signed<'a> = (&'a Line, &'a Walked);
