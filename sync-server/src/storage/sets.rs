//! What a feed holds at this moment, as sums over its buckets, and the records of some buckets. Read from the
//! states themselves at every question: a sum kept beside them could hide that they have changed.

use super::columns::{count, digest, id};
use super::error::StoreError;
use super::feeds::head;
use super::pages::ENTRY_OVERHEAD;
use super::store::Store;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use xunji_domain::ids::BureauId;
use xunji_protocol::feed::{Cursor, FeedEntry};
use xunji_protocol::steps::compare::{
    Bucket, Compared, FeedCompared, FeedSet, RecordSet, bucket_of,
};

/// Compares what a phone holds of some feeds. `seen` are the feeds that it may see.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn compare(
    store: &Store,
    bureau: BureauId,
    epoch: u64,
    seen: Vec<String>,
    cursor: Cursor,
    held: Vec<FeedSet>,
) -> Result<Vec<FeedCompared>, StoreError> {
    store.read(move |db| {
        let mut asked = BTreeSet::new();
        held.iter()
            .map(|of| {
                // Each feed is added up once, however often it is named.
                let at_head = asked.insert(&of.feed)
                    && seen.contains(&of.feed)
                    && stands_at_head(db, bureau, epoch, &cursor, &of.feed)?;
                if at_head {
                    one(db, bureau, of)
                } else {
                    Ok(answer(&of.feed, Compared::NotNow, Vec::new()))
                }
            })
            .collect()
    })
}

fn stands_at_head(
    db: &Connection,
    bureau: BureauId,
    epoch: u64,
    cursor: &Cursor,
    feed: &str,
) -> Result<bool, StoreError> {
    let now = head(db, bureau, feed, epoch)?;
    Ok(cursor
        .head(feed)
        .is_some_and(|at| (at.pos, at.history_hash) == (now.pos, now.history_hash)))
}

fn one(db: &Connection, bureau: BureauId, held: &FeedSet) -> Result<FeedCompared, StoreError> {
    let mut buckets: BTreeMap<u8, RecordSet> = BTreeMap::new();
    let mut statement = db.prepare_cached(
        "SELECT kind, id, epoch, rev, digest FROM state WHERE bureau = ?1 AND feed = ?2 AND gone = 0",
    )?;
    let mut rows = statement.query(params![bureau.as_bytes(), held.feed])?;
    while let Some(row) = rows.next()? {
        let record = id(row, 1)?;
        buckets
            .entry(bucket_of(record))
            .or_insert(RecordSet::EMPTY)
            .add(
                row.get_ref(0)?
                    .as_str()
                    .map_err(|_| StoreError::Corrupt("kind"))?,
                record,
                count(row, 2)?,
                count(row, 3)?,
                digest(row, 4)?,
            );
    }
    let mut all = RecordSet::EMPTY;
    buckets.values().for_each(|set| all.join(set));
    if all == held.set {
        return Ok(answer(&held.feed, Compared::Same, Vec::new()));
    }
    let buckets = buckets
        .into_iter()
        .map(|(bucket, set)| Bucket { bucket, set })
        .collect();
    Ok(answer(&held.feed, Compared::Other, buckets))
}

fn answer(feed: &str, compared: Compared, buckets: Vec<Bucket>) -> FeedCompared {
    FeedCompared {
        feed: feed.to_owned(),
        compared,
        buckets,
    }
}

/// Records of whole buckets.
#[derive(Debug, Default)]
pub struct Fetched {
    /// Entries with their states.
    pub records: Vec<(FeedEntry, Vec<u8>)>,
    /// The buckets that are in it, whole.
    pub buckets: Vec<u8>,
}

/// Reads buckets of a feed up to `max_bytes`, one always; none when the phone does not stand at the head.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn records(
    store: &Store,
    bureau: BureauId,
    epoch: u64,
    feed: String,
    cursor: Cursor,
    buckets: Vec<u8>,
    max_bytes: usize,
) -> Result<Fetched, StoreError> {
    store.read(move |db| {
        let mut fetched = Fetched::default();
        if !stands_at_head(db, bureau, epoch, &cursor, &feed)? {
            return Ok(fetched);
        }
        let wanted: BTreeSet<u8> = buckets.into_iter().collect();
        let mut size = 0;
        for (bucket, records) in in_buckets(db, bureau, &feed, &wanted)? {
            size += records
                .iter()
                .map(|(_, state)| state.len() + ENTRY_OVERHEAD)
                .sum::<usize>();
            if !fetched.buckets.is_empty() && size > max_bytes {
                break;
            }
            fetched.buckets.push(bucket);
            fetched.records.extend(records);
        }
        Ok(fetched)
    })
}

type InBucket = Vec<(FeedEntry, Vec<u8>)>;

/// The records of each bucket; one without records is there as well.
fn in_buckets(
    db: &Connection,
    bureau: BureauId,
    feed: &str,
    wanted: &BTreeSet<u8>,
) -> Result<BTreeMap<u8, InBucket>, StoreError> {
    let mut found: BTreeMap<u8, InBucket> = wanted.iter().map(|b| (*b, Vec::new())).collect();
    let mut statement = db.prepare_cached(
        "SELECT pos, kind, id, rev, epoch, digest, bytes FROM state
         WHERE bureau = ?1 AND feed = ?2 AND gone = 0 ORDER BY pos",
    )?;
    let mut rows = statement.query(params![bureau.as_bytes(), feed])?;
    while let Some(row) = rows.next()? {
        let record = id(row, 2)?;
        let Some(bucket) = found.get_mut(&bucket_of(record)) else {
            continue;
        };
        let entry = FeedEntry {
            feed: feed.to_owned(),
            pos: count(row, 0)?,
            kind: row.get(1)?,
            id: record,
            rev: count(row, 3)?,
            epoch: count(row, 4)?,
            digest: digest(row, 5)?,
            gone: false,
        };
        bucket.push((entry, row.get(6)?));
    }
    Ok(found)
}
