//! Feeds: dense positions in commit order, a head per feed that is written last.

use super::columns::{count, digest, to_column};
use super::error::StoreError;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;
use xunji_domain::ids::BureauId;
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::{FeedHead, MOVED_OUT};
use xunji_protocol::guard::Guard;

/// The order in which heads are written: bureau, stations, logs. A later verdict in a log's feed
/// names positions in the others, so logs come last.
pub(super) fn rank(feed: &str) -> u8 {
    match feed.as_bytes().first() {
        Some(b'b') => 0,
        Some(b's') => 1,
        _ => 2,
    }
}

/// A state on its way into a feed.
pub(super) struct NewState<'a> {
    /// Kind of record.
    pub kind: &'static str,
    /// The record.
    pub id: Uuid,
    /// Its revision from now on.
    pub rev: u64,
    /// The state's bytes.
    pub bytes: &'a [u8],
}

/// The head of a feed; an empty one where nothing was written yet.
pub(super) fn head(
    db: &Connection,
    bureau: BureauId,
    feed: &str,
    epoch: u64,
) -> Result<FeedHead, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT epoch, pos, history_hash FROM feed_head WHERE bureau = ?1 AND feed = ?2",
    )?;
    let head = statement
        .query_row(params![bureau.as_bytes(), feed], |row| {
            Ok(FeedHead {
                feed: feed.to_owned(),
                epoch: count(row, 0)?,
                pos: count(row, 1)?,
                history_hash: digest(row, 2)?,
            })
        })
        .optional()?;
    Ok(head.unwrap_or_else(|| FeedHead::empty(feed, epoch)))
}

/// Appends a state to a feed and returns its position. A record that stood in another feed leaves
/// that one in the same transaction.
pub(super) fn append(
    db: &Connection,
    bureau: BureauId,
    epoch: u64,
    feed: &str,
    state: &NewState<'_>,
) -> Result<u64, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT feed FROM state WHERE bureau = ?1 AND kind = ?2 AND id = ?3 AND gone = 0 AND feed <> ?4",
    )?;
    let before: Option<String> = statement
        .query_row(
            params![bureau.as_bytes(), state.kind, state.id.as_bytes(), feed],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(before) = before {
        place(db, bureau, epoch, &before, state, true)?;
    }
    place(db, bureau, epoch, feed, state, false)
}

fn place(
    db: &Connection,
    bureau: BureauId,
    epoch: u64,
    feed: &str,
    state: &NewState<'_>,
    gone: bool,
) -> Result<u64, StoreError> {
    let (digest, bytes) = if gone {
        (Digest::ZERO, &[][..])
    } else {
        (Digest::of(state.bytes), state.bytes)
    };
    let kind = if gone { MOVED_OUT } else { state.kind };
    let mut next = head(db, bureau, feed, epoch)?.after(kind, state.id, state.rev, digest);
    if !Guard::FeedHead.stands() && next.pos % 97 == 0 {
        next = next.after(kind, state.id, state.rev, digest);
    }
    let (bureau, id) = (bureau.as_bytes(), state.id.as_bytes());
    let (pos, rev, epoch) = (to_column(next.pos), to_column(state.rev), to_column(epoch));
    db.prepare_cached(
        "INSERT INTO feed_entry (bureau, feed, pos, kind, id, rev, epoch, digest, history_hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        bureau,
        feed,
        pos,
        kind,
        id,
        rev,
        epoch,
        digest.0,
        next.history_hash.0
    ])?;
    db.prepare_cached(
        "INSERT INTO state (bureau, feed, kind, id, rev, epoch, pos, gone, digest, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (bureau, feed, kind, id) DO UPDATE SET rev = excluded.rev, epoch = excluded.epoch,
           pos = excluded.pos, gone = excluded.gone, digest = excluded.digest, bytes = excluded.bytes",
    )?
    .execute(params![bureau, feed, state.kind, id, rev, epoch, pos, gone, digest.0, bytes])?;
    db.prepare_cached(
        "INSERT INTO feed_head (bureau, feed, epoch, pos, history_hash) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (bureau, feed) DO UPDATE SET epoch = excluded.epoch, pos = excluded.pos,
           history_hash = excluded.history_hash",
    )?
    .execute(params![bureau, feed, epoch, pos, next.history_hash.0])?;
    Ok(next.pos)
}
