//! compare: whether a phone's mirror holds what the server holds, feed by feed. Asked when a phone stands at
//! the head of a feed; what differs is told apart by buckets and fetched again.

use super::pull::{PageError, PageRecord, records_of};
use crate::digest::Digest;
use crate::frame::read_frame;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `POST`, JSON in and out.
pub const PATH: &str = "/api/v1/sync/compare";
/// `POST`, JSON in, a page of records out: [`RecordsRequest`].
pub const RECORDS_PATH: &str = "/api/v1/sync/records";

/// How many records there are and what they add up to: equal for equal records in any order. The sum is that
/// of one SHA-256 for each record, modulo 2^256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSet {
    /// Records.
    pub count: u64,
    /// Sum.
    pub sum: Digest,
}

impl RecordSet {
    /// No record.
    pub const EMPTY: Self = Self {
        count: 0,
        sum: Digest::ZERO,
    };

    /// Adds a record: `state` is the digest of its state's bytes.
    pub fn add(&mut self, kind: &str, id: Uuid, epoch: u64, rev: u64, state: Digest) {
        let one = Digest::of_parts(&[
            b"xunji/set/1",
            &(kind.len() as u64).to_be_bytes(),
            kind.as_bytes(),
            id.as_bytes(),
            &epoch.to_be_bytes(),
            &rev.to_be_bytes(),
            &state.0,
        ]);
        self.join(&Self { count: 1, sum: one });
    }

    /// Adds the records of another set.
    pub fn join(&mut self, other: &Self) {
        self.count += other.count;
        let mut carry = false;
        for (sum, more) in self.sum.0.iter_mut().zip(other.sum.0).rev() {
            let (added, over) = sum.overflowing_add(more);
            let (added, over_again) = added.overflowing_add(u8::from(carry));
            (*sum, carry) = (added, over || over_again);
        }
    }
}

/// The bucket of a record: the last byte of its id. The first bytes of time-ordered ids are all alike.
pub fn bucket_of(id: Uuid) -> u8 {
    id.as_bytes()[15]
}

/// One of the 256 parts of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// [`bucket_of`] its records.
    pub bucket: u8,
    /// Its records.
    pub set: RecordSet,
}

/// A feed as the phone holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedSet {
    /// The feed.
    pub feed: String,
    /// Its records in the mirror.
    pub set: RecordSet,
}

/// Request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareRequest {
    /// [`crate::feed::Cursor`] as text: where the mirror stands.
    pub cursor: String,
    /// What it holds of each feed.
    pub feeds: Vec<FeedSet>,
}

/// How a feed compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// The same records.
    Same,
    /// Other records.
    Other,
    /// The phone does not stand at the feed's head, or does not see the feed: nothing can be said.
    NotNow,
}

/// Answer for one feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedCompared {
    /// The feed.
    pub feed: String,
    /// How it compares.
    pub compared: Compared,
    /// The server's buckets with records in them, when it holds other records than the phone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buckets: Vec<Bucket>,
}

/// Answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareAnswer {
    /// One for each feed asked for.
    pub feeds: Vec<FeedCompared>,
}

/// Asks for every record of some buckets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordsRequest {
    /// Where the mirror stands.
    pub cursor: String,
    /// The feed.
    pub feed: String,
    /// The buckets.
    pub buckets: Vec<u8>,
    /// Bytes the phone wants at most; one bucket comes always.
    pub max_bytes: usize,
}

/// End of the answer: which buckets are in it, whole. None when the feed went on meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordsEnd {
    /// Buckets.
    pub buckets: Vec<u8>,
}

/// Reads the answer: every state against its digest.
///
/// # Errors
/// [`PageError`] when anything is cut, out of place or does not match.
pub fn read_records(bytes: &[u8]) -> Result<(Vec<PageRecord>, RecordsEnd), PageError> {
    let frame = read_frame::<RecordsEnd>(bytes)?;
    let records = records_of(frame.lines.into_iter())?;
    Ok((records, frame.trailer.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(number: u128) -> (Uuid, Digest) {
        let id = Uuid::from_u128(number);
        (id, Digest::of(id.as_bytes()))
    }

    proptest! {
        #[test]
        fn the_order_of_records_does_not_matter(numbers in prop::collection::vec(any::<u128>(), 0..40), at in any::<prop::sample::Index>()) {
            let sum = |numbers: &[u128]| numbers.iter().fold(RecordSet::EMPTY, |mut set, number| {
                let (id, state) = record(*number);
                set.add("operator", id, 1, 7, state);
                set
            });
            let mut turned = numbers.clone();
            turned.reverse();
            prop_assert_eq!(sum(&numbers), sum(&turned));
            let cut = at.index(numbers.len() + 1);
            let mut joined = sum(&numbers[..cut]);
            joined.join(&sum(&numbers[cut..]));
            prop_assert_eq!(joined, sum(&numbers));
        }
    }

    #[test]
    fn each_part_of_a_record_counts() {
        let (id, state) = record(9);
        let of = |kind: &str, id, epoch, rev, state| {
            let mut set = RecordSet::EMPTY;
            set.add(kind, id, epoch, rev, state);
            set
        };
        let known = of("operator", id, 1, 2, state);
        for other in [
            of("market", id, 1, 2, state),
            of("operator", record(8).0, 1, 2, state),
            of("operator", id, 2, 2, state),
            of("operator", id, 1, 3, state),
            of("operator", id, 1, 2, Digest::ZERO),
        ] {
            assert_ne!(known, other);
        }
    }

    #[test]
    fn the_sum_carries_through_all_bytes_and_begins_anew_behind_the_last() {
        let mut set = RecordSet {
            count: 1,
            sum: Digest([0xFF; 32]),
        };
        let mut one = [0; 32];
        one[31] = 1;
        set.join(&RecordSet {
            count: 1,
            sum: Digest(one),
        });
        assert_eq!((set.count, set.sum), (2, Digest::ZERO));
    }
}
