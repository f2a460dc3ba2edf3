//! The changes of one log, in order: bytes against digests, columns against bytes, links against hashes.

use super::logs::Line;
use super::{Against, Found, Kind, each};
use crate::storage::columns::{count, digest, flag};
use crate::storage::error::StoreError;
use rusqlite::{Connection, Row, params};
use std::collections::HashMap;
use xunji_protocol::digest::Digest;
use xunji_protocol::envelope::{Envelope, change_hash};
use xunji_protocol::guard::Guard;
use xunji_protocol::log::LogHead;

/// A change and the receipt that covers it were made by one clock within this many milliseconds.
pub(super) const SAME_MOMENT_MS: i64 = 30_000;

/// Where a change stands.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub(super) seq: u64,
    pub(super) hash: Digest,
    pub(super) main: bool,
    pub(super) stored_at: i64,
}

/// A line that was walked.
pub(super) struct Walked {
    /// Where it ends.
    pub(super) head: LogHead,
    /// The main line, in order.
    pub(super) main: Vec<Link>,
    /// Changes beside it, each with the hash before it.
    pub(super) branches: Vec<(Link, Digest)>,
    /// Every change of the log.
    pub(super) by_hash: HashMap<Digest, Link>,
    /// What the phone has declared lost: the line goes on behind it.
    holes: HashMap<u64, Digest>,
}

impl Walked {
    /// Goes over what was declared lost, as far as to stand before `seq`.
    fn pass_holes(&mut self, seq: u64) {
        while self.head.seq + 1 < seq
            && let Some(hash) = self.holes.get(&(self.head.seq + 1))
        {
            self.head.seq += 1;
            self.head.hash = *hash;
        }
    }
}

struct Raw {
    link: Link,
    kind: String,
    envelope: Vec<u8>,
    body_digest: Digest,
    body: Option<Vec<u8>>,
    as_file: bool,
    erased: bool,
}

pub(super) fn walk(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
    line: &Line,
) -> Result<Walked, StoreError> {
    let mut walked = Walked {
        head: LogHead::empty(line.log),
        main: Vec::new(),
        branches: Vec::new(),
        by_hash: HashMap::new(),
        holes: holes(db, against, line)?,
    };
    each(
        db,
        found,
        (
            Kind::Change,
            "SELECT hash, seq, main, kind, envelope, body_digest, body, as_file, stored_at, EXISTS
               (SELECT 1 FROM erased e WHERE e.bureau = c.bureau AND e.what = 'change' AND e.digest = c.hash)
             FROM change c WHERE bureau = ?1 AND log = ?2 ORDER BY main DESC, seq",
        ),
        params![against.keys.bureau.as_bytes(), line.log.as_bytes()],
        read,
        |found, raw| step(found, line, &mut walked, &raw),
    )?;
    walked.pass_holes(line.head.seq + 1);
    for (link, prev) in &walked.branches {
        let follows = match link.seq {
            1 => *prev == Digest::ZERO,
            seq => walked
                .by_hash
                .get(prev)
                .is_some_and(|before| before.seq + 1 == seq),
        };
        found.must(
            follows,
            Kind::Log,
            || line.place(link.seq),
            "a branch that begins nowhere",
        );
    }
    Ok(walked)
}

/// Places of this log that its phone has declared lost, with the hash each change had.
fn holes(
    db: &Connection,
    against: &Against<'_>,
    line: &Line,
) -> Result<HashMap<u64, Digest>, StoreError> {
    let mut query =
        db.prepare_cached("SELECT seq, hash FROM log_hole WHERE bureau = ?1 AND log = ?2")?;
    let rows = query.query_map(
        params![against.keys.bureau.as_bytes(), line.log.as_bytes()],
        |row| Ok((count(row, 0)?, digest(row, 1)?)),
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        link: Link {
            hash: digest(row, 0)?,
            seq: count(row, 1)?,
            main: flag(row, 2)?,
            stored_at: row.get(8)?,
        },
        kind: row.get(3)?,
        envelope: row.get(4)?,
        body_digest: digest(row, 5)?,
        body: row.get(6)?,
        as_file: flag(row, 7)?,
        erased: flag(row, 9)?,
    })
}

fn step(found: &mut Found, line: &Line, walked: &mut Walked, raw: &Raw) {
    let link = raw.link;
    walked.by_hash.insert(link.hash, link);
    let place = || line.place(link.seq);
    if change_hash(&raw.envelope) != link.hash {
        found.flaw(
            Kind::Change,
            place(),
            "the envelope does not hash to its key",
        );
    }
    let Ok(envelope) = serde_json::from_slice::<Envelope>(&raw.envelope) else {
        found.flaw(Kind::Change, place(), "the envelope does not read");
        return;
    };
    bytes(found, line, raw, &envelope);
    if !link.main {
        walked.branches.push((link, envelope.prev));
        return;
    }
    walked.pass_holes(link.seq);
    let head = walked.head;
    let follows = link.seq == head.seq + 1 && envelope.prev == head.hash;
    if Guard::Links.stands() && !follows {
        let what = format!("does not follow seq {}", head.seq);
        found.flaw(Kind::Log, place(), what);
    }
    walked.main.push(link);
    walked.head = LogHead {
        log: line.log,
        seq: link.seq,
        hash: link.hash,
    };
}

/// Body and columns against the envelope.
fn bytes(found: &mut Found, line: &Line, raw: &Raw, envelope: &Envelope) {
    let place = || line.place(raw.link.seq);
    let same = envelope.log == line.log
        && envelope.seq == raw.link.seq
        && envelope.kind == raw.kind
        && envelope.body == raw.body_digest;
    found.must(
        same,
        Kind::Change,
        place,
        "the columns say other than the envelope",
    );
    match &raw.body {
        Some(body) => found.must(
            Digest::of(body) == envelope.body,
            Kind::Change,
            place,
            "the body does not hash to the digest in the envelope",
        ),
        None => found.must(
            raw.as_file || raw.erased,
            Kind::Change,
            place,
            "the body is gone",
        ),
    }
    let early = raw
        .link
        .stored_at
        .abs_diff(envelope.captured_at.wall.0)
        .cast_signed();
    found.must(
        line.of_device || early <= SAME_MOMENT_MS,
        Kind::Change,
        place,
        "was written by the bureau at another time than it was stored",
    );
}
