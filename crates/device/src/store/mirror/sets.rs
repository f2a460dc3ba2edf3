//! What the mirror holds of a feed, as sums over its buckets: computed from the bytes that are here, so that
//! one that rotted counts as another one. What is doubted or has left the scope is not the server's word any
//! more and is left out.

use super::Read;
use crate::store::StoreError;
use crate::store::row::{id_at, to_u64};
use std::collections::BTreeMap;
use uuid::Uuid;
use xunji_protocol::digest::Digest;
use xunji_protocol::steps::compare::{RecordSet, bucket_of};

/// A record as the mirror holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Kind.
    pub kind: String,
    /// Id.
    pub id: Uuid,
    /// Epoch and revision.
    pub version: (u64, u64),
    /// Digest of the state's bytes as they are now.
    pub state: Digest,
}

/// Every record of a feed.
///
/// # Errors
/// Those of the file.
pub fn held(read: &Read<'_>, feed: &str) -> Result<Vec<Held>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT kind, id, epoch, rev, state FROM record WHERE feed = ?1 AND doubt = 0 AND gone = 0",
    )?;
    let mut rows = query.query([feed])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(Held {
            kind: row.get(0)?,
            id: id_at(row, 1)?,
            version: (
                to_u64("record.epoch", row.get(2)?)?,
                to_u64("record.rev", row.get(3)?)?,
            ),
            state: Digest::of(
                row.get_ref(4)?
                    .as_blob()
                    .map_err(|_| StoreError::Value("record.state"))?,
            ),
        });
    }
    Ok(all)
}

/// The sums of the buckets that have records.
pub fn buckets(held: &[Held]) -> BTreeMap<u8, RecordSet> {
    let mut buckets = BTreeMap::new();
    for record in held {
        let (epoch, rev) = record.version;
        buckets
            .entry(bucket_of(record.id))
            .or_insert(RecordSet::EMPTY)
            .add(&record.kind, record.id, epoch, rev, record.state);
    }
    buckets
}

/// The sum of all buckets.
pub fn sum(buckets: &BTreeMap<u8, RecordSet>) -> RecordSet {
    let mut all = RecordSet::EMPTY;
    buckets.values().for_each(|set| all.join(set));
    all
}
