//! Pages of states for `pull`: position order, superseded states left out, everything of one moment.

use super::columns::{count, digest, id, to_column};
use super::error::StoreError;
use super::feeds::head;
use super::store::Store;
use rusqlite::{Connection, OptionalExtension as _, params};
use xunji_domain::ids::BureauId;
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::{Cursor, FeedEntry, FeedHead, MOVED_OUT};
use xunji_protocol::guard::Guard;

/// Bytes of an entry line beside its state, about.
pub(super) const ENTRY_OVERHEAD: usize = 240;

/// One page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Entries with their states; a record that moved out has none.
    pub entries: Vec<(FeedEntry, Option<Vec<u8>>)>,
    /// Cursor after the page.
    pub cursor: Cursor,
    /// More pages follow at once.
    pub more: bool,
    /// Bytes, about.
    size: usize,
}

/// How a read of a page ended.
#[derive(Clone, Debug)]
pub enum Paged {
    /// The page.
    Page(Page),
    /// The cursor names another history of this feed than ours.
    OtherHistory(String),
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// The device's feeds, in order.
    pub feeds: Vec<String>,
    /// Where it stands.
    pub cursor: Cursor,
    /// Bytes at most; one record comes always.
    pub max_bytes: usize,
}

/// Reads one page.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn page(
    store: &Store,
    bureau: BureauId,
    epoch: u64,
    request: PageRequest,
) -> Result<Paged, StoreError> {
    store.read(move |db| read(db, bureau, epoch, &request))
}

/// Every entry of a feed's history with the hash after it, for checks.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn history(
    store: &Store,
    bureau: BureauId,
    feed: String,
) -> Result<Vec<(FeedEntry, Digest)>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT pos, kind, id, rev, epoch, digest, history_hash FROM feed_entry
             WHERE bureau = ?1 AND feed = ?2 ORDER BY pos",
        )?;
        let rows = statement.query_map(params![bureau.as_bytes(), feed], |row| {
            let kind: String = row.get(1)?;
            let entry = FeedEntry {
                feed: feed.clone(),
                pos: count(row, 0)?,
                gone: kind == MOVED_OUT,
                kind,
                id: id(row, 2)?,
                rev: count(row, 3)?,
                epoch: count(row, 4)?,
                digest: digest(row, 5)?,
            };
            Ok((entry, digest(row, 6)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// The present heads of some feeds.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn heads(
    store: &Store,
    bureau: BureauId,
    epoch: u64,
    feeds: Vec<String>,
) -> Result<Vec<FeedHead>, StoreError> {
    store.read(move |db| {
        feeds
            .iter()
            .map(|feed| head(db, bureau, feed, epoch))
            .collect()
    })
}

fn read(
    db: &Connection,
    bureau: BureauId,
    epoch: u64,
    request: &PageRequest,
) -> Result<Paged, StoreError> {
    let asked = &request.cursor;
    for known in asked
        .feeds
        .iter()
        .chain(&asked.until)
        .filter(|h| request.feeds.contains(&h.feed))
    {
        if !is_ours(db, bureau, known)? {
            return Ok(Paged::OtherHistory(known.feed.clone()));
        }
    }
    let mut page = Page::default();
    for feed in &request.feeds {
        let from = asked
            .head(feed)
            .cloned()
            .unwrap_or_else(|| FeedHead::empty(feed, epoch));
        let until = match asked.until.iter().find(|h| h.feed == *feed) {
            Some(until) => until.clone(),
            None if asked.until.is_empty() => head(db, bureau, feed, epoch)?,
            // A feed that came while this pull was running waits for the next one.
            None => from.clone(),
        };
        let reached = if page.more {
            from
        } else {
            fill(&mut page, db, bureau, from, &until, request.max_bytes)?
        };
        page.cursor.feeds.push(reached);
        page.cursor.until.push(until);
    }
    if !page.more {
        page.cursor.until.clear();
    }
    if !page.more && !Guard::Beyond.stands() {
        let heads = request.feeds.iter();
        let heads = heads.map(|feed| head(db, bureau, feed, epoch));
        page.cursor.feeds = heads.collect::<Result<_, _>>()?;
    }
    Ok(Paged::Page(page))
}

/// Whether a head lies in our history of its feed.
fn is_ours(db: &Connection, bureau: BureauId, shown: &FeedHead) -> Result<bool, StoreError> {
    // Before the first entry all histories are the same.
    if shown.pos == 0 {
        return Ok(shown.history_hash == Digest::ZERO);
    }
    let ours = entry_hash(db, bureau, &shown.feed, shown.pos)?;
    Ok(ours == Some((shown.epoch, shown.history_hash)))
}

fn entry_hash(
    db: &Connection,
    bureau: BureauId,
    feed: &str,
    pos: u64,
) -> Result<Option<(u64, Digest)>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT epoch, history_hash FROM feed_entry WHERE bureau = ?1 AND feed = ?2 AND pos = ?3",
    )?;
    let key = params![bureau.as_bytes(), feed, to_column(pos)];
    Ok(statement
        .query_row(key, |row| Ok((count(row, 0)?, digest(row, 1)?)))
        .optional()?)
}

/// Adds states of one feed to the page; returns how far it came.
fn fill(
    page: &mut Page,
    db: &Connection,
    bureau: BureauId,
    from: FeedHead,
    until: &FeedHead,
    max_bytes: usize,
) -> Result<FeedHead, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT pos, kind, id, rev, epoch, digest, gone, bytes FROM state
         WHERE bureau = ?1 AND feed = ?2 AND pos > ?3 AND pos <= ?4 ORDER BY pos",
    )?;
    let range = params![
        bureau.as_bytes(),
        from.feed,
        to_column(from.pos),
        to_column(until.pos)
    ];
    let mut rows = statement.query(range)?;
    let mut reached = from.pos;
    while let Some(row) = rows.next()? {
        let gone: bool = row.get(6)?;
        let bytes: Vec<u8> = row.get(7)?;
        let size = bytes.len() + ENTRY_OVERHEAD;
        if !page.entries.is_empty() && page.size + size > max_bytes {
            page.more = true;
            break;
        }
        let entry = FeedEntry {
            feed: from.feed.clone(),
            pos: count(row, 0)?,
            kind: row.get(1)?,
            id: id(row, 2)?,
            rev: count(row, 3)?,
            epoch: count(row, 4)?,
            digest: digest(row, 5)?,
            gone,
        };
        reached = entry.pos;
        page.size += size;
        page.entries.push((entry, (!gone).then_some(bytes)));
    }
    if !page.more {
        return Ok(until.clone());
    }
    if reached == from.pos {
        return Ok(from);
    }
    let hash = entry_hash(db, bureau, &from.feed, reached)?.ok_or(StoreError::Corrupt("feed"))?;
    Ok(FeedHead {
        feed: from.feed,
        epoch: hash.0,
        pos: reached,
        history_hash: hash.1,
    })
}
