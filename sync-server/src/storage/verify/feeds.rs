//! Feeds: dense positions, the history hashed anew, the head as it ends, and the last state of every
//! record with the bytes whose digest was hashed.

use super::{Against, Found, Kind, each, never};
use crate::storage::columns::{count, digest, id};
use crate::storage::error::StoreError;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::collections::HashMap;
use uuid::Uuid;
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::{FeedHead, MOVED_OUT};

const NEVER: &[(Kind, &str, &str)] = &[
    (
        Kind::State,
        "stands where its feed has no such entry",
        "SELECT s.feed || ' ' || s.pos FROM state s
         LEFT JOIN feed_entry e ON e.bureau = s.bureau AND e.feed = s.feed AND e.pos = s.pos AND e.id = s.id
         WHERE s.bureau = ?1 AND e.pos IS NULL",
    ),
    (
        Kind::Feed,
        "its head is not here",
        "SELECT DISTINCT e.feed FROM feed_entry e LEFT JOIN feed_head h ON h.bureau = e.bureau AND h.feed = e.feed
         WHERE e.bureau = ?1 AND h.feed IS NULL",
    ),
];

struct Entry {
    pos: u64,
    kind: String,
    id: Uuid,
    rev: u64,
    epoch: u64,
    digest: Digest,
    history: Digest,
    state: Option<State>,
}

struct State {
    kind: String,
    rev: u64,
    epoch: u64,
    gone: bool,
    digest: Digest,
    bytes: Vec<u8>,
}

pub(super) fn check(
    db: &Connection,
    against: &Against<'_>,
    found: &mut Found,
) -> Result<(), StoreError> {
    let bureau = against.keys.bureau;
    let mut heads = Vec::new();
    each(
        db,
        found,
        (
            Kind::Feed,
            "SELECT feed, epoch, pos, history_hash FROM feed_head WHERE bureau = ?1 ORDER BY feed",
        ),
        params![bureau.as_bytes()],
        |row| {
            Ok(FeedHead {
                feed: row.get(0)?,
                epoch: count(row, 1)?,
                pos: count(row, 2)?,
                history_hash: digest(row, 3)?,
            })
        },
        |_, head| heads.push(head),
    )?;
    for head in &heads {
        one(db, bureau.as_bytes(), found, head)?;
    }
    never(db, found, bureau.as_bytes(), NEVER)
}

fn one(
    db: &Connection,
    bureau: &[u8],
    found: &mut Found,
    head: &FeedHead,
) -> Result<(), StoreError> {
    let mut walked = FeedHead::empty(&head.feed, 0);
    let mut last = Last::default();
    each(
        db,
        found,
        (
            Kind::Feed,
            "SELECT e.pos, e.kind, e.id, e.rev, e.epoch, e.digest, e.history_hash,
                    s.kind, s.rev, s.epoch, s.gone, s.digest, s.bytes
             FROM feed_entry e LEFT JOIN state s ON s.bureau = e.bureau AND s.feed = e.feed AND s.pos = e.pos AND s.id = e.id
             WHERE e.bureau = ?1 AND e.feed = ?2 ORDER BY e.pos",
        ),
        params![bureau, head.feed],
        read,
        |found, entry| {
            step(found, &mut walked, &entry);
            if let Some(state) = &entry.state {
                told(found, &head.feed, &entry, state);
            }
            last.passes(&entry);
        },
    )?;
    found.must(
        walked == *head,
        Kind::Feed,
        || head.feed.clone(),
        &format!(
            "its head names position {}, its entries end at {} or with another history",
            head.pos, walked.pos
        ),
    );
    if let Some(pos) = last.lost() {
        let place = format!("{} {pos}", head.feed);
        found.flaw(Kind::State, place, "the state that stands is not here");
    }
    kept_epoch(db, bureau, found, head)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let kind: Option<String> = row.get(7)?;
    let state = kind.map(|kind| {
        Ok::<_, rusqlite::Error>(State {
            kind,
            rev: count(row, 8)?,
            epoch: count(row, 9)?,
            gone: row.get(10)?,
            digest: digest(row, 11)?,
            bytes: row.get(12)?,
        })
    });
    Ok(Entry {
        pos: count(row, 0)?,
        kind: row.get(1)?,
        id: id(row, 2)?,
        rev: count(row, 3)?,
        epoch: count(row, 4)?,
        digest: digest(row, 5)?,
        history: digest(row, 6)?,
        state: state.transpose()?,
    })
}

fn step(found: &mut Found, walked: &mut FeedHead, entry: &Entry) {
    let mut next = walked.after(&entry.kind, entry.id, entry.rev, entry.digest);
    let place = || format!("{} {}", next.feed, entry.pos);
    if entry.pos != next.pos {
        let what = format!("position {} should stand here", next.pos);
        found.flaw(Kind::Feed, place(), what);
    } else if entry.history != next.history_hash {
        found.flaw(Kind::Feed, place(), "the history does not hash to this");
    }
    // No hash covers epochs: they never fall, and a head's is that of its last entry.
    if entry.epoch < walked.epoch || entry.epoch == 0 {
        found.flaw(
            Kind::Feed,
            place(),
            "its epoch is not that of its neighbours",
        );
    }
    next.epoch = entry.epoch;
    next.pos = entry.pos;
    next.history_hash = entry.history;
    *walked = next;
}

fn told(found: &mut Found, feed: &str, entry: &Entry, state: &State) {
    let bytes_hash = match state.gone {
        true => state.bytes.is_empty() && state.digest == Digest::ZERO,
        false => Digest::of(&state.bytes) == state.digest,
    };
    let same = state.gone == (entry.kind == MOVED_OUT)
        && (state.gone || state.kind == entry.kind)
        && state.rev == entry.rev
        && state.epoch == entry.epoch
        && state.digest == entry.digest;
    found.must(
        bytes_hash && same,
        Kind::State,
        || format!("{feed} {}", entry.pos),
        "the bytes are not those whose digest was hashed, or the columns say other than the entry",
    );
}

/// Entries without a state, until a later entry of the same record takes their place.
#[derive(Default)]
struct Last(HashMap<Uuid, Vec<(String, u64)>>);

impl Last {
    fn passes(&mut self, entry: &Entry) {
        let waiting = self.0.entry(entry.id).or_default();
        waiting.retain(|(kind, _)| {
            *kind != entry.kind && kind != MOVED_OUT && entry.kind != MOVED_OUT
        });
        if entry.state.is_none() {
            waiting.push((entry.kind.clone(), entry.pos));
        } else if waiting.is_empty() {
            self.0.remove(&entry.id);
        }
    }

    fn lost(&self) -> Option<u64> {
        self.0.values().flatten().map(|(_, pos)| *pos).min()
    }
}

/// No feed is of a later epoch than the store.
fn kept_epoch(
    db: &Connection,
    bureau: &[u8],
    found: &mut Found,
    head: &FeedHead,
) -> Result<(), StoreError> {
    let epoch: Option<String> = db
        .prepare_cached("SELECT value FROM store_meta WHERE bureau = ?1 AND key = ?2")?
        .query_row(params![bureau, crate::storage::meta::EPOCH], |row| {
            row.get(0)
        })
        .optional()?;
    let epoch = epoch.map_or(Some(1), |text| text.parse::<u64>().ok());
    found.must(
        epoch.is_some_and(|epoch| head.epoch <= epoch),
        Kind::Feed,
        || head.feed.clone(),
        "is of a later epoch than the store",
    );
    Ok(())
}
