//! What follows from a comparison of mirror and server: which buckets are fetched, and what is done with the
//! records that come.

use crate::store::mirror::sets::Held;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use xunji_protocol::digest::Digest;
use xunji_protocol::feed::FeedEntry;
use xunji_protocol::steps::compare::{Bucket, RecordSet, bucket_of};
use xunji_protocol::steps::pull::PageRecord;

/// The buckets that are not the same on both sides.
pub fn differing(own: &BTreeMap<u8, RecordSet>, told: &[Bucket]) -> Vec<u8> {
    let told: BTreeMap<u8, RecordSet> = told.iter().map(|b| (b.bucket, b.set)).collect();
    let all: BTreeSet<u8> = own.keys().chain(told.keys()).copied().collect();
    all.into_iter()
        .filter(|bucket| own.get(bucket) != told.get(bucket))
        .collect()
}

/// One transaction of `mirror.db`.
#[derive(Clone, Debug, Default)]
pub struct Repair {
    /// To be kept whatever is here: missing, changed, or another revision.
    pub replace: Vec<(FeedEntry, Vec<u8>)>,
    /// Here, and the server has no such record: kept in doubt, because it may be the last copy.
    pub doubt: Vec<(String, Uuid)>,
}

/// Epoch and revision, and the digest of the state: two records of one id are the same when these are.
type Shape = ((u64, u64), Digest);

/// Compares what is here of a feed with what came of some of its buckets, which came whole.
pub fn repair(held: &[Held], buckets: &[u8], came: Vec<PageRecord>) -> Repair {
    let asked: BTreeSet<u8> = buckets.iter().copied().collect();
    let here: BTreeMap<(&str, Uuid), Shape> = held
        .iter()
        .filter(|record| asked.contains(&bucket_of(record.id)))
        .map(|record| {
            (
                (record.kind.as_str(), record.id),
                (record.version, record.state),
            )
        })
        .collect();
    let mut repair = Repair::default();
    let mut named = BTreeSet::new();
    for PageRecord { entry, state } in came {
        let Some(state) = state.filter(|_| asked.contains(&bucket_of(entry.id))) else {
            continue;
        };
        let theirs = ((entry.epoch, entry.rev), entry.digest);
        let same = here.get(&(entry.kind.as_str(), entry.id)) == Some(&theirs);
        named.insert((entry.kind.clone(), entry.id));
        if !same {
            repair.replace.push((entry, state));
        }
    }
    repair.doubt = here
        .keys()
        .map(|(kind, id)| ((*kind).to_owned(), *id))
        .filter(|key| !named.contains(key))
        .collect();
    repair
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
